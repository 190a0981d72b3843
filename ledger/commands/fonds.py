"""Open a fonds that agencies create together, by a decision."""

from __future__ import annotations

from uuid import UUID

import msgspec

from domain import agency, fonds
from domain.event import Event
from domain.fonds import FondsOpened
from ledger.actor import Actor
from ledger.application import Ledger
from ledger.proposal import BY_DECISION, Basis, Proposal
from ledger.receipt import Receipt
from ledger.streams import Streams


def open_fonds(ledger: Ledger, actor: Actor, act_id: UUID, stream: UUID, fact: FondsOpened, decision: str) -> Receipt:
    """Open it in one act `unit.open-fonds` that cites the decision. Refused as `fonds.open_joint` refuses."""

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        agencies = streams.load_many(list(dict.fromkeys(fact.creators)), None, agency.evolve)
        return {stream: fonds.open_joint(streams.load(stream, None, fonds.evolve), fact, agencies)}

    basis = Basis(code=BY_DECISION, ref=decision)
    request = msgspec.to_builtins(fact)
    return ledger.perform(
        Proposal(act="unit.open-fonds", id=act_id, actor=actor, decide=decide, request=request, basis=basis)
    )
