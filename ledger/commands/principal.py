"""Appoint principals to offices in agencies."""

from __future__ import annotations

from typing import Any, assert_never
from uuid import UUID

import msgspec

from domain import agency, principal
from domain.event import Event
from ledger.actor import Actor
from ledger.application import Ledger
from ledger.proposal import Proposal
from ledger.receipt import Receipt
from ledger.streams import Streams


def appoint(ledger: Ledger, actor: Actor, act_id: UUID, whom: UUID, fact: principal.PrincipalAppointed) -> Receipt:
    """Appoint the principal `whom`, whose actor id is the stream. Refused as `domain.principal.appoint` refuses."""
    return ledger.perform(appointment(actor, act_id, whom, fact))


def appointment(actor: Actor, act_id: UUID, whom: UUID, fact: principal.PrincipalAppointed) -> Proposal:
    """The act `principal.appoint`, for whoever signs it here or elsewhere."""

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        body = streams.load(fact.agency, None, agency.evolve)
        return {whom: principal.appoint(streams.load(whom, None, principal.evolve), fact, body)}

    request = {"principal": str(whom), "fact": _in_first_words(fact)}
    return Proposal(act="principal.appoint", id=act_id, actor=actor, decide=decide, request=request)


def _in_first_words(fact: principal.PrincipalAppointed) -> dict[str, Any]:
    """The command as the event's first shape said it: a retry after an upgrade finds its act by the same digest."""
    words = {**msgspec.to_builtins(fact), "type": "principal.appointed/1"}
    words.pop("reach", None)
    match fact.reach:
        case principal.Reach.AGENCY:
            return words
        case principal.Reach.CITY:
            return {**words, "city_wide": True}
        case _:
            assert_never(fact.reach)
