"""Custody history: who must have each lot and who has each file-carrier, as facts that are only ever added.

A fact has the civil day it is effective from and the act that recorded it; the newest by both, among those known,
is the answer. The same answers as `domain.custody.CustodyReplay`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from domain.event import Event
from domain.file import FileDigitized, FileRegistered
from domain.fonds import FondsOpened
from domain.handover import CustodyHandedOver, HandoverProposed, InventoryListed
from domain.lot import Carrier
from domain.reorganization import FondsAssigned
from projections.array_text import array_text
from projections.lot_number import ALL_LOTS, lot_bits
from projections.page_rows import AppendedRows, KeyedRows, Table
from projections.view import Cursor, Recorded

ASSIGNMENT: Final = Table(
    name="assignment",
    columns={
        "fonds": "uuid",
        "effective": "text",
        "recorded": "bigint",
        "position": "bigint",
        "lots": "int",
        "receiver": "uuid",
        "rule": "text",
        "basis": "text",
        "confidence": "text",
        "reorganization": "uuid",
    },
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
HANDOVER: Final = Table(
    name="handover",
    columns={
        "id": "uuid",
        "giver": "uuid",
        "receiver": "uuid",
        "carrier": "text",
        "basis": "text",
        "proposed": "bigint",
        "completed": "bigint",
        "handed_on": "text",
        "root": "text",
        "files": "int",
        "boxes": "int",
        "sheets": "int",
    },
)
INVENTORY_LINE: Final = Table(
    name="inventory_line",
    columns={
        "handover": "uuid",
        "position": "bigint",
        "line": "int",
        "file": "uuid",
        "code": "text",
        "sheets": "int",
        "box": "text",
        "sealed_set": "boolean",
    },
)
# What was listed before the hand-over is what is handed over.
_HAND_OVER: Final = """
INSERT INTO held (file, carrier, effective, recorded, position, holder, basis, handover)
SELECT l.file, h.carrier, h.effective, h.recorded, h.position, h.holder, h.basis, h.handover
FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::uuid[], %s::text[])
     AS h (handover, carrier, effective, recorded, position, holder, basis)
JOIN inventory_line AS l ON l.handover = h.handover AND l.position < h.position
"""

AssignmentRow = tuple[UUID, str, int, int, int, UUID | None, str, str, str, UUID | None]
"""In the order of ASSIGNMENT's columns."""


class CustodyHistory:
    """The view."""

    name = "custody_history"
    tables = ("assignment", "held", "handover", "inventory_line")
    reads: frozenset[type[Event]] = frozenset(
        {
            FondsOpened,
            FondsAssigned,
            FileRegistered,
            FileDigitized,
            HandoverProposed,
            InventoryListed,
            CustodyHandedOver,
        }
    )

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
        self._held = AppendedRows(HELD)
        self._lines = AppendedRows(INVENTORY_LINE)
        self._handovers = KeyedRows(HANDOVER)
        self._done: list[tuple[Any, ...]] = []

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
            case HandoverProposed() as offer:
                self._handovers.begin(stream, **_proposed(offer, act))
            case InventoryListed() as listed:
                _list_lines(self._lines, recorded, listed)
            case CustodyHandedOver() as done:
                self._handovers.change(stream, **_completed(done, act))
                self._done.append((stream, done.carrier, done.on, act, position, done.receiver, done.basis))
            case _:
                pass

    def write(self, cursor: Cursor) -> None:
        for rows in (self._assignments, self._held, self._lines, self._handovers):
            rows.write(cursor)
        if self._done:
            cursor.execute(_HAND_OVER, [array_text(column) for column in zip(*self._done, strict=True)])


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


def _list_lines(lines: AppendedRows, recorded: Recorded, listed: InventoryListed) -> None:
    for number, line in enumerate(listed.lines):
        lines.add(
            recorded.stream, recorded.position, number, line.file, line.FileCode.text, line.sheets, line.box,
            line.sealed_set,
        )  # fmt: skip


def _proposed(offer: HandoverProposed, act: int) -> dict[str, Any]:
    return {
        "giver": offer.giver,
        "receiver": offer.receiver,
        "carrier": offer.carrier,
        "basis": offer.basis,
        "proposed": act,
        "completed": None,
        "handed_on": "",
        "root": "",
        "files": 0,
        "boxes": 0,
        "sheets": 0,
    }


def _completed(done: CustodyHandedOver, act: int) -> dict[str, Any]:
    return {
        "completed": act,
        "handed_on": done.on,
        "root": done.root,
        "files": done.files,
        "boxes": done.boxes,
        "sheets": done.sheets,
    }
