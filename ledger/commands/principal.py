"""Appoint principals to offices in agencies."""

from __future__ import annotations

from uuid import UUID

import msgspec

from domain import principal
from domain.event import Event
from ledger.actor import Actor
from ledger.application import Ledger
from ledger.proposal import Proposal
from ledger.receipt import Receipt
from ledger.streams import Streams


def appoint(ledger: Ledger, actor: Actor, act_id: UUID, whom: UUID, fact: principal.PrincipalAppointed) -> Receipt:
    """Appoint the principal `whom`, whose actor id is the stream. Refused: `principal-already-appointed`."""

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        return {whom: principal.appoint(streams.load(whom, None, principal.evolve), fact)}

    request = {"principal": str(whom), "fact": msgspec.to_builtins(fact)}
    return ledger.perform(Proposal(act="principal.appoint", id=act_id, actor=actor, decide=decide, request=request))
