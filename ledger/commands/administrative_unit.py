"""Record units with their agencies and fonds: the gazetteer of a city as it was on a day."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from domain import administrative_unit, agency, fonds
from domain.administrative_unit import UnitEstablished
from domain.agency import AgencyEstablished
from domain.event import Event
from domain.fonds import FondsOpened
from ledger.actor import Actor
from ledger.application import Ledger
from ledger.proposal import Proposal
from ledger.receipt import Receipt
from ledger.streams import Streams


class AgencyEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An agency to record, with the fonds it opens."""

    agency: UUID
    fact: AgencyEstablished
    fonds: UUID
    fonds_fact: FondsOpened


class UnitEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A unit to record, with its agencies. `fact` absent: the unit is already recorded."""

    unit: UUID
    fact: UnitEstablished | None
    agencies: tuple[AgencyEntry, ...]


def record_units(ledger: Ledger, actor: Actor, act_id: UUID, entries: Sequence[UnitEntry]) -> Receipt:
    """Record units, agencies and fonds in one act `unit.record`. Refused as their `establish` refuses."""

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        bodies = [body for entry in entries for body in entry.agencies]
        units = streams.load_many([entry.unit for entry in entries if entry.fact], None, administrative_unit.evolve)
        agencies = streams.load_many([body.agency for body in bodies], None, agency.evolve)
        opened = streams.load_many([body.fonds for body in bodies], None, fonds.evolve)
        events: dict[UUID, list[Event]] = {}
        for entry in entries:
            if entry.fact:
                events[entry.unit] = administrative_unit.establish(units[entry.unit], entry.fact)
        for body in bodies:
            events[body.agency] = agency.establish(agencies[body.agency], body.fact)
            events[body.fonds] = fonds.open_fonds(opened[body.fonds], body.fonds_fact)
        return events

    return ledger.perform(
        Proposal(act="unit.record", id=act_id, actor=actor, decide=decide, request=msgspec.to_builtins(list(entries)))
    )
