"""Carve a child lot, assign it otherwise, let files go back: `assignment.carve`, `.child-lot`, `.return`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from domain import agency, child_lot, child_standing, file, fonds
from domain.basis import Instrument
from domain.child_lot import CarvedFile, LotCarved, one_way
from domain.errors import Refusal
from domain.event import Event
from domain.lot import EVERY_LOT
from ledger.actor import Actor
from ledger.application import Ledger
from ledger.commands.assigned_already import child_lots, tables
from ledger.proposal import BY_DECISION, Basis, Decision, Proposal
from ledger.receipt import Receipt
from ledger.streams import Streams


class FurtherDecision(msgspec.Struct, frozen=True, kw_only=True):
    """A decision about a child lot there is. receiver None: it awaits one."""

    decision: Instrument
    effective: str
    receiver: UUID | None = None


def carve(
    ledger: Ledger, actor: Actor, act_id: UUID, stream: UUID, fact: LotCarved, lines: Sequence[CarvedFile], today: str
) -> Receipt:
    """Carve it out in one act `assignment.carve`; its files follow, at most 500 an event. `stream` is its id.

    Refused as `domain.child_lot.carve` refuses.
    """
    return ledger.perform(carving(actor, act_id, stream, fact, lines, today))


def assign(ledger: Ledger, actor: Actor, act_id: UUID, stream: UUID, said: FurtherDecision, today: str) -> Receipt:
    """Assign the whole child lot otherwise in one act `assignment.child-lot`.

    Refused as `domain.child_lot.require_assignable` refuses.
    """
    return ledger.perform(assigning(ledger, actor, act_id, stream, said, today))


def give_back(
    ledger: Ledger, actor: Actor, act_id: UUID, stream: UUID, files: Sequence[UUID], said: FurtherDecision, today: str
) -> Receipt:
    """Let files of it go with their fonds' lots again in one act `assignment.return`.

    Refused as `domain.child_lot.give_back` refuses.
    """
    return ledger.perform(giving_back(actor, act_id, stream, files, said, today))


def carving(
    actor: Actor, act_id: UUID, stream: UUID, fact: LotCarved, lines: Sequence[CarvedFile], today: str
) -> Proposal:
    """The act `assignment.carve`, whoever holds the key."""

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        state = streams.load(stream, None, child_lot.evolve)
        of = streams.load(fact.fonds, None, fonds.evolve)
        files = streams.load_many([one.file for one in lines], None, file.evolve)
        receiver = streams.load(fact.receiver, None, agency.evolve) if fact.receiver else None
        return {stream: child_lot.carve(state, fact, lines, of, files, receiver, today)}

    request = {"lot": str(stream), "fact": msgspec.to_builtins(fact), "files": [str(one.file) for one in lines]}
    return _proposed(actor, act_id, "assignment.carve", fact.decision, decide, request)


def assigning(ledger: Ledger, actor: Actor, act_id: UUID, stream: UUID, said: FurtherDecision, today: str) -> Proposal:
    """The act `assignment.child-lot`, whoever holds the key. ledger: where former assignments are looked up."""

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        state = streams.load(stream, None, child_lot.evolve)
        receiver = streams.load(said.receiver, None, agency.evolve) if said.receiver else None
        child_lot.require_assignable(state, said.receiver, receiver, said.effective, said.decision, today)
        tables(ledger, streams, ())
        known = next(iter(child_lots(ledger, streams, named=(stream,))), None)
        if known is None:
            raise Refusal("child-lot-unknown", name=stream)
        (line,) = one_way(said.receiver, said.decision)
        lines = dict.fromkeys(EVERY_LOT, msgspec.structs.replace(line, lots=()))
        return {stream: [*child_standing.assigned(known.tables, said.effective, lines, said.decision)]}

    request = {"lot": str(stream), "said": msgspec.to_builtins(said)}
    return _proposed(actor, act_id, "assignment.child-lot", said.decision, decide, request)


def giving_back(
    actor: Actor, act_id: UUID, stream: UUID, files: Sequence[UUID], said: FurtherDecision, today: str
) -> Proposal:
    """The act `assignment.return`, whoever holds the key."""

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        state = streams.load(stream, None, child_lot.evolve)
        return {stream: child_lot.give_back(state, files, said.effective, said.decision, today)}

    request = {"lot": str(stream), "said": msgspec.to_builtins(said), "files": [str(one) for one in files]}
    return _proposed(actor, act_id, "assignment.return", said.decision, decide, request)


def _proposed(actor: Actor, act_id: UUID, act: str, decision: Instrument, decide: Decision, request: Any) -> Proposal:
    basis = Basis(code=BY_DECISION, ref=decision.number)
    return Proposal(act=act, id=act_id, actor=actor, decide=decide, request=request, basis=basis)
