"""Destroy a file's content: decided by two, carried out, recorded, and complete when no back-up can bring it back."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from domain import disposition, file
from domain.disposition import DestructionDecided, disposition_stream
from domain.errors import Refusal
from domain.event import Event
from ledger.actor import Actor
from ledger.application import Ledger
from ledger.proposal import BY_DECISION, Basis, Proposal
from ledger.receipt import Receipt
from ledger.streams import Streams


def decide(
    ledger: Ledger, proposer: Actor, decider: Actor, act_id: UUID, fact: DestructionDecided, today: str
) -> Receipt | None:
    """Decide, in one dual act; None when the same was decided before. Refused as `domain.disposition.decide`."""
    state = ledger.streams().load(disposition_stream(fact.file), None, disposition.evolve)
    if state is not None:
        disposition.decide(state, ledger.streams().load(fact.file, None, file.evolve), fact, today)
        return None
    return ledger.perform(decision(proposer, decider, act_id, fact, today))


def decision(proposer: Actor, decider: Actor, act_id: UUID, fact: DestructionDecided, today: str) -> Proposal:
    """The dual act `disposition.decide`: who proposes, then who decides; for those who sign it here or elsewhere.

    Refused: `destruction-one-person`, and as `domain.disposition.decide`.
    """
    if proposer.id == decider.id:
        raise Refusal("destruction-one-person")
    stream = disposition_stream(fact.file)

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        state = streams.load(stream, None, disposition.evolve)
        subject = streams.load(fact.file, None, file.evolve)
        return {stream: disposition.decide(state, subject, fact, today)}

    return Proposal(
        act="disposition.decide",
        id=act_id,
        actor=proposer,
        co_signers=(decider,),
        decide=decide,
        request={"file": str(fact.file), "ground": fact.ground, "basis": fact.basis},
        basis=Basis(code=BY_DECISION, ref=fact.basis),
    )


def record_carried_out(
    ledger: Ledger, actor: Actor, act_id: UUID, of: UUID, documents: Sequence[UUID], kept_until: str
) -> Receipt | None:
    """Record in one act `disposition.carry-out` that the content of file `of` is gone; None when it is on record.

    After the content is gone: an act that came first would be a lie if the machine stopped between the two.
    """

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        state = streams.load(disposition_stream(of), None, disposition.evolve)
        subject = streams.load(of, None, file.evolve)
        return {of: disposition.carry_out(state, subject, tuple(documents), kept_until)}

    if not decide(ledger.streams())[of]:
        return None
    request = {"file": str(of), "documents": [str(one) for one in documents], "kept_until": kept_until}
    return ledger.perform(Proposal(act="disposition.carry-out", id=act_id, actor=actor, decide=decide, request=request))


def check_complete(ledger: Ledger, of: UUID, today: str) -> None:
    """Whether the destruction could be recorded as complete. Refused as `domain.disposition.complete`."""
    streams = ledger.streams()
    state = streams.load(disposition_stream(of), None, disposition.evolve)
    disposition.complete(state, streams.load(of, None, file.evolve), today)


def record_completed(ledger: Ledger, actor: Actor, act_id: UUID, of: UUID, today: str) -> Receipt | None:
    """Record in one act `disposition.complete`; None when it is on record. Refused as `domain.disposition.complete`."""
    stream = disposition_stream(of)

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        state = streams.load(stream, None, disposition.evolve)
        return {stream: disposition.complete(state, streams.load(of, None, file.evolve), today)}

    if not decide(ledger.streams())[stream]:
        return None
    request = {"file": str(of), "on": today}
    return ledger.perform(Proposal(act="disposition.complete", id=act_id, actor=actor, decide=decide, request=request))
