"""Child lots: their rows, and the SQL of which file is in one and who must have it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from domain.child_lot import LotAssigned, LotCarved, LotFilesListed, LotFilesReturned
from domain.child_standing import as_table
from domain.event import Event
from projections.lot_number import lot_bits
from projections.page_rows import AppendedRows, Table
from projections.view import Cursor, Recorded

CHILD_EVENTS: Final[frozenset[type[Event]]] = frozenset({LotCarved, LotFilesListed, LotFilesReturned, LotAssigned})
_LOT: Final = Table(
    name="child_lot",
    columns={
        "id": "uuid",
        "fonds": "uuid",
        "name": "text",
        "effective": "text",
        "recorded": "bigint",
        "position": "bigint",
        "files": "int",
        "basis": "text",
    },
)
LINE: Final = {
    "effective": "text",
    "recorded": "bigint",
    "position": "bigint",
    "lots": "int",
    "receiver": "uuid",
    "rule": "text",
    "basis": "text",
    "confidence": "text",
    "reorganization": "uuid",
}
"""Columns of a line of a table of lots, whose ever they are: a fonds' or a child lot's."""
_FILE: Final = Table(
    name="child_lot_file",
    columns={
        "file": "uuid",
        "carrier": "text",
        "effective": "text",
        "recorded": "bigint",
        "position": "bigint",
        "child": "uuid",
        "inside": "boolean",
    },
)
_ASSIGNMENT: Final = Table(
    name="child_lot_assignment",
    columns={"child": "uuid", **LINE},
)
CHILD_TABLES: Final = (_LOT.name, _FILE.name, _ASSIGNMENT.name)
ChildRow = tuple[UUID, str, int, int, int, UUID | None, str, str, str, UUID | None]
"""A line of a child lot's table, in the order of the columns of child_lot_assignment."""

IN_CHILD_LOTS: Final = """
SELECT DISTINCT ON (file, carrier) file, carrier, child FROM (
    SELECT DISTINCT ON (file, carrier, child) file, carrier, child, inside, effective, recorded
    FROM projection.child_lot_file WHERE effective <= {day}{known}
    ORDER BY file, carrier, child, effective DESC, recorded DESC
) AS listed WHERE inside ORDER BY file, carrier, effective DESC, recorded DESC
"""
"""The child lot that each file-carrier is in on {day}; those in none are absent."""

OF_CHILD_LOTS: Final = """
SELECT child, lots, receiver, recorded, effective, rule, basis, confidence FROM (
    SELECT fact.*, rank() OVER (PARTITION BY child ORDER BY effective DESC, recorded DESC, position) AS place
    FROM ({facts}) AS fact WHERE effective <= {day}{known}
) AS ranked WHERE place = 1
"""
"""The table that counts of each child lot on {day}, line by line."""

RECORDED: Final = """
SELECT child, effective, recorded, position, lots, receiver, rule, basis, confidence
FROM projection.child_lot_assignment
"""
SUPPOSED: Final = f"""{RECORDED}
UNION ALL
SELECT *, '', '', '' FROM unnest(%(child_lot)s::uuid[], %(child_effective)s::text[], %(child_recorded)s::bigint[],
    %(child_position)s::bigint[], %(child_lots)s::int[], %(child_receiver)s::uuid[])
"""  # noqa: S608  constants
"""What is recorded, and beside it the facts of `supposed_children`."""

OF_ONE_FILE: Final = """
SELECT a.receiver, a.recorded, a.basis, a.rule, a.confidence FROM (
    SELECT child FROM (
        SELECT DISTINCT ON (child) child, inside, effective, recorded FROM projection.child_lot_file AS in_lot
        WHERE in_lot.file = {file} AND in_lot.carrier = {carrier} AND in_lot.effective <= {day}{known_in}
        ORDER BY child, effective DESC, recorded DESC
    ) AS listed WHERE inside ORDER BY effective DESC, recorded DESC LIMIT 1
) AS its CROSS JOIN LATERAL (
    SELECT * FROM projection.child_lot_assignment AS of_lot
    WHERE of_lot.child = its.child AND (of_lot.lots >> ({lot})) & 1 = 1 AND of_lot.effective <= {day}{known_of}
    ORDER BY of_lot.effective DESC, of_lot.recorded DESC, of_lot.position LIMIT 1
) AS a
"""
"""Who must have one file's carrier because it is in a child lot; no row where it is in none."""


class ChildLotRows:
    """Those of one page."""

    def __init__(self) -> None:
        self._lots, self._files, self._assigned = AppendedRows(_LOT), AppendedRows(_FILE), AppendedRows(_ASSIGNMENT)

    def take(self, recorded: Recorded) -> None:
        """One event about a child lot; others pass by."""
        act, position, stream = recorded.act_index, recorded.position, recorded.stream
        match recorded.event:
            case LotCarved() as made:
                self._lots.add(
                    stream, made.fonds, made.name, made.effective, act, position, made.files, made.decision.number
                )
            case LotFilesListed() | LotFilesReturned() as told:
                inside = isinstance(told, LotFilesListed)
                for line in told.lines:
                    for carrier in told.carriers:
                        self._files.add(line.file, carrier, told.effective, act, position, stream, inside)
            case _:
                pass
        for row in child_rows(act, position, stream, recorded.event):
            self._assigned.add(*row)

    def write(self, cursor: Cursor) -> None:
        """Copy what was gathered."""
        for rows in (self._lots, self._files, self._assigned):
            rows.write(cursor)


def child_rows(act: int, position: int, stream: UUID, event: Event | None) -> Iterator[ChildRow]:
    """The lines of a child lot's table that an event is; none of an event of another kind."""
    if isinstance(event, LotCarved | LotAssigned):
        child = stream if isinstance(event, LotCarved) else event.lot
        by = None if child == stream else stream
        table = as_table(child, event)
        for line in table.table:
            yield (
                child, event.effective, act, position, lot_bits(line.lots), line.receiver, line.rule, line.basis,
                line.confidence, by,
            )  # fmt: skip


def supposed_children(rows: Sequence[ChildRow] = ()) -> dict[str, list[Any]]:
    """The parameters of SUPPOSED: tables that are not recorded, as if they were."""
    names = ("lot", "effective", "recorded", "position", "lots", "receiver")
    return {f"child_{name}": [row[at] for row in rows] for at, name in enumerate(names)}
