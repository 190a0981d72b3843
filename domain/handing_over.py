"""What may be decided of a hand-over: offer an inventory, take it back, agree on it, settle what was disputed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final, TypeVar
from uuid import UUID

import msgspec

from domain.agency import Agency
from domain.errors import Refusal
from domain.event import Event
from domain.file import File
from domain.handover import (
    LINES_PER_EVENT,
    CustodyHandedOver,
    DisputedLine,
    DisputeReason,
    DisputesSettled,
    Handover,
    HandoverProposed,
    HandoverWithdrawn,
    InventoryLine,
    InventoryListed,
    LinesDisputed,
    Outcome,
    SettledLine,
)
from domain.lot import Carrier
from domain.sealed import Sealable

_Line = TypeVar("_Line", InventoryLine, DisputedLine, SettledLine)
_LINES_BYTES: Final = 60_000
"""Of one event's lines; an event has 65,536 bytes at most, with what stands around them."""
_SEALED_NOTE: Final = 256
"""More than a sealed value takes; its text lies elsewhere."""
BEFORE_DECISION: Final = "before-decision"
"""The files changed hands before the decision cited was in force."""
BEFORE_DEPUTY: Final = "before-deputy-decision"
"""They did so before the decision that names the giver's deputy was in force."""
GIVER_ELSEWHERE: Final = "giver-appointed-elsewhere"
"""Who signs for a giver that exists was appointed in another body."""
RECEIVER_ELSEWHERE: Final = "receiver-appointed-elsewhere"
"""Who signs for the receiver was appointed in another body."""


class Dispute(msgspec.Struct, frozen=True, kw_only=True):
    """What the receiver says of a line it does not take."""

    reason: DisputeReason
    note: Sealable | None = None


class Agreement(msgspec.Struct, frozen=True, kw_only=True):
    """What the two sides agree on when the files change hands.

    on: the civil day it happened. today: no later day is possible; empty where nobody asks. root: of the inventory, as
    computed here; stated_root: as on the list that was ticked, empty where none was. signers: actor ids, the giver's
    first, the receiver's second, then witnesses'. shelf_cm, Condition: as in `CustodyHandedOver`.
    """

    on: str
    root: str
    signers: tuple[str, ...]
    today: str = ""
    stated_root: str = ""
    disputed: Mapping[UUID, Dispute] = {}
    shelf_cm: int = 0
    Condition: Sealable | None = None


class Settlement(msgspec.Struct, frozen=True, kw_only=True):
    """How disputed lines end. on, today, signers: as in `Agreement`."""

    on: str
    outcomes: Mapping[UUID, Outcome]
    signers: tuple[str, ...]
    today: str = ""


def propose(
    state: Handover | None,
    giver: Agency | None,
    receiver: Agency | None,
    proposed: HandoverProposed,
    lines: Sequence[InventoryLine],
    files: Mapping[UUID, File | None],
) -> list[Event]:
    """Offer an inventory. files: the state of every file listed.

    Refused: `handover-already-proposed`, `agency-unknown`, `handover-to-itself`, `handover-empty`,
    `handover-line-repeated`, `handover-line-unknown`, `handover-line-other-code`, `handover-line-not-digital`,
    `handover-sealed-counted`.
    """
    if state is not None:
        raise Refusal("handover-already-proposed")
    if giver is None or receiver is None:
        raise Refusal("agency-unknown", code="?")
    if proposed.giver == proposed.receiver:
        raise Refusal("handover-to-itself", code=giver.code)
    if not lines:
        raise Refusal("handover-empty")
    ordered = sorted(lines, key=lambda line: (line.FileCode.text, line.file))
    _require_each_once([line.file for line in ordered], {line.file: line.FileCode.text for line in ordered})
    for line in ordered:
        _require_fit(line, files.get(line.file), proposed.carrier)
    return [proposed, *(InventoryListed(lines=part) for part in _parts(ordered))]


def withdraw(state: Handover | None, fact: HandoverWithdrawn) -> list[Event]:
    """Take an offer back. Refused: `handover-unknown`, `handover-withdrawn`, `handover-already-done`."""
    _open(state)
    return [fact]


class Sides(msgspec.Struct, frozen=True, kw_only=True):
    """The two bodies, and in which agency who signs first and second holds office; None where neither is known."""

    giver: Agency | None
    receiver: Agency | None
    giver_post: UUID | None = None
    receiver_post: UUID | None = None


def complete(state: Handover | None, sides: Sides, agreed: Agreement) -> list[Event]:
    """Agree on the inventory whose root both sign; lines disputed are named first.

    Refused: `handover-unknown`, `handover-withdrawn`, `handover-already-done`, `handover-root-differs`,
    `handover-line-not-listed`, and as `settle` what concerns days and signers. What is only out of order is flagged.
    """
    offer = _open(state)
    if agreed.stated_root not in {"", agreed.root}:
        raise Refusal("handover-root-differs", stated=agreed.stated_root[:60], root=agreed.root)
    _require_sides(offer.proposed, sides, agreed.on, agreed.today)
    _require_signers(offer.proposed, agreed.signers)
    listed = {line.file: line for line in offer.lines}
    if foreign := next((file for file in agreed.disputed if file not in listed), None):
        raise Refusal("handover-line-not-listed", file=foreign)
    disputed = [
        DisputedLine(FileCode=line.FileCode, file=file, reason=said.reason, note=said.note)
        for file, line in listed.items()
        if (said := agreed.disputed.get(file)) is not None
    ]
    carrier = offer.proposed.carrier
    parts = [LinesDisputed(carrier=carrier, on=agreed.on, lines=part) for part in _parts(disputed)]
    taken = [line for line in offer.lines if line.file not in agreed.disputed]
    flags = _flags(offer.proposed, sides, agreed.on)
    return [*parts, _handed_over(offer.proposed, agreed, taken, len(disputed), flags)]


def settle(state: Handover | None, sides: Sides, agreed: Settlement) -> list[Event]:
    """End disputed lines: accepted, or struck out. Refused: `handover-unknown`, `handover-not-done`,
    `handover-nothing-settled`, `handover-line-not-disputed`, `handover-settled-too-early`, `handover-day-to-come`,
    `agency-not-existing`, `handover-settled-by-nobody`, `handover-one-signer-twice`, `handover-signer-missing`.
    """
    if state is None:
        raise Refusal("handover-unknown")
    if state.done is None:
        raise Refusal("handover-not-done")
    if not agreed.outcomes:
        raise Refusal("handover-nothing-settled")
    if agreed.on < state.done.on:
        raise Refusal("handover-settled-too-early", day=agreed.on, done=state.done.on)
    if strange := next((file for file in agreed.outcomes if file not in state.disputed), None):
        raise Refusal("handover-line-not-disputed", file=strange)
    _require_both_left(state.proposed, sides, agreed.on)
    _require_sides(state.proposed, sides, agreed.on, agreed.today)
    _require_signers(state.proposed, agreed.signers)
    offer = state.proposed
    lines = [
        SettledLine(FileCode=line.FileCode, file=file, outcome=agreed.outcomes[file])
        for file, line in state.disputed.items()
        if file in agreed.outcomes
    ]
    return [
        DisputesSettled(
            giver=offer.giver,
            receiver=offer.receiver,
            carrier=offer.carrier,
            on=agreed.on,
            basis=offer.basis,
            lines=part,
        )
        for part in _parts(lines)
    ]


def _flags(offer: HandoverProposed, sides: Sides, on: str) -> tuple[str, ...]:
    """What is out of order. Appointments may be older than a reorganization, so they refuse nothing."""
    there = sides.giver is not None and sides.giver.exists_on(on)
    found = (
        (BEFORE_DECISION, offer.decision is not None and on < offer.decision.in_force),
        (BEFORE_DEPUTY, offer.deputy is not None and on < offer.deputy.decision.in_force),
        (GIVER_ELSEWHERE, there and offer.deputy is None and sides.giver_post not in {None, offer.giver}),
        (RECEIVER_ELSEWHERE, sides.receiver_post not in {None, offer.receiver}),
    )
    return tuple(flag for flag, holds in found if holds)


def _handed_over(
    offer: HandoverProposed,
    agreed: Agreement,
    taken: Sequence[InventoryLine],
    disputed: int,
    flags: tuple[str, ...],
) -> CustodyHandedOver:
    return CustodyHandedOver(
        giver=offer.giver,
        receiver=offer.receiver,
        carrier=offer.carrier,
        on=agreed.on,
        basis=offer.basis,
        root=agreed.root,
        files=len(taken),
        boxes=len({line.box for line in taken if line.box}),
        sheets=sum(line.sheets for line in taken),
        sealed_sets=sum(line.sealed_set for line in taken),
        disputed=disputed,
        shelf_cm=agreed.shelf_cm,
        Condition=agreed.Condition,
        flags=flags,
    )


def _open(state: Handover | None) -> Handover:
    """The hand-over, while it is offered and no more."""
    if state is None:
        raise Refusal("handover-unknown")
    if state.withdrawn:
        raise Refusal("handover-withdrawn")
    if state.done is not None:
        raise Refusal("handover-already-done")
    return state


def _require_each_once(files: Sequence[UUID], codes: Mapping[UUID, str]) -> None:
    seen = sorted(files)
    if twice := next((one for one, other in pairwise(seen) if one == other), None):
        raise Refusal("handover-line-repeated", code=codes[twice])


def _require_fit(line: InventoryLine, file: File | None, carrier: Carrier) -> None:
    """A line names a file that there is, by the code that it has; what is sealed is not counted."""
    code = line.FileCode.text
    if file is None:
        raise Refusal("handover-line-unknown", code=code)
    if file.registered.FileCode != line.FileCode:
        raise Refusal("handover-line-other-code", code=code, real=file.registered.FileCode.text)
    if carrier is Carrier.DIGITAL and not file.digital:
        raise Refusal("handover-line-not-digital", code=code)
    if line.sealed_set and line.sheets:
        raise Refusal("handover-sealed-counted", code=code)


def _require_sides(offer: HandoverProposed, sides: Sides, on: str, today: str) -> None:
    """Both must be there that day; for a giver that has ended somebody must be named."""
    giver, receiver = sides.giver, sides.receiver
    if today and on > today:
        raise Refusal("handover-day-to-come", day=on, today=today)
    if receiver is None or not receiver.exists_on(on):
        raise Refusal("agency-not-existing", code=receiver.code if receiver else "?", day=on)
    if giver is None or on < giver.valid_from:
        raise Refusal("agency-not-existing", code=giver.code if giver else "?", day=on)
    if not giver.exists_on(on) and offer.deputy is None:
        raise Refusal("handover-deputy-missing", code=giver.code, day=giver.valid_to)


def _require_both_left(offer: HandoverProposed, sides: Sides, on: str) -> None:
    """Who has ended since, and has no deputy, settles nothing: such lines are offered anew."""
    for one in (sides.receiver, sides.giver if offer.deputy is None else None):
        if one is not None and one.valid_to and one.valid_to <= on:
            raise Refusal("handover-settled-by-nobody", code=one.code, day=one.valid_to)


def _require_signers(offer: HandoverProposed, signers: Sequence[str]) -> None:
    """Nobody signs twice; who was named as a signer signs."""
    if len({*signers}) < len(signers):
        raise Refusal("handover-one-signer-twice")
    if len(signers) < 2:
        raise Refusal("handover-signer-missing", signer="?")
    if offer.deputy is not None and offer.deputy.actor not in {"", signers[0]}:
        raise Refusal("handover-signer-missing", signer=offer.deputy.actor)
    if absent := next((one.actor for one in offer.witnesses if one.actor and one.actor not in signers[2:]), None):
        raise Refusal("handover-signer-missing", signer=absent)


def _parts(lines: Sequence[_Line]) -> list[tuple[_Line, ...]]:
    """As few events as hold them: each of at most 500 lines, and no more bytes than an event may have."""
    parts: list[list[_Line]] = []
    room = 0
    for line in lines:
        size = len(msgspec.json.encode(line)) + (_SEALED_NOTE if getattr(line, "note", None) is not None else 1)
        if size > room or len(parts[-1]) == LINES_PER_EVENT:
            parts.append([])
            room = _LINES_BYTES
        parts[-1].append(line)
        room -= size
    return [tuple(part) for part in parts]
