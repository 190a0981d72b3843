"""Rows of hand-overs: what was offered, line by line; what was taken; what was disputed, and how that ended."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from domain.event import Event
from domain.handover import (
    CustodyHandedOver,
    DisputesSettled,
    HandoverProposed,
    HandoverWithdrawn,
    InventoryListed,
    LinesDisputed,
    Outcome,
)
from domain.identifiers import public_id
from projections.array_text import array_text
from projections.page_rows import AppendedRows, KeyedRows, Table
from projections.view import Cursor, Recorded

HANDOVER_TABLES: Final = ("handover", "inventory_line", "disputed_line")
HANDOVER_EVENTS: Final[frozenset[type[Event]]] = frozenset(
    {HandoverProposed, InventoryListed, HandoverWithdrawn, LinesDisputed, CustodyHandedOver, DisputesSettled}
)
_HANDOVER: Final = Table(
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
        "offered_on": "text",
        "in_force": "text",
        "deputized": "boolean",
        "witnesses": "int",
        "withdrawn": "bigint",
        "withdrawn_on": "text",
        "sealed_sets": "int",
        "disputed": "int",
        "shelf_cm": "int",
        "flags": "text",
    },
)
_INVENTORY_LINE: Final = Table(
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
_DISPUTED_LINE: Final = Table(
    name="disputed_line",
    columns={
        "id": "uuid",
        "handover": "uuid",
        "file": "uuid",
        "code": "text",
        "carrier": "text",
        "position": "bigint",
        "effective": "text",
        "recorded": "bigint",
        "reason": "text",
        "settled": "bigint",
        "settled_on": "text",
        "outcome": "text",
    },
)
# What was listed before the hand-over is what is handed over, but for the lines disputed in the same act.
_HAND_OVER: Final = """
INSERT INTO held (file, carrier, effective, recorded, position, holder, basis, handover)
SELECT l.file, h.carrier, h.effective, h.recorded, h.position, h.holder, h.basis, h.handover
FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::uuid[], %s::text[])
     AS h (handover, carrier, effective, recorded, position, holder, basis)
JOIN inventory_line AS l ON l.handover = h.handover AND l.position < h.position
WHERE NOT EXISTS (SELECT FROM disputed_line AS d WHERE d.handover = l.handover AND d.file = l.file)
"""


class HandoverRows:
    """The hand-overs of one page. held: the page's rows of who has what, which a settled dispute adds to."""

    def __init__(self, held: AppendedRows) -> None:
        self._held = held
        self._lines = AppendedRows(_INVENTORY_LINE)
        self._handovers = KeyedRows(_HANDOVER)
        self._disputed = KeyedRows(_DISPUTED_LINE)
        self._done: list[tuple[Any, ...]] = []

    def take(self, recorded: Recorded) -> None:
        """One event; others pass by."""
        act, stream = recorded.act_index, recorded.stream
        match recorded.event:
            case HandoverProposed() as offer:
                self._handovers.begin(stream, **_proposed(offer, act))
            case InventoryListed() as listed:
                self._list(recorded, listed)
            case HandoverWithdrawn() as gone:
                self._handovers.change(stream, withdrawn=act, withdrawn_on=gone.on)
            case LinesDisputed() as named:
                self._dispute(recorded, named)
            case CustodyHandedOver() as done:
                self._handovers.change(stream, **_completed(done, act))
                self._done.append((stream, done.carrier, done.on, act, recorded.position, done.receiver, done.basis))
            case DisputesSettled() as settled:
                self._settle(recorded, settled)
            case _:
                pass

    def write(self, cursor: Cursor) -> None:
        """Write the page's rows; what is handed over comes of the lines written before it."""
        for rows in (self._lines, self._handovers, self._disputed):
            rows.write(cursor)
        if self._done:
            cursor.execute(_HAND_OVER, [array_text(column) for column in zip(*self._done, strict=True)])

    def _list(self, recorded: Recorded, listed: InventoryListed) -> None:
        for number, line in enumerate(listed.lines):
            self._lines.add(
                recorded.stream, recorded.position, number, line.file, line.FileCode.text, line.sheets, line.box,
                line.sealed_set,
            )  # fmt: skip

    def _dispute(self, recorded: Recorded, named: LinesDisputed) -> None:
        for line in named.lines:
            self._disputed.begin(
                disputed_line_id(recorded.stream, line.file),
                handover=recorded.stream,
                file=line.file,
                code=line.FileCode.text,
                carrier=named.carrier,
                position=recorded.position,
                effective=named.on,
                recorded=recorded.act_index,
                reason=line.reason,
                settled=None,
                settled_on="",
                outcome="",
            )

    def _settle(self, recorded: Recorded, settled: DisputesSettled) -> None:
        act, position = recorded.act_index, recorded.position
        for line in settled.lines:
            self._disputed.change(
                disputed_line_id(recorded.stream, line.file), settled=act, settled_on=settled.on, outcome=line.outcome
            )
            if line.outcome is Outcome.ACCEPTED:
                self._held.add(
                    line.file, settled.carrier, settled.on, act, position, settled.receiver, settled.basis,
                    recorded.stream,
                )  # fmt: skip


def disputed_line_id(handover: UUID, file: UUID) -> UUID:
    """The key of a disputed line."""
    return public_id("disputed-line", str(handover), str(file))


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
        "offered_on": offer.on,
        "in_force": offer.decision.in_force if offer.decision else "",
        "deputized": offer.deputy is not None,
        "witnesses": len(offer.witnesses),
        "withdrawn": None,
        "withdrawn_on": "",
        "sealed_sets": 0,
        "disputed": 0,
        "shelf_cm": 0,
        "flags": "",
    }


def _completed(done: CustodyHandedOver, act: int) -> dict[str, Any]:
    return {
        "completed": act,
        "handed_on": done.on,
        "root": done.root,
        "files": done.files,
        "boxes": done.boxes,
        "sheets": done.sheets,
        "sealed_sets": done.sealed_sets,
        "disputed": done.disputed,
        "shelf_cm": done.shelf_cm,
        "flags": " ".join(done.flags),
    }
