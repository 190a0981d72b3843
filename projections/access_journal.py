"""Access journal: every reading and every denial, folded from the access log by a runner of its own.

Who read is sealed there and stays sealed; the journal says in which act it can be opened.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from domain.access import AccessRule, FieldDisclosed, ReadDenied, RecordRead
from domain.event import Event
from projections.array_text import array_text
from projections.asking import ask
from projections.page_rows import AppendedRows, Table
from projections.view import Connection, Cursor, Recorded

READING: Final = Table(
    name="reading",
    columns={
        "position": "bigint",
        "act": "bigint",
        "at": "text",
        "service": "uuid",
        "allowed": "boolean",
        "what": "text",
        "rule": "text",
        "records": "uuid[]",
    },
)
_READINGS_OF: Final = """
SELECT {columns} FROM projection.reading
WHERE records @> ARRAY[%(record)s]::uuid[] AND position < %(before)s ORDER BY position DESC LIMIT %(limit)s
"""
_READINGS: Final = """
SELECT {columns} FROM projection.reading
WHERE position < %(before)s AND (%(allowed)s::boolean IS NULL OR allowed = %(allowed)s)
ORDER BY position DESC LIMIT %(limit)s
"""


class ReadingRow(msgspec.Struct, frozen=True, kw_only=True):
    """A reading or a denial. position, act: in the access log. service: the actor that signed for the reader."""

    position: int
    act: int
    at: str
    service: UUID
    allowed: bool
    what: str
    rule: AccessRule
    records: tuple[UUID, ...]


class AccessJournal:
    """The view."""

    name = "access_journal"
    tables = ("reading",)
    reads: frozenset[type[Event]] = frozenset({RecordRead, ReadDenied, FieldDisclosed})

    def fold(self, cursor: Cursor, page: Sequence[Recorded]) -> None:
        """Write what the page changes."""
        rows = AppendedRows(READING)
        for recorded in page:
            match one := recorded.event:
                case RecordRead() | ReadDenied():
                    allowed, what, rule = isinstance(one, RecordRead), one.what, one.rule
                case FieldDisclosed():
                    allowed, what, rule = True, f"disclosure {one.field}", AccessRule.BY_DECISION
                case _:
                    continue
            act = recorded.act
            rows.add(recorded.position, act.index, act.at, act.actor, allowed, what, rule, array_text(one.records))
        rows.write(cursor)


def readings_of(connection: Connection, record: UUID, limit: int = 50, before: int = 2**62) -> list[ReadingRow]:
    """Who asked for a record, newest first; `before`: the last position of the page before."""
    return ask(connection, ReadingRow, _READINGS_OF, record=record, limit=limit, before=before)


def readings(
    connection: Connection, allowed: bool | None = None, limit: int = 50, before: int = 2**62
) -> list[ReadingRow]:
    """All readings, or only those allowed or denied, newest first."""
    return ask(connection, ReadingRow, _READINGS, allowed=allowed, limit=limit, before=before)
