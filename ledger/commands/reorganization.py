"""Draft, adopt and enact a reorganization."""

from __future__ import annotations

from uuid import UUID

import msgspec

from domain import administrative_unit, after_enactment, agency, enactment, fonds, reorganization
from domain.after_enactment import Corrected
from domain.basis import Instrument
from domain.creatorship import as_of
from domain.ending import leaving_bodies
from domain.event import Event
from domain.plan import Plan, plan_hash
from ledger.actor import Actor
from ledger.application import Ledger
from ledger.commands.assigned_already import Touched, child_lots, gone_on, single_files, tables, touched
from ledger.proposal import BY_DECISION, Basis, Proposal
from ledger.receipt import Receipt
from ledger.streams import Streams


def draft(ledger: Ledger, actor: Actor, act_id: UUID, stream: UUID, plan: Plan) -> Receipt:
    """Put a plan down in one act `reorganization.draft`."""
    return ledger.perform(drafting(actor, act_id, stream, plan))


def drafting(actor: Actor, act_id: UUID, stream: UUID, plan: Plan) -> Proposal:
    """The act `reorganization.draft`, whoever holds the key."""

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        return {stream: reorganization.draft(streams.load(stream, None, reorganization.evolve), plan)}

    request = {"reorganization": str(stream), "plan": plan_hash(plan)}
    return Proposal(act="reorganization.draft", id=act_id, actor=actor, decide=decide, request=request)


def adopt(ledger: Ledger, actor: Actor, act_id: UUID, stream: UUID, instrument: Instrument) -> Receipt:
    """Adopt a drafted plan by its instrument in one act `reorganization.adopt`."""
    return ledger.perform(adoption(actor, act_id, stream, instrument))


def adoption(actor: Actor, act_id: UUID, stream: UUID, instrument: Instrument) -> Proposal:
    """The act `reorganization.adopt`, which cites the instrument."""

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        return {stream: reorganization.adopt(streams.load(stream, None, reorganization.evolve), instrument)}

    request = {"reorganization": str(stream), "instrument": msgspec.to_builtins(instrument)}
    basis = Basis(code=BY_DECISION, ref=instrument.number)
    return Proposal(act="reorganization.adopt", id=act_id, actor=actor, decide=decide, request=request, basis=basis)


def withdraw(ledger: Ledger, actor: Actor, act_id: UUID, stream: UUID, reason: str) -> Receipt:
    """Give a plan up in one act `reorganization.withdraw`."""
    return ledger.perform(withdrawal(actor, act_id, stream, reason))


def withdrawal(actor: Actor, act_id: UUID, stream: UUID, reason: str) -> Proposal:
    """The act `reorganization.withdraw`."""

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        return {stream: reorganization.withdraw(streams.load(stream, None, reorganization.evolve), reason)}

    request = {"reorganization": str(stream), "reason": reason}
    return Proposal(act="reorganization.withdraw", id=act_id, actor=actor, decide=decide, request=request)


def enact(ledger: Ledger, actor: Actor, act_id: UUID, stream: UUID, today: str) -> Receipt:
    """Enact an adopted plan in one act `reorganization.enact`, one `FondsAssigned` per fonds and day in it.

    The act cites the plan's instrument. Refused as `domain.enactment.enact` refuses.
    """
    return ledger.perform(enacting(ledger, actor, act_id, stream, today))


def enacting(ledger: Ledger, actor: Actor, act_id: UUID, stream: UUID, today: str) -> Proposal:
    """The act `reorganization.enact`."""
    drafted = ledger.streams().load(stream, None, reorganization.evolve)

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        state = streams.load(stream, None, reorganization.evolve)
        plan = state.plan if state else None
        units, agencies, opened = _read(streams, plan, touched(ledger))
        standing = tables(ledger, streams)
        ending = leaving_bodies(plan, agencies) if plan else ()
        single = single_files(ledger, streams, ending)
        children = child_lots(ledger, streams, bodies=ending)
        known = _as_of(opened, ledger, plan.effective) if plan else opened
        return enactment.enact(state, stream, today, units, agencies, known, standing, single, children)

    request = {"reorganization": str(stream), "today": today}
    basis = Basis(code=BY_DECISION, ref=drafted.plan.instrument.number) if drafted else None
    return Proposal(act="reorganization.enact", id=act_id, actor=actor, decide=decide, request=request, basis=basis)


def correct(ledger: Ledger, actor: Actor, act_id: UUID, stream: UUID, said: Corrected) -> Receipt:
    """Assign lots otherwise by a further instrument, in one act `reorganization.correct` that cites it.

    Refused as `domain.after_enactment.correct` refuses.
    """
    return ledger.perform(correction(ledger, actor, act_id, stream, said))


def correction(ledger: Ledger, actor: Actor, act_id: UUID, stream: UUID, said: Corrected) -> Proposal:
    """The act `reorganization.correct`."""
    named = [*said.fonds.values(), *said.child_lots.values()]
    receivers = {one.receiver for lines in named for one in lines if one.receiver is not None}

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        state = streams.load(stream, None, reorganization.evolve)
        standing = tables(ledger, streams, said.fonds.keys())
        opened = _as_of(streams.load_many(sorted(said.fonds, key=str), None, fonds.evolve), ledger, said.effective)
        creators = {one.creators[0] for one in opened.values() if one is not None}
        agencies = streams.load_many(sorted(receivers | creators, key=str), None, agency.evolve)
        children = {one.child: one for one in child_lots(ledger, streams, named=said.child_lots.keys())}
        return {stream: after_enactment.correct(state, said, agencies, opened, standing, children)}

    request = {"reorganization": str(stream), "corrected": msgspec.to_builtins(said, str_keys=True)}
    basis = Basis(code=BY_DECISION, ref=said.instrument.number)
    return Proposal(act="reorganization.correct", id=act_id, actor=actor, decide=decide, request=request, basis=basis)


def complete(
    ledger: Ledger, actor: Actor, act_id: UUID, stream: UUID, on: str, known_at: int, awaiting: int
) -> Receipt:
    """Complete a reorganization of which, as known after act `known_at`, nothing awaits: act `reorganization.complete`.

    Refused as `domain.after_enactment.complete` refuses.
    """
    return ledger.perform(completion(actor, act_id, stream, on, known_at, awaiting))


def completion(actor: Actor, act_id: UUID, stream: UUID, on: str, known_at: int, awaiting: int) -> Proposal:
    """The act `reorganization.complete`."""

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        state = streams.load(stream, None, reorganization.evolve)
        return {stream: after_enactment.complete(state, on, known_at, awaiting)}

    request = {"reorganization": str(stream), "on": on, "known_at": known_at}
    return Proposal(act="reorganization.complete", id=act_id, actor=actor, decide=decide, request=request)


def _as_of(opened: dict[UUID, fonds.Fonds | None], ledger: Ledger, day: str) -> dict[UUID, fonds.Fonds | None]:
    """The fonds with who creates them on the day. Call it after `tables`."""
    later = gone_on(ledger)
    return {key: as_of(one, later[key], day) if one and key in later else one for key, one in opened.items()}


def _read(
    streams: Streams, plan: Plan | None, standing: Touched
) -> tuple[
    dict[UUID, administrative_unit.Unit | None], dict[UUID, agency.Agency | None], dict[UUID, fonds.Fonds | None]
]:
    if plan is None:
        return {}, {}, {}
    agencies = streams.load_many([*standing.agencies, *(new.agency for new in plan.agencies)], None, agency.evolve)
    changed = [body.unit for change in plan.agency_changes if (body := agencies.get(change.agency)) is not None]
    units = streams.load_many(list(dict.fromkeys(_units_of(plan) + changed)), None, administrative_unit.evolve)
    while above := {unit.parent for unit in units.values() if unit is not None and unit.parent} - units.keys():
        units |= streams.load_many(sorted(above, key=str), None, administrative_unit.evolve)
    opened = streams.load_many([*standing.fonds, *(new.fonds for new in plan.agencies)], None, fonds.evolve)
    return units, agencies, opened


def _units_of(plan: Plan) -> list[UUID]:
    """Every unit the plan changes or begins or that succeeds, and those of the standing agencies, each once."""
    named = [change.unit for change in plan.changes] + [new.unit for new in plan.units]
    named += [edge.unit for change in plan.changes for edge in change.successors]
    return list(dict.fromkeys(named + [body.unit for body in plan.standing]))
