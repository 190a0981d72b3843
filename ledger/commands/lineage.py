"""Record changes of units that were reconstructed from rosters, with the units that ended by them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from domain import administrative_unit, lineage
from domain.administrative_unit import UnitEstablished
from domain.event import Event
from domain.lineage import LineageReconstructed
from ledger.actor import Actor
from ledger.application import Ledger
from ledger.proposal import Proposal
from ledger.receipt import Receipt
from ledger.streams import Streams


def reconstruct(
    ledger: Ledger,
    actor: Actor,
    act_id: UUID,
    stream: UUID,
    fact: LineageReconstructed,
    former: Mapping[UUID, UnitEstablished],
) -> Receipt:
    """Record one day's changes in one act `unit.reconstruct`. former: units to record that end by them.

    Refused as `domain.lineage.reconstruct` and as `domain.administrative_unit` refuse.
    """

    def decide(streams: Streams) -> dict[UUID, Sequence[Event]]:
        state = streams.load(stream, None, lineage.evolve)
        units = streams.load_many(sorted(former, key=str), None, administrative_unit.evolve)
        events: dict[UUID, Sequence[Event]] = {stream: lineage.reconstruct(state, fact)}
        for unit, established in former.items():
            begun = administrative_unit.establish(units[unit], established)
            standing = administrative_unit.evolve(None, established)
            events[unit] = [*begun, *administrative_unit.end(standing, fact.effective, fact.instrument.number)]
        return events

    request = {"lineage": str(stream), "fact": msgspec.to_builtins(fact), "former": len(former)}
    return ledger.perform(Proposal(act="unit.reconstruct", id=act_id, actor=actor, decide=decide, request=request))
