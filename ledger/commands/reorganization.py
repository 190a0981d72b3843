"""Draft, adopt and enact a reorganization."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Final, cast
from uuid import UUID

import msgspec
from eventsourcing.persistence import Notification

from domain import administrative_unit, after_enactment, agency, enactment, fonds, reorganization
from domain.after_enactment import Corrected
from domain.basis import Instrument
from domain.event import Event
from domain.events import event_type
from domain.plan import Plan, plan_hash
from ledger.actor import Actor
from ledger.application import Ledger
from ledger.mapper import StreamEvent
from ledger.proposal import BY_DECISION, Basis, Proposal
from ledger.receipt import Receipt
from ledger.streams import Streams

_AGENCY: Final = event_type(agency.AgencyEstablished)
_FONDS: Final = event_type(fonds.FondsOpened)
_ENACTED: Final = event_type(reorganization.ReorganizationEnacted)
_ASSIGNED: Final = event_type(reorganization.FondsAssigned)
_PAGE: Final = 1000


class Touched(msgspec.Struct, frozen=True, kw_only=True):
    """What a plan may touch: every agency and fonds there is."""

    agencies: Sequence[UUID]
    fonds: Sequence[UUID]


def touched(ledger: Ledger) -> Touched:
    """Every agency and fonds that the log itself knows: a decision must not rest on a view that could lag."""
    found: dict[str, list[UUID]] = {_AGENCY: [], _FONDS: []}
    for one in _stored(ledger, _AGENCY, _FONDS):
        found[one.topic].append(UUID(str(one.originator_id)))
    return Touched(agencies=found[_AGENCY], fonds=found[_FONDS])


def _stored(ledger: Ledger, *types: str) -> Iterator[Notification]:
    """Every event of some types that the log has, in its order."""
    start: int | None = 1
    while start is not None:
        page = ledger.log_recorder.select_notifications(start, _PAGE, topics=types)
        yield from page
        start = page[-1].id + 1 if len(page) == _PAGE else None


def _standing(
    ledger: Ledger, streams: Streams, named: Collection[UUID]
) -> dict[UUID, list[reorganization.FondsAssigned]]:
    """Every assignment of the fonds named, by whichever reorganization; those become guards, before it is read."""
    enacted = [UUID(str(one.originator_id)) for one in _stored(ledger, _ENACTED)]
    for stream in enacted:
        streams.load(stream, None, reorganization.evolve)
    found: dict[UUID, list[reorganization.FondsAssigned]] = {}
    for one in _stored(ledger, _ASSIGNED):
        event = cast("StreamEvent", ledger.mapper.to_domain_event(one)).event
        if isinstance(event, reorganization.FondsAssigned) and event.fonds in named:
            found.setdefault(event.fonds, []).append(event)
    return found


def draft(ledger: Ledger, actor: Actor, act_id: UUID, stream: UUID, plan: Plan) -> Receipt:
    """Put a plan down in one act `reorganization.draft`."""

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        return {stream: reorganization.draft(streams.load(stream, None, reorganization.evolve), plan)}

    request = {"reorganization": str(stream), "plan": plan_hash(plan)}
    return ledger.perform(Proposal(act="reorganization.draft", id=act_id, actor=actor, decide=decide, request=request))


def adopt(ledger: Ledger, actor: Actor, act_id: UUID, stream: UUID, instrument: Instrument) -> Receipt:
    """Adopt a drafted plan by its instrument in one act `reorganization.adopt`."""

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        return {stream: reorganization.adopt(streams.load(stream, None, reorganization.evolve), instrument)}

    request = {"reorganization": str(stream), "instrument": msgspec.to_builtins(instrument)}
    basis = Basis(code=BY_DECISION, ref=instrument.number)
    return ledger.perform(
        Proposal(act="reorganization.adopt", id=act_id, actor=actor, decide=decide, request=request, basis=basis)
    )


def withdraw(ledger: Ledger, actor: Actor, act_id: UUID, stream: UUID, reason: str) -> Receipt:
    """Give a plan up in one act `reorganization.withdraw`."""

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        return {stream: reorganization.withdraw(streams.load(stream, None, reorganization.evolve), reason)}

    request = {"reorganization": str(stream), "reason": reason}
    return ledger.perform(
        Proposal(act="reorganization.withdraw", id=act_id, actor=actor, decide=decide, request=request)
    )


def enact(ledger: Ledger, actor: Actor, act_id: UUID, stream: UUID, today: str) -> Receipt:
    """Enact an adopted plan in one act `reorganization.enact`, one `FondsAssigned` per fonds in it.

    The act cites the plan's instrument. Refused as `domain.enactment.enact` refuses.
    """
    drafted = ledger.streams().load(stream, None, reorganization.evolve)

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        state = streams.load(stream, None, reorganization.evolve)
        units, agencies, opened = _read(streams, state.plan if state else None, touched(ledger))
        return enactment.enact(state, stream, today, units, agencies, opened)

    request = {"reorganization": str(stream), "today": today}
    basis = Basis(code=BY_DECISION, ref=drafted.plan.instrument.number) if drafted else None
    return ledger.perform(
        Proposal(act="reorganization.enact", id=act_id, actor=actor, decide=decide, request=request, basis=basis)
    )


def correct(ledger: Ledger, actor: Actor, act_id: UUID, stream: UUID, said: Corrected) -> Receipt:
    """Assign lots otherwise by a further instrument, in one act `reorganization.correct` that cites it.

    Refused as `domain.after_enactment.correct` refuses.
    """
    receivers = {one.receiver for of_fonds in said.fonds.values() for one in of_fonds if one.receiver is not None}

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        state = streams.load(stream, None, reorganization.evolve)
        opened = streams.load_many(sorted(said.fonds, key=str), None, fonds.evolve)
        creators = {one.creators[0] for one in opened.values() if one is not None}
        agencies = streams.load_many(sorted(receivers | creators, key=str), None, agency.evolve)
        standing = _standing(ledger, streams, said.fonds.keys())
        return {stream: after_enactment.correct(state, said, agencies, opened, standing)}

    request = {"reorganization": str(stream), "corrected": msgspec.to_builtins(said, str_keys=True)}
    basis = Basis(code=BY_DECISION, ref=said.instrument.number)
    return ledger.perform(
        Proposal(act="reorganization.correct", id=act_id, actor=actor, decide=decide, request=request, basis=basis)
    )


def complete(
    ledger: Ledger, actor: Actor, act_id: UUID, stream: UUID, on: str, known_at: int, awaiting: int
) -> Receipt:
    """Complete a reorganization of which, as known after act `known_at`, nothing awaits: act `reorganization.complete`.

    Refused as `domain.after_enactment.complete` refuses.
    """

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        state = streams.load(stream, None, reorganization.evolve)
        return {stream: after_enactment.complete(state, on, known_at, awaiting)}

    request = {"reorganization": str(stream), "on": on, "known_at": known_at}
    return ledger.perform(
        Proposal(act="reorganization.complete", id=act_id, actor=actor, decide=decide, request=request)
    )


def _read(
    streams: Streams, plan: Plan | None, standing: Touched
) -> tuple[
    dict[UUID, administrative_unit.Unit | None], dict[UUID, agency.Agency | None], dict[UUID, fonds.Fonds | None]
]:
    if plan is None:
        return {}, {}, {}
    units = streams.load_many(_units_of(plan), None, administrative_unit.evolve)
    agencies = streams.load_many([*standing.agencies, *(new.agency for new in plan.agencies)], None, agency.evolve)
    opened = streams.load_many([*standing.fonds, *(new.fonds for new in plan.agencies)], None, fonds.evolve)
    return units, agencies, opened


def _units_of(plan: Plan) -> list[UUID]:
    """Every unit the plan ends or begins, and those the standing agencies belong to, each once."""
    named = [change.unit for change in plan.changes] + [new.unit for new in plan.units]
    return list(dict.fromkeys(named + [body.unit for body in plan.standing]))
