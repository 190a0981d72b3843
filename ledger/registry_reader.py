"""The key registry as this process knows it: folded from the log's own registry acts, each verified and judged."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from threading import Lock
from typing import Any, Final

import msgspec
from eventsourcing.postgres import PostgresDatastore
from psycopg import sql
from psycopg.rows import tuple_row

from domain.errors import Refusal
from domain.keys import RegistryEvent, registry_stream
from ledger.log_name import LogName
from signing.act import OpenedAct, UnsignedAct, act_root, event_entry, open_act, verify_act_signatures
from signing.genesis import found
from signing.registry import Registry
from signing.registry_event import registry_events
from signing.verification_error import VerificationError

_REGISTRY_ACTS = sql.SQL(
    "SELECT act.index, act.note, event.originator_version, event.topic, event.state "
    "FROM {event} AS event JOIN {act} AS act ON act.index = event.act_index "
    "WHERE event.originator_id = %s AND act.index > %s ORDER BY event.position"
)

_ACTS_HELD = sql.SQL("SELECT acts FROM {head}")


_Claim = tuple[str, bool, tuple[bytes, ...], tuple[str, ...]]
"""Name of an act, whether it is its signers' own, its kids and its signers."""
_MOST_JUDGED: Final = 4096


class KnownRegistry(msgspec.Struct, frozen=True):
    """registry: None before the log is founded. index: the last registry act read, valid or not; -1 = none.

    acts: how many acts the log held when it was read.
    """

    registry: Registry | None
    index: int
    acts: int = 0
    _judged: dict[_Claim, list[str]] = msgspec.field(default_factory=dict)

    def next_index(self, seen: int) -> int:
        """The least index that an act which has seen `seen` acts can get: what it is judged at before its append."""
        return max(self.index + 1, seen, self.acts)

    def problems_of(self, act: OpenedAct | UnsignedAct) -> list[str]:
        """Why an act that changes no key or role may not be appended; empty where it may. Only once founded.

        While the registry stands still the answer is the same wherever after its last act the new one will lie, so it
        is remembered by what it depends on.
        """
        assert self.registry is not None
        header = act.header
        claim = (header.act, header.for_ is None, act.kids, act.signers)
        found = self._judged.get(claim)
        if found is None:
            if len(self._judged) >= _MOST_JUDGED:
                self._judged.clear()
            opened = act.opened if isinstance(act, UnsignedAct) else act
            found = self._judged[claim] = self.registry.judge(opened, self.next_index(header.seen.size))
        return found


class RegistryReader:
    """Reads a log's registry acts once each and keeps the fold. Thread-safe."""

    def __init__(self, datastore: PostgresDatastore, log: LogName, origin: str) -> None:
        self._datastore = datastore
        self._origin = origin
        self._stream = registry_stream(origin)
        self._query = _REGISTRY_ACTS.format(
            event=sql.Identifier(log.value, "event"), act=sql.Identifier(log.value, "act")
        ).as_bytes()
        self._acts_held = _ACTS_HELD.format(head=sql.Identifier(log.value, "head")).as_bytes()
        self._lock = Lock()
        self._known = KnownRegistry(None, -1)

    def current(self) -> KnownRegistry:
        """What is known; read for the first time when nothing is."""
        return self._known if self._known.registry is not None else self.refresh()

    def refresh(self) -> KnownRegistry:
        """Read what was appended to the registry since. Raises Refusal `genesis-invalid`.

        An act that does not verify, or that its signers had no right to, is passed over: it changes no key or role,
        and verification names it.
        """
        with self._lock:
            known = KnownRegistry(self._known.registry, self._known.index, self._size())
            for index, note, entries in self._acts(known.index):
                known = KnownRegistry(self._folded(known.registry, index, note, entries), index, known.acts)
            self._known = known
            return known

    def _size(self) -> int:
        with self._datastore.get_connection() as connection, connection.cursor(row_factory=tuple_row) as cursor:
            row: tuple[Any, ...] | None = cursor.execute(self._acts_held, binary=True).fetchone()
        return 0 if row is None else int(row[0])

    def _acts(self, after: int) -> Iterator[tuple[int, bytes, list[bytes]]]:
        with self._datastore.get_connection() as connection, connection.cursor(row_factory=tuple_row) as cursor:
            rows: list[tuple[Any, ...]] = cursor.execute(self._query, (self._stream, after), binary=True).fetchall()
        for index, group in groupby(rows, key=itemgetter(0)):
            events = list(group)
            yield index, events[0][1], [event_entry(self._stream, row[2], row[3], row[4]) for row in events]

    def _folded(self, registry: Registry | None, index: int, note: bytes, entries: list[bytes]) -> Registry | None:
        try:
            act = open_act(note, self._origin)
            events = _committed(act, entries)
            if registry is None:
                return found(act, events)
            verify_act_signatures(act, registry.keys_with(events))
            return registry.advance(act, index, events)[0]
        except VerificationError as error:
            if registry is None:
                raise Refusal("genesis-invalid", reason=error.detail) from error
            return registry


def _committed(act: OpenedAct, entries: list[bytes]) -> list[RegistryEvent]:
    if act_root(entries) != act.header.root:
        raise VerificationError("act", "the events are not those of the act")
    return registry_events(entries, act.origin)
