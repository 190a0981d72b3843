"""Hand-over (bàn giao, giao nhận): an inventory by file, signed by giver and receiver in one dual act.

The inventory lies in events of at most 500 lines before the dual act; both sign its RFC 6962 root. Paper in a
sealed set is listed uncounted. Lines that the receiver disputes stay with the giver, named, until a further dual act
settles them. (Decree 30/2020 App. V; TT 06/2025/TT-BNV art. 39-40; Directive 06/CT-UBND of Hà Nội.)

The shapes are here; what may be decided is in `domain.handing_over`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, assert_never
from uuid import UUID

import msgspec

from domain.basis import Instrument
from domain.event import Event
from domain.identifiers import FileCode
from domain.lot import Carrier
from domain.sealed import Sealable

LINES_PER_EVENT: Final = 500


class InventoryLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One file of the inventory; lines stand in FileCode order. Its canonical JSON is a leaf of the root."""

    FileCode: FileCode
    file: UUID
    sheets: int = 0
    box: str = ""
    sealed_set: bool = False


class Deputy(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The person or committee that a decision names to hand over for a body that has ended.

    actor: whose key must then sign as the giver; empty where any key with the role may.
    """

    Name: Sealable
    Post: Sealable
    decision: Instrument
    actor: str = ""


class Witness(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Người chứng kiến: named in the record; who has an actor id signs the dual act too."""

    Name: Sealable
    Post: Sealable
    actor: str = ""


class DisputeReason(StrEnum):
    """Why the receiver does not take a line."""

    MISSING = "missing"
    DAMAGED = "damaged"
    SHEETS_DIFFER = "sheets-differ"
    SEAL_BROKEN = "seal-broken"
    NOT_AS_DESCRIBED = "not-as-described"
    NOT_OURS = "not-ours"
    OTHER = "other"


class DisputedLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A listed file that was not taken. note: what the receiver found, sealed."""

    FileCode: FileCode
    file: UUID
    reason: DisputeReason
    note: Sealable | None = None


class Outcome(StrEnum):
    """How a disputed line ends: the receiver takes it after all, or it is struck out and stays with the giver."""

    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


class SettledLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A disputed line and how it ended."""

    FileCode: FileCode
    file: UUID
    outcome: Outcome


class HandoverProposedV1(Event, frozen=True, kw_only=True, tag="handover.proposed/1"):
    """The first shape, without the day, the decision's days, deputy and witnesses. Read for ever, written no more."""

    giver: UUID
    receiver: UUID
    carrier: Carrier
    basis: str


class HandoverProposed(Event, frozen=True, kw_only=True, tag="handover.proposed/2"):
    """A giver offers files of a carrier to a receiver, by the decision cited.

    basis: its number. on: civil day of the offer; without one the files do not stand as offered on any day. decision:
    the instrument with its days. deputy: who hands over for a giver that has ended.
    """

    giver: UUID
    receiver: UUID
    carrier: Carrier
    basis: str
    on: str = ""
    decision: Instrument | None = None
    deputy: Deputy | None = None
    witnesses: tuple[Witness, ...] = ()


class InventoryListed(Event, frozen=True, kw_only=True, tag="handover.inventory-listed/1"):
    """A part of the inventory, at most 500 lines, in order."""

    lines: tuple[InventoryLine, ...]


class HandoverWithdrawn(Event, frozen=True, kw_only=True, tag="handover.withdrawn/1"):
    """The giver takes the offer back before anything was received, from the day `on` on."""

    on: str
    Reason: Sealable


class LinesDisputed(Event, frozen=True, kw_only=True, tag="handover.lines-disputed/1"):
    """A part of the lines that the receiver does not take, at most 500; in the dual act, before its conclusion."""

    carrier: Carrier
    on: str
    lines: tuple[DisputedLine, ...]


class CustodyHandedOverV1(Event, frozen=True, kw_only=True, tag="custody.handed-over/1"):
    """The first shape: every line is taken. Read for ever, written no more."""

    giver: UUID
    receiver: UUID
    carrier: Carrier
    on: str
    basis: str
    root: str
    files: int
    boxes: int
    sheets: int


class CustodyHandedOver(Event, frozen=True, kw_only=True, tag="custody.handed-over/2"):
    """Giver and receiver agree on the inventory with this root; from the day `on` the receiver has its files.

    All of them but the lines disputed before it in the same act. files, boxes, sheets: of the lines taken. sealed_sets:
    of them, taken unopened and uncounted. shelf_cm: as the two measured it, 0 where they did not. Condition: as the two
    state it, sealed. flags: what is out of order and was recorded all the same.
    """

    giver: UUID
    receiver: UUID
    carrier: Carrier
    on: str
    basis: str
    root: str
    files: int
    boxes: int
    sheets: int
    sealed_sets: int = 0
    disputed: int = 0
    shelf_cm: int = 0
    Condition: Sealable | None = None
    flags: tuple[str, ...] = ()


class DisputesSettled(Event, frozen=True, kw_only=True, tag="handover.disputes-settled/1"):
    """A part of the disputed lines end; what is accepted the receiver has from the day `on` on. At most 500 lines."""

    giver: UUID
    receiver: UUID
    carrier: Carrier
    on: str
    basis: str
    lines: tuple[SettledLine, ...]


HandoverEvent = (
    HandoverProposed | InventoryListed | HandoverWithdrawn | LinesDisputed | CustodyHandedOver | DisputesSettled
)


def with_days(old: HandoverProposedV1) -> HandoverProposed:
    """The first shape as it is read now; what it did not say stays unsaid."""
    return HandoverProposed(giver=old.giver, receiver=old.receiver, carrier=old.carrier, basis=old.basis)


def taken_whole(old: CustodyHandedOverV1) -> CustodyHandedOver:
    """The first shape as it is read now: nothing was disputed."""
    members = {name: getattr(old, name) for name in old.__struct_fields__}
    return CustodyHandedOver(**members)


class Handover(msgspec.Struct, frozen=True, kw_only=True):
    """The state of one hand-over. disputed: lines not settled yet; settled: those that were."""

    proposed: HandoverProposed
    lines: tuple[InventoryLine, ...] = ()
    withdrawn: bool = False
    done: CustodyHandedOver | None = None
    disputed: Mapping[UUID, DisputedLine] = {}
    settled: Mapping[UUID, Outcome] = {}


def evolve(state: Handover | None, event: HandoverEvent) -> Handover | None:
    """Fold one event."""
    if isinstance(event, HandoverProposed):
        return Handover(proposed=event)
    return None if state is None else _evolved(state, event)


def _evolved(
    state: Handover, event: InventoryListed | HandoverWithdrawn | LinesDisputed | CustodyHandedOver | DisputesSettled
) -> Handover:
    match event:
        case InventoryListed():
            return msgspec.structs.replace(state, lines=state.lines + event.lines)
        case HandoverWithdrawn():
            return msgspec.structs.replace(state, withdrawn=True)
        case LinesDisputed():
            return msgspec.structs.replace(state, disputed={**state.disputed, **{one.file: one for one in event.lines}})
        case CustodyHandedOver():
            return msgspec.structs.replace(state, done=event)
        case DisputesSettled():
            ended = {one.file: one.outcome for one in event.lines}
            left = {file: line for file, line in state.disputed.items() if file not in ended}
            return msgspec.structs.replace(state, disputed=left, settled={**state.settled, **ended})
        case _:
            assert_never(event)
