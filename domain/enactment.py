"""Enactment: an adopted plan takes effect, and its act carries the whole result.

Units and agencies end and begin on their own streams; fonds that close are guarded, not written: their
assignment and closing stand on the reorganization's stream, one event per fonds.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from domain import administrative_unit, agency, fonds
from domain.assignment import FondsUnderPlan, PlanIndex, assign
from domain.errors import Refusal
from domain.event import Event
from domain.plan import GOES_ON, NewAgency, NewUnit, Plan
from domain.reorganization import FondsAssigned, Reorganization, ReorganizationEnacted, open_plan


def enact(
    state: Reorganization | None,
    stream: UUID,
    today: str,
    units: Mapping[UUID, administrative_unit.Unit | None],
    agencies: Mapping[UUID, agency.Agency | None],
    all_fonds: Mapping[UUID, fonds.Fonds | None],
) -> dict[UUID, list[Event]]:
    """Enact an adopted plan: events by stream, the reorganization's own first.

    units, agencies, all_fonds: every stream the plan touches, as read. Refused: `reorganization-not-adopted`,
    `reorganization-too-early`, `plan-change-not-ending`, and whatever `assign` and the ends and beginnings refuse.
    """
    adopted = open_plan(state)
    plan, basis = adopted.plan, adopted.plan.instrument.number
    if not adopted.adopted:
        raise Refusal("reorganization-not-adopted")
    if today < plan.effective:
        raise Refusal("reorganization-too-early", day=plan.effective)
    for change in plan.changes:
        if change.change in GOES_ON:
            raise Refusal("plan-change-not-ending", change=change.change.value)
    assigned = assignments(plan, units, agencies, all_fonds)
    enacted = ReorganizationEnacted(effective=plan.effective, plan_hash=adopted.hash, fonds=len(assigned))
    events: dict[UUID, list[Event]] = {stream: [enacted, *assigned]}
    ending = {change.unit for change in plan.changes}
    for unit in ending:
        events[unit] = administrative_unit.end(units.get(unit), plan.effective, basis)
    for one, body in agencies.items():
        if body is not None and body.unit in ending:
            events[one] = agency.end(body, plan.effective, basis)
    for new in plan.units:
        events[new.unit] = administrative_unit.establish(units.get(new.unit), _unit_fact(new, plan))
    for begun in plan.agencies:
        events[begun.agency] = agency.establish(agencies.get(begun.agency), _agency_fact(begun, plan))
        events[begun.fonds] = fonds.open_fonds(all_fonds.get(begun.fonds), _fonds_fact(begun, plan))
    return events


def assignments(
    plan: Plan,
    units: Mapping[UUID, administrative_unit.Unit | None],
    agencies: Mapping[UUID, agency.Agency | None],
    all_fonds: Mapping[UUID, fonds.Fonds | None],
) -> list[FondsAssigned]:
    """One assignment per fonds whose creator ends under the plan: the what-if's answer and the enactment's."""
    ending = {change.unit for change in plan.changes}
    index = PlanIndex(plan, _superiors(plan, units, ending))
    return [
        FondsAssigned(fonds=under.fonds, effective=plan.effective, closes=True, table=assign(index, under))
        for under in _fonds_under(units, agencies, all_fonds, ending)
    ]


def _fonds_under(
    units: Mapping[UUID, administrative_unit.Unit | None],
    agencies: Mapping[UUID, agency.Agency | None],
    all_fonds: Mapping[UUID, fonds.Fonds | None],
    ending: set[UUID],
) -> list[FondsUnderPlan]:
    found = []
    for key in sorted(all_fonds, key=str):
        opened = all_fonds[key]
        creator = agencies.get(opened.creators[0]) if opened else None
        unit = units.get(creator.unit) if creator else None
        if opened is None or creator is None or unit is None or creator.unit not in ending:
            continue
        under = FondsUnderPlan(
            fonds=key,
            agency=opened.creators[0],
            block=creator.block,
            kind=creator.kind,
            level=unit.level,
            unit=creator.unit,
        )
        found.append(under)
    return found


def _superiors(
    plan: Plan, units: Mapping[UUID, administrative_unit.Unit | None], ending: set[UUID]
) -> dict[UUID, UUID]:
    """The first unit above each ending one that goes on: after 2025-06-30 a commune's is the city."""
    found = {}
    for change in plan.changes:
        unit = units.get(change.unit)
        above = unit.parent if unit else None
        while above is not None and above in ending:
            parent = units.get(above)
            above = parent.parent if parent else None
        if above is not None:
            found[change.unit] = above
    return found


def _unit_fact(new: NewUnit, plan: Plan) -> administrative_unit.UnitEstablished:
    return administrative_unit.UnitEstablished(
        name=new.name,
        kind=new.kind,
        level=new.level,
        code=new.code,
        valid_from=plan.effective,
        parent=new.parent,
        basis=plan.instrument.number,
    )


def _agency_fact(new: NewAgency, plan: Plan) -> agency.AgencyEstablished:
    return agency.AgencyEstablished(
        name=new.name,
        block=new.block,
        kind=new.kind,
        unit=new.unit,
        code=new.code,
        valid_from=plan.effective,
        basis=plan.instrument.number,
    )


def _fonds_fact(new: NewAgency, plan: Plan) -> fonds.FondsOpened:
    return fonds.FondsOpened(
        code=new.fonds_code,
        name=new.fonds_name,
        creators=(new.agency,),
        opened_from=plan.effective,
        line=new.line,
    )
