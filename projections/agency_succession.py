"""Agencies that change by themselves: what became of each and of its fonds, and which took over its function."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID

import msgspec

from domain.listed_changes import AgencyChangesListed
from domain.plan import ChangeKind, FondsOutcome
from projections.asking import ask
from projections.page_rows import AppendedRows, Table
from projections.view import Connection, Cursor, Recorded

_TABLE: Final = Table(
    name="agency_succession",
    columns={
        "reorganization": "uuid",
        "agency": "uuid",
        "change": "text",
        "successor": "uuid",
        "fonds": "text",
        "basis": "text",
    },
)
_EDGES: Final = """
SELECT s.reorganization, s.agency, s.change, s.successor, s.fonds, s.basis, r.effective, r.enacted AS act
FROM projection.agency_succession AS s
JOIN projection.reorganization AS r ON r.id = s.reorganization AND r.enacted IS NOT NULL
WHERE %(agency)s IN (s.agency, s.successor) ORDER BY r.effective, s.agency, s.successor
"""
_BEFORE: Final = """
WITH RECURSIVE before (id) AS (
    SELECT unnest(%(agencies)s::uuid[])
    UNION
    SELECT s.agency FROM before
    JOIN projection.agency_succession AS s ON s.successor = before.id
    JOIN projection.reorganization AS r ON r.id = s.reorganization AND r.enacted IS NOT NULL
)
SELECT id FROM before
"""


class AgencyEdge(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of an agency by itself. fonds: what became of its fonds, on which basis. act: the enactment's."""

    reorganization: UUID
    agency: UUID
    change: ChangeKind
    fonds: FondsOutcome
    basis: str
    effective: str
    act: int
    successor: UUID | None = None


def agency_edges(connection: Connection, agency: UUID) -> list[AgencyEdge]:
    """What became of an agency by a change of its own, and whose function came to it by theirs; enacted ones."""
    return ask(connection, AgencyEdge, _EDGES, agency=agency)


class _Before(msgspec.Struct, frozen=True):
    id: UUID


def with_forerunners(connection: Connection, agencies: Iterable[UUID]) -> set[UUID]:
    """Agencies, and all whose function came to them by changes of their own, also through others; enacted ones."""
    return {row.id for row in ask(connection, _Before, _BEFORE, agencies=list(agencies))}


class AgencySuccessionRows:
    """Those of one page. They are known from the draft on and hold once their reorganization is enacted."""

    def __init__(self) -> None:
        self._rows = AppendedRows(_TABLE)

    def take(self, recorded: Recorded) -> None:
        """One event; others pass by."""
        if isinstance(recorded.event, AgencyChangesListed):
            for one in recorded.event.changes:
                for to in one.successors or (None,):
                    self._rows.add(recorded.stream, one.agency, one.change, to, one.fonds, one.basis)

    def write(self, cursor: Cursor) -> None:
        """Copy what was gathered."""
        self._rows.write(cursor)
