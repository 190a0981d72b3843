"""What goes on by a plan: units and agencies in another form or less a part, and the fonds of those that it touches.

A fonds goes on while one of its creators does, or where an absorbed creator's change cites that it goes on under the
receiver; then no record of it has to move by rules made for what has closed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from domain import administrative_unit, agency
from domain.administrative_unit import Unit, UnitBoundaryAdjusted, UnitEdge, UnitRenamed, UnitSeparated
from domain.agency import Agency, AgencyBoundaryAdjusted, AgencyRenamed, AgencySeparated
from domain.assignment import AssignmentLine
from domain.basis import Confidence
from domain.creatorship import FondsWentOn
from domain.ending import ending_bodies, gone_before, own_changes
from domain.event import Event
from domain.fonds import Fonds
from domain.plan import AgencyChange, ChangeKind, FondsOutcome, Plan, UnitChange
from domain.reorganization import FondsAssigned

FONDS_GOES_ON: Final = "fonds-goes-on"
"""The rule of lots that stay with a fonds which goes on under another creator."""
_RECEIVERS_GO_ON: Final = (ChangeKind.ABSORBED, ChangeKind.BOUNDARY_ADJUSTED)


def creators_after(
    creators: Collection[UUID], ending: Collection[UUID], own: Mapping[UUID, AgencyChange]
) -> tuple[UUID, ...]:
    """Who creates the fonds from the plan's day on; nobody: it closes. creators: until then."""
    staying = [one for one in creators if one not in ending]
    heirs = [
        own[one].successors[0]
        for one in creators
        if one in ending and one in own and own[one].fonds is FondsOutcome.GOES_ON and own[one].successors
    ]
    return tuple(dict.fromkeys([*staying, *heirs]))


def goes_on_with(
    plan: Plan, creators: Collection[UUID], after: Collection[UUID], ending: Collection[UUID], table: FondsAssigned
) -> dict[str, AssignmentLine]:
    """Lot -> its line, of lots that creators who end must have: they stay with the fonds, so with its next creator."""
    own = own_changes(plan)
    lines: dict[str, AssignmentLine] = {}
    for one in table.table if after else ():
        if one.receiver in creators and one.receiver in ending and one.receiver is not None:
            basis = own[one.receiver].basis if one.receiver in own else plan.instrument.number
            line = AssignmentLine(
                lots=(), receiver=next(iter(after)), rule=FONDS_GOES_ON, basis=basis, confidence=Confidence.DECISION
            )
            lines |= dict.fromkeys(one.lots, line)
    return lines


def gone_on(
    plan: Plan, agencies: Mapping[UUID, Agency | None], all_fonds: Mapping[UUID, Fonds | None]
) -> list[FondsWentOn]:
    """One for each fonds of a body that the plan touches and that does not close. all_fonds: as of the plan's day."""
    bases, ending, own = touched(plan, agencies), frozenset(ending_bodies(plan, agencies)), own_changes(plan)
    found = []
    for key in sorted(all_fonds, key=str) if bases else ():
        fonds = all_fonds[key]
        basis = next((bases[one] for one in fonds.creators if one in bases), None) if fonds else None
        after = creators_after(fonds.creators, ending, own) if fonds else ()
        if fonds is not None and basis is not None and after:
            former = tuple(one for one in fonds.creators if one in ending)
            found.append(FondsWentOn(fonds=key, effective=plan.effective, creators=after, former=former, basis=basis))
    return found


def touched(plan: Plan, agencies: Mapping[UUID, Agency | None]) -> dict[UUID, str]:
    """Each agency of that day that ends, changes or receives by the plan -> the basis of it: its own change's first."""
    by_law = plan.instrument.number
    units = {change.unit for change in plan.changes} | {
        edge.unit for change in plan.changes if change.change in _RECEIVERS_GO_ON for edge in change.successors
    }
    bases = {
        key: by_law
        for key, body in agencies.items()
        if body is not None and body.unit in units and not gone_before(body, plan.effective)
    }
    for change in plan.agency_changes:
        if change.change in _RECEIVERS_GO_ON:
            bases |= dict.fromkeys(change.successors, change.basis)
    return bases | {change.agency: change.basis for change in plan.agency_changes}


def on_streams(
    plan: Plan, units: Mapping[UUID, Unit | None], agencies: Mapping[UUID, Agency | None]
) -> dict[UUID, list[Event]]:
    """Events on the streams of units and agencies that go on otherwise than before.

    Refused as `rename` and `part` of `administrative_unit` and `agency` refuse.
    """
    events: dict[UUID, list[Event]] = {}
    for change in plan.changes:
        if made := _of_unit(plan, change, units.get(change.unit)):
            events[change.unit] = made
    for own in plan.agency_changes:
        if made := _of_agency(plan, own, agencies.get(own.agency)):
            events[own.agency] = made
    return events


def _of_unit(plan: Plan, change: UnitChange, unit: Unit | None) -> list[Event]:
    day, basis = plan.effective, plan.instrument.number
    to = tuple(
        UnitEdge(unit=edge.unit, share=edge.share, population_share=edge.population_share, clause=edge.clause)
        for edge in change.successors
    )
    match change.change:
        case ChangeKind.RENAMED:
            form = next(one for one in plan.unit_forms if one.unit == change.unit)
            fact = UnitRenamed(
                name=form.name, kind=form.kind, level=form.level, code=form.code, effective=day, basis=basis
            )
            return administrative_unit.rename(unit, fact)
        case ChangeKind.SEPARATED:
            return administrative_unit.part(unit, UnitSeparated(to=to, effective=day, basis=basis))
        case ChangeKind.BOUNDARY_ADJUSTED:
            return administrative_unit.part(unit, UnitBoundaryAdjusted(to=to, effective=day, basis=basis))
        case _:
            return []


def _of_agency(plan: Plan, change: AgencyChange, body: Agency | None) -> list[Event]:
    day, basis, to, form = plan.effective, change.basis, change.successors, change.becomes
    match change.change:
        case ChangeKind.RENAMED if form is not None:
            fact = AgencyRenamed(name=form.name, kind=form.kind, code=form.code, effective=day, basis=basis)
            return agency.rename(body, fact)
        case ChangeKind.SEPARATED:
            return agency.part(body, AgencySeparated(to=to, effective=day, basis=basis))
        case ChangeKind.BOUNDARY_ADJUSTED:
            return agency.part(body, AgencyBoundaryAdjusted(to=to, effective=day, basis=basis))
        case _:
            return []
