"""Hand files over: the giver's inventory, one dual act signed by giver and receiver, one more for disputed lines."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from domain import agency, file, handing_over, handover, principal
from domain.event import Event
from domain.handing_over import Agreement, Dispute, Settlement, Sides
from domain.handover import Handover, HandoverProposed, HandoverWithdrawn, InventoryLine, Outcome
from domain.sealed import Sealable
from ledger.actor import Actor
from ledger.application import Ledger
from ledger.proposal import BY_DECISION, Basis, Proposal
from ledger.receipt import Receipt
from ledger.streams import Streams
from signing import canonical, merkle

ACT_PROPOSE = "handover.propose"
ACT_WITHDRAW = "handover.withdraw"
ACT_COMPLETE = "handover.complete"
ACT_SETTLE = ACT_COMPLETE
"""Settling completes what the hand-over left open, so it is the same act: the format asks two people for it."""
_FIRST_SHAPE = "handover.proposed/1"
_FIRST_MEMBERS = {"type", "giver", "receiver", "carrier", "basis"}


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """What the receiver found, beside the day. Members as in `domain.handing_over.Agreement`."""

    stated_root: str = ""
    disputed: Mapping[UUID, Dispute] = {}
    shelf_cm: int = 0
    Condition: Sealable | None = None


def inventory_root(lines: Sequence[InventoryLine]) -> str:
    """Base64 RFC 6962 root over the lines' canonical JSON, in the order given: what both sides sign."""
    leaves = [merkle.leaf_hash(canonical.encode(msgspec.to_builtins(line))) for line in lines]
    return b64encode(merkle.root(leaves)).decode()


def propose(
    ledger: Ledger, actor: Actor, act_id: UUID, stream: UUID, proposed: HandoverProposed, lines: Sequence[InventoryLine]
) -> Receipt:
    """Offer an inventory in one act `handover.propose`."""
    return ledger.perform(offer(actor, act_id, stream, proposed, lines))


def offer(
    actor: Actor, act_id: UUID, stream: UUID, proposed: HandoverProposed, lines: Sequence[InventoryLine]
) -> Proposal:
    """The act `handover.propose`, for whoever signs it here or elsewhere."""

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        bodies = streams.load_many([proposed.giver, proposed.receiver], None, agency.evolve)
        state = streams.load(stream, None, handover.evolve)
        files = streams.load_many([line.file for line in lines], None, file.evolve)
        giver, receiver = bodies[proposed.giver], bodies[proposed.receiver]
        return {stream: handing_over.propose(state, giver, receiver, proposed, tuple(lines), files)}

    request = {"handover": str(stream), "proposed": _in_first_words(proposed), "root": inventory_root(lines)}
    return Proposal(
        act=ACT_PROPOSE, id=act_id, actor=actor, decide=decide, request=request, basis=_basis(proposed.basis)
    )


def withdrawal(ledger: Ledger, actor: Actor, act_id: UUID, stream: UUID, fact: HandoverWithdrawn) -> Proposal:
    """The act `handover.withdraw`: the giver takes its offer back."""

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        return {stream: handing_over.withdraw(streams.load(stream, None, handover.evolve), fact)}

    request = {"handover": str(stream), "withdrawn": msgspec.to_builtins(fact)}
    basis = _offered_basis(ledger, stream)
    return Proposal(act=ACT_WITHDRAW, id=act_id, actor=actor, decide=decide, request=request, basis=basis)


def complete(
    ledger: Ledger,
    giver: Actor,
    receiver: Actor,
    act_id: UUID,
    stream: UUID,
    on: str,
    found: Received | None = None,
) -> Receipt:
    """Complete a hand-over in one dual act `handover.complete`: giver first, then receiver; on its own stream only."""
    return ledger.perform(completion(ledger, giver, (receiver,), act_id, stream, on, found))


def completion(
    ledger: Ledger,
    giver: Actor,
    others: Actor | tuple[Actor, ...],
    act_id: UUID,
    stream: UUID,
    on: str,
    found: Received | None = None,
    today: str = "",
) -> Proposal:
    """The dual act `handover.complete`, for those who sign it here or elsewhere.

    others: the receiver, then witnesses who sign. today: civil day that no hand-over may lie after.
    """
    co_signers = others if isinstance(others, tuple) else (others,)
    told = found or Received()

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        state = streams.load(stream, None, handover.evolve)
        agreed = Agreement(
            on=on,
            today=today,
            root=inventory_root(state.lines if state else ()),
            stated_root=told.stated_root,
            disputed=told.disputed,
            shelf_cm=told.shelf_cm,
            Condition=told.Condition,
            signers=(giver.id, *(one.id for one in co_signers)),
        )
        return {stream: handing_over.complete(state, _sides(streams, state, giver, co_signers), agreed)}

    return Proposal(
        act=ACT_COMPLETE,
        id=act_id,
        actor=giver,
        co_signers=co_signers,
        decide=decide,
        request={"handover": str(stream), "on": on, **_said(told)},
        basis=_offered_basis(ledger, stream),
    )


def settlement(
    ledger: Ledger,
    giver: Actor,
    co_signers: tuple[Actor, ...],
    act_id: UUID,
    stream: UUID,
    on: str,
    outcomes: Mapping[UUID, Outcome],
    today: str = "",
) -> Proposal:
    """A further dual act `handover.complete`: disputed lines are accepted or struck out, signed by both sides again."""

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        state = streams.load(stream, None, handover.evolve)
        signers = (giver.id, *(one.id for one in co_signers))
        agreed = Settlement(on=on, today=today, outcomes=outcomes, signers=signers)
        return {stream: handing_over.settle(state, _sides(streams, state, giver, co_signers), agreed)}

    said = {str(one): outcome.value for one, outcome in sorted(outcomes.items())}
    return Proposal(
        act=ACT_SETTLE,
        id=act_id,
        actor=giver,
        co_signers=co_signers,
        decide=decide,
        request={"handover": str(stream), "on": on, "outcomes": said},
        basis=_offered_basis(ledger, stream),
    )


def _sides(streams: Streams, state: Handover | None, giver: Actor, co_signers: tuple[Actor, ...]) -> Sides:
    """The two bodies as the ledger knows them, and where those who sign for them hold office."""
    if state is None:
        return Sides(giver=None, receiver=None)
    offered = state.proposed
    bodies = streams.load_many([offered.giver, offered.receiver], None, agency.evolve)
    people = [UUID(one.id) for one in (giver, *co_signers[:1])]
    posts = streams.load_many(people, None, principal.evolve)
    agencies = [post.agency if (post := posts[one]) else None for one in people]
    return Sides(
        giver=bodies[offered.giver],
        receiver=bodies[offered.receiver],
        giver_post=agencies[0],
        receiver_post=agencies[1] if len(agencies) > 1 else None,
    )


def _offered_basis(ledger: Ledger, stream: UUID) -> Basis | None:
    offered = ledger.streams().load(stream, None, handover.evolve)
    return _basis(offered.proposed.basis) if offered else None


def _basis(ref: str) -> Basis:
    return Basis(code=BY_DECISION, ref=ref)


def _in_first_words(proposed: HandoverProposed) -> dict[str, Any]:
    """As the event's first shape said it where it says no more: a retry after an upgrade finds its act."""
    words: dict[str, Any] = msgspec.to_builtins(proposed)
    return {**words, "type": _FIRST_SHAPE} if set(words) <= _FIRST_MEMBERS else words


def _said(found: Received) -> dict[str, Any]:
    """What of it is not as by default, so that a plain completion is asked for as it always was."""
    words: dict[str, Any] = {}
    if found.stated_root:
        words["root"] = found.stated_root
    if found.disputed:
        words["disputed"] = {str(one): msgspec.to_builtins(said) for one, said in sorted(found.disputed.items())}
    if found.shelf_cm:
        words["shelf_cm"] = found.shelf_cm
    if found.Condition is not None:
        words["condition"] = msgspec.to_builtins(found.Condition)
    return words
