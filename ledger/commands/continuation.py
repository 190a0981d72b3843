"""Continue an unfinished file as a file of the body that finishes it."""

from __future__ import annotations

from uuid import UUID

import msgspec

from domain import continuation, file
from domain.continuation import FileContinued
from domain.event import Event
from ledger.actor import Actor
from ledger.application import Ledger
from ledger.proposal import BY_DECISION, Basis, Proposal
from ledger.receipt import Receipt
from ledger.streams import Streams


def continue_as(ledger: Ledger, actor: Actor, act_id: UUID, stream: UUID, fact: FileContinued) -> Receipt:
    """Record in one act `file.continue` as what a file goes on; `stream` is the old part's own for this.

    Refused as `domain.continuation.continue_as` refuses.
    """

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        files = streams.load_many([fact.part, fact.whole], None, file.evolve)
        state = streams.load(stream, None, continuation.evolve)
        return {stream: continuation.continue_as(state, files[fact.part], files[fact.whole], fact)}

    basis = Basis(code=BY_DECISION, ref=fact.basis)
    return ledger.perform(
        Proposal(
            act="file.continue", id=act_id, actor=actor, decide=decide, request=msgspec.to_builtins(fact), basis=basis
        )
    )
