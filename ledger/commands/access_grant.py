"""Grant reading by a decision, and end a grant: acts `use.grant` and `use.end`.

Not `access.*`: that prefix is the recording service's, which notes who read and grants nobody anything.
"""

from __future__ import annotations

from uuid import UUID

import msgspec

from domain import access_grant, agency, file, fonds, principal
from domain.access_grant import AccessEnded, AccessGranted, Known
from domain.event import Event
from ledger.actor import Actor
from ledger.application import Ledger
from ledger.proposal import BY_DECISION, Basis, Decision, Proposal
from ledger.receipt import Receipt
from ledger.streams import Streams


def grant(ledger: Ledger, actor: Actor, act_id: UUID, stream: UUID, fact: AccessGranted, today: str) -> Receipt:
    """Grant it. Refused as `domain.access_grant.grant` refuses."""
    return ledger.perform(granting(actor, act_id, stream, fact, today))


def end(ledger: Ledger, actor: Actor, act_id: UUID, stream: UUID, fact: AccessEnded, today: str) -> Receipt:
    """End it. Refused as `domain.access_grant.end` refuses."""
    return ledger.perform(ending(actor, act_id, stream, fact, today))


def granting(actor: Actor, act_id: UUID, stream: UUID, fact: AccessGranted, today: str) -> Proposal:
    """The act `use.grant`, whoever holds the key."""

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        state = streams.load(stream, None, access_grant.evolve)
        return {stream: access_grant.grant(state, fact, _known(streams, fact), today)}

    return _proposed(actor, act_id, "use.grant", stream, fact, fact.decision.number, decide)


def ending(actor: Actor, act_id: UUID, stream: UUID, fact: AccessEnded, today: str) -> Proposal:
    """The act `use.end`, whoever holds the key."""

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        return {stream: access_grant.end(streams.load(stream, None, access_grant.evolve), fact, today)}

    return _proposed(actor, act_id, "use.end", stream, fact, fact.basis, decide)


def _proposed(
    actor: Actor, act_id: UUID, act: str, stream: UUID, fact: Event, cited: str, decide: Decision
) -> Proposal:
    request = {"grant": str(stream), "fact": msgspec.to_builtins(fact)}
    basis = Basis(code=BY_DECISION, ref=cited)
    return Proposal(act=act, id=act_id, actor=actor, decide=decide, request=request, basis=basis)


def _known(streams: Streams, fact: AccessGranted) -> Known:
    files = streams.load_many(fact.files, None, file.evolve)
    opened = streams.load_many(fact.fonds, None, fonds.evolve)
    return Known(
        agency=streams.load(fact.agency, None, agency.evolve) if fact.agency else None,
        principal=streams.load(fact.principal, None, principal.evolve) if fact.principal else None,
        files=[one for one, state in files.items() if state is not None],
        fonds=[one for one, state in opened.items() if state is not None],
    )
