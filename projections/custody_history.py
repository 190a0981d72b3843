"""Custody history: who must have each lot and who has each file-carrier, as facts that are only ever added.

A fact has the civil day it is effective from and the act that recorded it; the newest by both, among those known,
is the answer. The same answers as `domain.custody.CustodyReplay`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final
from uuid import UUID

from domain.continuation import FileContinued
from domain.event import Event
from domain.file import FileDigitized, FileRegistered
from domain.fonds import FondsOpened
from domain.lot import Carrier
from domain.reorganization import FondsAssigned
from projections.child_lot_rows import CHILD_EVENTS, CHILD_TABLES, LINE, ChildLotRows
from projections.container_rows import CONTAINER_EVENTS, CONTAINER_TABLES, ContainerRows
from projections.handover_rows import HANDOVER_EVENTS, HANDOVER_TABLES, HandoverRows
from projections.lot_number import ALL_LOTS, lot_bits
from projections.page_rows import AppendedRows, Table
from projections.single_assignment import SINGLE_EVENTS, SINGLE_TABLE, SingleRows
from projections.view import Cursor, Recorded

ASSIGNMENT: Final = Table(
    name="assignment",
    columns={"fonds": "uuid", **LINE},
)
HELD: Final = Table(
    name="held",
    columns={
        "file": "uuid",
        "carrier": "text",
        "effective": "text",
        "recorded": "bigint",
        "position": "bigint",
        "holder": "uuid",
        "basis": "text",
        "handover": "uuid",
    },
)
CONTINUATION: Final = Table(
    name="continuation",
    columns={
        "part": "uuid",
        "whole": "uuid",
        "joins": "uuid",
        "continued_on": "text",
        "basis": "text",
        "recorded": "bigint",
        "position": "bigint",
    },
)
AssignmentRow = tuple[UUID, str, int, int, int, UUID | None, str, str, str, UUID | None]
"""In the order of ASSIGNMENT's columns."""


class CustodyHistory:
    """The view."""

    name = "custody_history"
    tables = ("assignment", "held", "continuation", SINGLE_TABLE, *CHILD_TABLES, *HANDOVER_TABLES, *CONTAINER_TABLES)
    reads: frozenset[type[Event]] = HANDOVER_EVENTS | CONTAINER_EVENTS | SINGLE_EVENTS | CHILD_EVENTS | {
        FondsOpened, FondsAssigned, FileRegistered, FileDigitized, FileContinued,
    }  # fmt: skip

    def fold(self, cursor: Cursor, page: Sequence[Recorded]) -> None:
        """Write what the page changes."""
        folding = _Page()
        for recorded in page:
            folding.take(recorded)
        folding.write(cursor)


class _Page:
    """The facts of one page."""

    def __init__(self) -> None:
        self._assignments = AppendedRows(ASSIGNMENT)
        self._continued = AppendedRows(CONTINUATION)
        self._held = AppendedRows(HELD)
        self._handovers = HandoverRows(self._held)
        self._containers = ContainerRows()
        self._single = SingleRows()
        self._children = ChildLotRows()

    def take(self, recorded: Recorded) -> None:
        act, position, stream = recorded.act_index, recorded.position, recorded.stream
        match recorded.event:
            case FondsOpened() | FondsAssigned():
                for row in assignment_rows(act, position, stream, recorded.event):
                    self._assignments.add(*row)
            case FileRegistered() as file:
                self._held.add(stream, Carrier.PAPER, file.held_from, act, position, file.held_by, "", None)
            case FileDigitized() as scan:
                self._held.add(stream, Carrier.DIGITAL, scan.held_from, act, position, scan.held_by, "", None)
            case FileContinued() as on:
                self._continued.add(on.part, on.whole, on.joins, on.on, on.basis, act, position)
            case event if type(event) in CONTAINER_EVENTS:
                self._containers.take(recorded)
            case _:
                self._single.take(recorded)
                self._children.take(recorded)
                self._handovers.take(recorded)

    def write(self, cursor: Cursor) -> None:
        self._assignments.write(cursor)
        self._held.write(cursor)
        self._continued.write(cursor)
        self._handovers.write(cursor)
        self._containers.write(cursor)
        self._single.write(cursor)
        self._children.write(cursor)


def assignment_rows(
    act: int, position: int, stream: UUID, event: FondsOpened | FondsAssigned
) -> Iterator[AssignmentRow]:
    """The rows of one assignment, which cover every lot of the fonds; what the table leaves out awaits."""
    if isinstance(event, FondsOpened):
        yield (stream, event.opened_from, act, position, ALL_LOTS, event.creators[0], "", "", "", None)
        return
    left = ALL_LOTS
    for line in reversed(event.table):  # where two lines name a lot, the later one counts
        lots = lot_bits(line.lots) & left
        left &= ~lots
        if lots:
            yield (
                event.fonds, event.effective, act, position, lots, line.receiver,
                line.rule, line.basis, line.confidence, stream,
            )  # fmt: skip
    if left:
        yield (event.fonds, event.effective, act, position, left, None, "", "", "", stream)
