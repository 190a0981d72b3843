"""Reading a log in pages: rows become `Recorded`, decoded where some view reads their kind.

An event of a noun that no view knows passes undecoded. One of a known noun that cannot be decoded, such as a newer
shape, raises: the view that cannot read history must not guess.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec

from domain.errors import Refusal
from domain.event import Event
from domain.events import event_type
from projections.view import Cursor, Recorded, RecordedAct, View

Decode = Callable[[str, bytes], Event]
"""(permanent name, payload) -> event of today's shape: `ledger.mapper.EventMapper.decode`."""

PAGE: Final = 500

_EVENTS: Final = """
SELECT position, act_index, originator_id, originator_version, topic, state FROM {log}.event
WHERE position >= %s ORDER BY position LIMIT %s
"""
_ACTS: Final = "SELECT index, note, first_position, events FROM {log}.act WHERE index BETWEEN %s AND %s"

Row = tuple[int, int, UUID, int, str, bytes]
"""position, act index, stream, version, topic, payload."""


class _Basis(msgspec.Struct):
    code: str
    ref: str


class _ActLine(msgspec.Struct, rename={"for_": "for"}):
    act: str
    actor: UUID
    at: str
    for_: str = ""
    basis: _Basis | None = None


_decode_line: Final = msgspec.json.Decoder(_ActLine).decode


class RecordedLog:
    """One log as the views see it. log: its schema, `main_log` or `access_log`."""

    def __init__(self, log: str, views: Sequence[View], decode: Decode) -> None:
        assert log in {"main_log", "access_log"}
        self._events = _EVENTS.replace("{log}", log).encode()
        self._acts = _ACTS.replace("{log}", log).encode()
        self._decode = decode
        self._nouns = {_noun(event_type(kind)) for view in views for kind in view.reads}
        self._known_types: dict[str, bool] = {}

    def page(self, cursor: Cursor, start: int, limit: int) -> list[Recorded]:
        """At most `limit` events from position `start` on, in order. Raises Refusal `projection-cannot-read`."""
        rows: list[Any] = cursor.execute(self._events, (start, limit), binary=True).fetchall()
        return self.recorded(cursor, rows)

    def recorded(self, cursor: Cursor, rows: Sequence[Row]) -> list[Recorded]:
        """Rows of the log's event table with their acts."""
        if not rows:
            return []
        acts = {act.index: act for act in self._acts_between(cursor, rows[0][1], rows[-1][1])}
        return [
            Recorded(position, acts[act], stream, version, self._event(position, topic, state))
            for position, act, stream, version, topic, state in rows
        ]

    def _acts_between(self, cursor: Cursor, first: int, last: int) -> Iterator[RecordedAct]:
        found: Iterable[Any] = cursor.execute(self._acts, (first, last), binary=True).fetchall()
        for index, note, first_position, events in found:
            line = _decode_line(note.split(b"\n", 2)[1])
            yield RecordedAct(
                index=index,
                name=line.act,
                actor=line.actor,
                at=line.at,
                first_position=first_position,
                events=events,
                on_behalf_of=line.for_,
                basis_code=line.basis.code if line.basis else "",
                basis_ref=line.basis.ref if line.basis else "",
            )

    def _event(self, position: int, topic: str, state: bytes) -> Event | None:
        known = self._known_types.get(topic)
        if known is None:
            known = self._known_types[topic] = _noun(topic) in self._nouns
        if not known:
            return None
        try:
            return self._decode(topic, state)
        except Refusal as refusal:
            raise Refusal("projection-cannot-read", type=topic, position=position) from refusal


def _noun(topic: str) -> str:
    """The permanent name without the number of its shape."""
    return topic.rsplit("/", 1)[0]
