"""Audit trail: the ledger act by act. Which streams an act touched, the log's own index tells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from domain.event import Event
from projections.asking import ask, ask_one
from projections.page_rows import AppendedRows, Table
from projections.view import Connection, Cursor, Recorded, RecordedAct

ACT: Final = Table(
    name="act",
    columns={
        "index": "bigint",
        "name": "text",
        "actor": "uuid",
        "on_behalf_of": "text",
        "at": "text",
        "basis_code": "text",
        "basis_ref": "text",
        "first_position": "bigint",
        "events": "bigint",
    },
)
_ACT: Final = "SELECT {columns} FROM projection.act WHERE index = %(index)s"
_ACTS: Final = """
SELECT {columns} FROM projection.act
WHERE index < %(before)s AND (%(name)s = '' OR name = %(name)s) AND (%(actor)s::uuid IS NULL OR actor = %(actor)s)
ORDER BY index DESC LIMIT %(limit)s
"""
_ACTS_OF_STREAM: Final = """
SELECT {act.columns} FROM (SELECT DISTINCT act_index FROM main_log.event WHERE originator_id = %(stream)s) AS touching
JOIN projection.act ON act.index = touching.act_index ORDER BY act.index
"""
_STREAMS: Final = """
SELECT e.originator_id AS stream, e.originator_version AS version, e.topic AS type, e.position
FROM projection.act AS a
JOIN main_log.event AS e ON e.position >= a.first_position AND e.position < a.first_position + a.events
WHERE a.index = %(index)s ORDER BY e.position LIMIT %(limit)s
"""


class ActRow(RecordedAct, frozen=True, kw_only=True, omit_defaults=True):
    """An act as it is answered: what it does not state is left away."""


class ActEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event of an act: the stream it was written to, its version there, and its permanent name."""

    stream: UUID
    version: int
    type: str
    position: int


class AuditTrail:
    """The view: one row an act, written with its first event."""

    name = "audit_trail"
    tables = ("act",)
    reads: frozenset[type[Event]] = frozenset()

    def fold(self, cursor: Cursor, page: Sequence[Recorded]) -> None:
        """Write what the page changes."""
        rows = AppendedRows(ACT)
        for recorded in page:
            act = recorded.act
            if recorded.position == act.first_position:
                rows.add(
                    act.index, act.name, act.actor, act.on_behalf_of, act.at, act.basis_code, act.basis_ref,
                    act.first_position, act.events,
                )  # fmt: skip
        rows.write(cursor)


def act(connection: Connection, index: int) -> ActRow | None:
    """The act at an index of the main log, or None."""
    return ask_one(connection, ActRow, _ACT, index=index)


def acts(
    connection: Connection, *, before: int = 2**62, name: str = "", actor: UUID | None = None, limit: int = 50
) -> list[ActRow]:
    """Acts below an index, newest first, of one name or actor where asked."""
    return ask(connection, ActRow, _ACTS, before=before, name=name, actor=actor, limit=limit)


def acts_of_stream(connection: Connection, stream: UUID) -> list[ActRow]:
    """Every act that wrote to a stream, in order."""
    return ask(connection, ActRow, _ACTS_OF_STREAM, stream=stream)


def events_of_act(connection: Connection, index: int, limit: int = 1000) -> list[ActEvent]:
    """What an act wrote and where, in order."""
    return ask(connection, ActEvent, _STREAMS, index=index, limit=limit)
