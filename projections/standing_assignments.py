"""What is assigned already, as the views have it: the same facts that an enactment reads from the log."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any, Final
from uuid import UUID

import msgspec
from psycopg.rows import tuple_row

from domain.assignment import AssignmentLine
from domain.basis import Confidence
from domain.child_standing import ChildStanding
from domain.covering import OwnDecision, SingleStanding
from domain.lot import EVERY_LOT, Carrier
from domain.reorganization import FondsAssigned
from projections.lot_number import lot_of
from projections.view import Connection

# The opening of a fonds names no reorganization; it stands with the fonds.
_TABLES: Final = """
SELECT a.fonds, a.position, a.effective, r.plan_hash, a.lots, a.receiver, a.rule, a.basis, a.confidence
FROM projection.assignment AS a LEFT JOIN projection.reorganization AS r ON r.id = a.reorganization
WHERE a.reorganization IS NOT NULL ORDER BY a.fonds, a.position, a.lots
"""
_CHILDREN: Final = "SELECT id, fonds FROM projection.child_lot"
_CHILD_TABLES: Final = """
SELECT a.child, a.position, a.effective, r.plan_hash, a.lots, a.receiver, a.rule, a.basis, a.confidence
FROM projection.child_lot_assignment AS a LEFT JOIN projection.reorganization AS r ON r.id = a.reorganization
ORDER BY a.child, a.position, a.lots
"""
_SINGLE: Final = """
SELECT s.file, s.carrier, f.fonds, f.lot + (s.carrier = 'digital')::int, s.effective, s.receiver,
       s.receiver IS NOT NULL OR s.awaits
FROM projection.single_assignment AS s JOIN projection.file AS f ON f.id = s.file
ORDER BY s.file, s.carrier, s.position
"""


class StandingTable(msgspec.Struct, frozen=True, kw_only=True):
    """An assignment of a fonds, and the hash of the plan by which, or to which as a correction, it was recorded."""

    table: FondsAssigned
    plan_hash: str


def standing_tables(connection: Connection) -> dict[UUID, list[StandingTable]]:
    """Every assignment of each fonds but its opening, in the order recorded."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        return _tables(cursor.execute(_TABLES).fetchall())


def _tables(rows: Sequence[tuple[Any, ...]]) -> dict[UUID, list[StandingTable]]:
    """The lines of tables, put together, by what they are of."""
    found: dict[UUID, list[StandingTable]] = {}
    for (fonds, _), rows_of_one in groupby(rows, key=lambda row: (row[0], row[1])):
        told = list(rows_of_one)
        lines = tuple(_line(*row[4:]) for row in told)
        table = FondsAssigned(fonds=fonds, effective=told[0][2], closes=False, table=lines)
        found.setdefault(fonds, []).append(StandingTable(table=table, plan_hash=told[0][3] or ""))
    return found


class ChildTables(msgspec.Struct, frozen=True, kw_only=True):
    """A child lot of a fonds with every table of its own, in the order recorded."""

    child: UUID
    fonds: UUID
    tables: list[StandingTable]

    def standing(self, but: Collection[str]) -> ChildStanding:
        """How it stands but for what the plans with these hashes brought."""
        tables = tuple(one.table for one in self.tables if one.plan_hash not in but)
        return ChildStanding(child=self.child, fonds=self.fonds, tables=tables)


def child_tables(connection: Connection) -> list[ChildTables]:
    """Every child lot."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        fonds_of: dict[UUID, UUID] = dict(cursor.execute(_CHILDREN).fetchall())
        rows = cursor.execute(_CHILD_TABLES).fetchall()
    return [ChildTables(child=key, fonds=fonds_of[key], tables=tables) for key, tables in _tables(rows).items()]


def single_standing(connection: Connection) -> list[SingleStanding]:
    """Every carrier of a file about which there are decisions of its own, in the order recorded."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        rows = cursor.execute(_SINGLE).fetchall()
    found = []
    for (file, carrier, fonds, lot), said in groupby(rows, key=lambda row: row[:4]):
        decisions = tuple(OwnDecision(effective=row[4], receiver=row[5], apart=row[6]) for row in said)
        found.append(
            SingleStanding(file=file, carrier=Carrier(carrier), fonds=fonds, lot=lot_of(lot).text, decisions=decisions)
        )
    return found


@lru_cache(maxsize=4096)
def _texts(bits: int) -> tuple[str, ...]:
    return tuple(lot for number, lot in enumerate(EVERY_LOT) if bits >> number & 1)


def _line(lots: int, receiver: UUID | None, rule: str, basis: str, confidence: str) -> AssignmentLine:
    known = Confidence(confidence) if confidence else Confidence.INFERENCE
    return AssignmentLine(lots=_texts(lots), receiver=receiver, rule=rule, basis=basis, confidence=known)
