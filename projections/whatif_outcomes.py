"""What becomes of each fonds by a plan, on which basis: it goes on, closes or opens. As enactment would record."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import msgspec

from domain.ending import ending_bodies, own_changes
from domain.going_on import creators_after, gone_on, touched
from domain.plan import FondsOutcome, Plan
from projections.whatif_snapshot import Snapshot


class FondsOutcomeFound(msgspec.Struct, frozen=True, kw_only=True):
    """Of one fonds. creators: who creates it from the day on; of one that closes, who did until then."""

    fonds: UUID
    outcome: FondsOutcome
    creators: tuple[UUID, ...]
    former: tuple[UUID, ...]
    basis: str


def outcomes(plan: Plan, snapshot: Snapshot) -> list[FondsOutcomeFound]:
    """Of every fonds that a body touched by the plan creates, and of those that open."""
    return [*_going_on(plan, snapshot), *_closing(plan, snapshot), *_opening(plan)]


def _going_on(plan: Plan, snapshot: Snapshot) -> Iterator[FondsOutcomeFound]:
    for one in gone_on(plan, snapshot.agencies, snapshot.fonds_of(plan)):
        yield FondsOutcomeFound(
            fonds=one.fonds,
            outcome=FondsOutcome.GOES_ON,
            creators=one.creators,
            former=one.former,
            basis=one.basis,
        )


def _closing(plan: Plan, snapshot: Snapshot) -> Iterator[FondsOutcomeFound]:
    ending, own = frozenset(ending_bodies(plan, snapshot.agencies)), own_changes(plan)
    bases = touched(plan, snapshot.agencies)
    for key, fonds in sorted(snapshot.fonds_of(plan).items(), key=lambda one: str(one[0])):
        gone = tuple(one for one in fonds.creators if one in ending)
        if gone and not creators_after(fonds.creators, ending, own):
            yield FondsOutcomeFound(
                fonds=key, outcome=FondsOutcome.CLOSES, creators=fonds.creators, former=gone, basis=bases[gone[0]]
            )


def _opening(plan: Plan) -> Iterator[FondsOutcomeFound]:
    bases = {change.agency: change.basis for change in plan.agency_changes}
    for new in plan.agencies:
        yield FondsOutcomeFound(
            fonds=new.fonds,
            outcome=FondsOutcome.OPENS,
            creators=(new.agency,),
            former=(),
            basis=bases.get(new.agency, plan.instrument.number),
        )
