"""Retention calendar: when the period of each file ends. Years run from the file's closing, never from a guess."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from domain.event import Event
from domain.file import FileRegistered, closing_year, why_undated
from domain.lot import RetentionClass
from projections.asking import ask, ask_one
from projections.page_rows import AppendedRows, Table
from projections.view import Connection, Cursor, Recorded

RETENTION: Final = Table(
    name="retention",
    columns={
        "file": "uuid",
        "fonds": "uuid",
        "class": "text",
        "as_written": "text",
        "years": "int",
        "closed_year": "int",
        "due_year": "int",
        "undated": "text",
        "rule": "text",
        "schedule": "text",
        "superseded": "boolean",
    },
)
_RETENTION: Final = """
SELECT file, fonds, class AS retention, as_written, years, superseded, rule, schedule, undated, closed_year, due_year
FROM projection.retention WHERE file = %(file)s
"""
_DUE: Final = """
SELECT file, fonds, class AS retention, as_written, years, superseded, rule, schedule, undated, closed_year, due_year
FROM projection.retention
WHERE due_year <= %(year)s AND (due_year, file) > (%(after_year)s, %(after_file)s)
ORDER BY due_year, file LIMIT %(limit)s
"""


class RetentionRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file's retention. due_year: the year at whose end the period is over; absent where `undated` says why.

    undated: `permanent`, `not-appraised`, `unfinished`, `no-fixed-period` or `closing-unknown`.
    """

    file: UUID
    fonds: UUID
    retention: RetentionClass
    as_written: str
    years: int
    superseded: bool
    rule: str = ""
    schedule: str = ""
    undated: str = ""
    closed_year: int | None = None
    due_year: int | None = None


class RetentionCalendar:
    """The view."""

    name = "retention_calendar"
    tables = ("retention",)
    reads: frozenset[type[Event]] = frozenset({FileRegistered})

    def fold(self, cursor: Cursor, page: Sequence[Recorded]) -> None:
        """Write what the page changes."""
        rows = AppendedRows(RETENTION)
        for recorded in page:
            if isinstance(file := recorded.event, FileRegistered):
                kept = file.Maintenance
                closed = closing_year(file)
                undated = why_undated(file, closed)
                due = closed + kept.years if closed is not None and not undated else None
                rows.add(
                    recorded.stream, file.fonds, kept.retention, kept.as_written, kept.years, closed, due, undated,
                    kept.rule, kept.schedule, kept.superseded,
                )  # fmt: skip
        rows.write(cursor)


def retention_of(connection: Connection, file: UUID) -> RetentionRow | None:
    """A file's retention, or None for an unknown file."""
    return ask_one(connection, RetentionRow, _RETENTION, file=file)


def due_until(
    connection: Connection, year: int, limit: int = 50, after: tuple[int, UUID] = (0, UUID(int=0))
) -> list[RetentionRow]:
    """Files whose period is over by a year's end, by year; `after`: the last (due_year, file) of the page before."""
    return ask(connection, RetentionRow, _DUE, year=year, limit=limit, after_year=after[0], after_file=after[1])
