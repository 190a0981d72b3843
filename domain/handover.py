"""Hand-over (bàn giao, giao nhận): an inventory by file, signed by giver and receiver in one dual act.

The inventory lies in events of at most 500 lines before the dual act; both sign its RFC 6962 root. Paper in a
sealed set is listed uncounted. (Decree 30/2020 App. V; TT 06/2025/TT-BNV art. 39-40.)
"""

from __future__ import annotations

from typing import Final, assert_never
from uuid import UUID

import msgspec

from domain.agency import Agency
from domain.errors import Refusal
from domain.event import Event
from domain.identifiers import FileCode
from domain.lot import Carrier

LINES_PER_EVENT: Final = 500


class InventoryLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One file of the inventory; lines stand in FileCode order. Its canonical JSON is a leaf of the root."""

    FileCode: FileCode
    file: UUID
    sheets: int = 0
    box: str = ""
    sealed_set: bool = False


class HandoverProposed(Event, frozen=True, kw_only=True, tag="handover.proposed/1"):
    """A giver offers files of a carrier to a receiver, by the decision cited."""

    giver: UUID
    receiver: UUID
    carrier: Carrier
    basis: str


class InventoryListed(Event, frozen=True, kw_only=True, tag="handover.inventory-listed/1"):
    """A part of the inventory, at most 500 lines, in order."""

    lines: tuple[InventoryLine, ...]


class CustodyHandedOver(Event, frozen=True, kw_only=True, tag="custody.handed-over/1"):
    """Giver and receiver agree on the inventory with this root; from the day `on` the receiver has the files."""

    giver: UUID
    receiver: UUID
    carrier: Carrier
    on: str
    basis: str
    root: str
    files: int
    boxes: int
    sheets: int


HandoverEvent = HandoverProposed | InventoryListed | CustodyHandedOver


class Handover(msgspec.Struct, frozen=True, kw_only=True):
    """The state of one hand-over."""

    proposed: HandoverProposed
    lines: tuple[InventoryLine, ...] = ()
    done: bool = False


def evolve(state: Handover | None, event: HandoverEvent) -> Handover | None:
    """Fold one event."""
    match event:
        case HandoverProposed():
            return Handover(proposed=event)
        case InventoryListed():
            return None if state is None else msgspec.structs.replace(state, lines=state.lines + event.lines)
        case CustodyHandedOver():
            return None if state is None else msgspec.structs.replace(state, done=True)
        case _:
            assert_never(event)


def propose(
    state: Handover | None,
    giver: Agency | None,
    receiver: Agency | None,
    proposed: HandoverProposed,
    lines: tuple[InventoryLine, ...],
) -> list[Event]:
    """Offer an inventory. Refused: `handover-already-proposed`, `agency-unknown`, `handover-empty`."""
    if state is not None:
        raise Refusal("handover-already-proposed")
    if giver is None or receiver is None:
        raise Refusal("agency-unknown", code="?")
    if not lines:
        raise Refusal("handover-empty")
    ordered = tuple(sorted(lines, key=lambda line: line.FileCode.text))
    parts = [ordered[start : start + LINES_PER_EVENT] for start in range(0, len(ordered), LINES_PER_EVENT)]
    return [proposed, *(InventoryListed(lines=part) for part in parts)]


def complete(state: Handover | None, receiver: Agency | None, root: str, on: str) -> list[Event]:
    """Agree on the inventory whose root both sign, on a day the receiver exists.

    root: base64 RFC 6962 root over the lines, computed by the caller from `state.lines`.
    Refused: `handover-unknown`, `handover-already-done`, `agency-not-existing`.
    """
    if state is None:
        raise Refusal("handover-unknown")
    if state.done:
        raise Refusal("handover-already-done")
    if receiver is None or not receiver.exists_on(on):
        raise Refusal("agency-not-existing", code=receiver.code if receiver else "?", day=on)
    offer = state.proposed
    return [
        CustodyHandedOver(
            giver=offer.giver,
            receiver=offer.receiver,
            carrier=offer.carrier,
            on=on,
            basis=offer.basis,
            root=root,
            files=len(state.lines),
            boxes=len({line.box for line in state.lines if line.box}),
            sheets=sum(line.sheets for line in state.lines),
        )
    ]
