"""Assign a single file by its own decision, or let it rejoin its lot: `assignment.single`, `assignment.rejoin`."""

from __future__ import annotations

from uuid import UUID

import msgspec

from domain import agency, file, single_file
from domain.event import Event
from domain.single_file import FileAssigned, FileRejoined, SingleFileEvent
from ledger.actor import Actor
from ledger.application import Ledger
from ledger.proposal import BY_DECISION, Basis, Proposal
from ledger.receipt import Receipt
from ledger.streams import Streams


def record(ledger: Ledger, actor: Actor, act_id: UUID, stream: UUID, fact: SingleFileEvent, today: str) -> Receipt:
    """Record it; `stream` is the file's own for this. Refused as `domain.single_file` refuses."""
    return ledger.perform(proposed(actor, act_id, stream, fact, today))


def proposed(actor: Actor, act_id: UUID, stream: UUID, fact: SingleFileEvent, today: str) -> Proposal:
    """The act that does it, whoever holds the key."""

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        state = streams.load(stream, None, single_file.evolve)
        about = streams.load(fact.file, None, file.evolve)
        match fact:
            case FileAssigned():
                receiver = streams.load(fact.receiver, None, agency.evolve)
                return {stream: single_file.assign(state, about, fact, receiver, today)}
            case FileRejoined():
                return {stream: single_file.rejoin(state, about, fact, today)}

    act = "assignment.single" if isinstance(fact, FileAssigned) else "assignment.rejoin"
    basis = Basis(code=BY_DECISION, ref=fact.decision.number)
    request = {"stream": str(stream), "fact": msgspec.to_builtins(fact)}
    return Proposal(act=act, id=act_id, actor=actor, decide=decide, request=request, basis=basis)
