"""Hand files over: the giver's inventory, then one dual act that giver and receiver both sign."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from uuid import UUID

import msgspec

from domain import agency, handover
from domain.event import Event
from domain.handover import HandoverProposed, InventoryLine
from ledger.actor import Actor
from ledger.application import Ledger
from ledger.proposal import BY_DECISION, Basis, Proposal
from ledger.receipt import Receipt
from ledger.streams import Streams
from signing import canonical, merkle


def inventory_root(lines: Sequence[InventoryLine]) -> str:
    """Base64 RFC 6962 root over the lines' canonical JSON, in the order given: what both sides sign."""
    leaves = [merkle.leaf_hash(canonical.encode(msgspec.to_builtins(line))) for line in lines]
    return b64encode(merkle.root(leaves)).decode()


def propose(
    ledger: Ledger, actor: Actor, act_id: UUID, stream: UUID, proposed: HandoverProposed, lines: Sequence[InventoryLine]
) -> Receipt:
    """Offer an inventory in one act `handover.propose`."""

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        bodies = streams.load_many([proposed.giver, proposed.receiver], None, agency.evolve)
        state = streams.load(stream, None, handover.evolve)
        giver, receiver = bodies[proposed.giver], bodies[proposed.receiver]
        return {stream: handover.propose(state, giver, receiver, proposed, tuple(lines))}

    request = {"handover": str(stream), "proposed": msgspec.to_builtins(proposed), "root": inventory_root(lines)}
    basis = Basis(code=BY_DECISION, ref=proposed.basis)
    return ledger.perform(
        Proposal(act="handover.propose", id=act_id, actor=actor, decide=decide, request=request, basis=basis)
    )


def complete(ledger: Ledger, giver: Actor, receiver: Actor, act_id: UUID, stream: UUID, on: str) -> Receipt:
    """Complete a hand-over in one dual act `handover.complete`: giver first, then receiver; on its own stream only."""
    return ledger.perform(completion(ledger, giver, receiver, act_id, stream, on))


def completion(ledger: Ledger, giver: Actor, receiver: Actor, act_id: UUID, stream: UUID, on: str) -> Proposal:
    """The dual act `handover.complete`, for those who sign it here or elsewhere."""
    offered = ledger.streams().load(stream, None, handover.evolve)

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        state = streams.load(stream, None, handover.evolve)
        body = streams.load(state.proposed.receiver, None, agency.evolve) if state else None
        return {stream: handover.complete(state, body, inventory_root(state.lines if state else ()), on)}

    return Proposal(
        act="handover.complete",
        id=act_id,
        actor=giver,
        co_signers=(receiver,),
        decide=decide,
        request={"handover": str(stream), "on": on},
        basis=Basis(code=BY_DECISION, ref=offered.proposed.basis) if offered else None,
    )
