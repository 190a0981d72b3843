"""Enactment: an adopted plan takes effect, and its act carries the whole result.

Units and agencies end and begin on their own streams; fonds that close are guarded, not written: their
assignment and closing stand on the reorganization's stream, one event per fonds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from domain import administrative_unit, agency, fonds
from domain.absent_receiver import require_receivers
from domain.change_check import require_lawful
from domain.child_lot import LotAssigned
from domain.child_standing import ChildStanding
from domain.covering import Covering, SingleStanding
from domain.ending import ending_bodies, ending_units
from domain.errors import Refusal
from domain.event import Event
from domain.going_on import gone_on, on_streams, touched
from domain.plan import NewAgency, NewUnit, Plan
from domain.reorganization import FondsAssigned, Reorganization, ReorganizationEnacted, open_plan
from domain.single_file import FileReassigned


def enact(
    state: Reorganization | None,
    stream: UUID,
    today: str,
    units: Mapping[UUID, administrative_unit.Unit | None],
    agencies: Mapping[UUID, agency.Agency | None],
    all_fonds: Mapping[UUID, fonds.Fonds | None],
    standing: Mapping[UUID, Sequence[FondsAssigned]] | None = None,
    single: Sequence[SingleStanding] = (),
    children: Sequence[ChildStanding] = (),
) -> dict[UUID, list[Event]]:
    """Enact an adopted plan: events by stream, the reorganization's own first.

    units, agencies, all_fonds: every stream the plan touches, as read. standing: what is assigned already, by fonds, in
    the order recorded; single: files with decisions of their own; children: child lots. Refused:
    `reorganization-not-adopted`, `reorganization-too-early`, `plan-receiver-absent`, whatever `change_check` finds, and
    whatever `assign` and the ends and beginnings refuse.
    """
    adopted = open_plan(state)
    plan, basis = adopted.plan, adopted.plan.instrument.number
    if not adopted.adopted:
        raise Refusal("reorganization-not-adopted")
    if today < plan.effective:
        raise Refusal("reorganization-too-early", day=plan.effective)
    require_lawful(plan, units, agencies)
    assigned = assignments(plan, units, agencies, all_fonds, standing)
    covered = len({one.fonds for one in assigned})
    enacted = ReorganizationEnacted(effective=plan.effective, plan_hash=adopted.hash, fonds=covered)
    alone = reassignments(plan, units, agencies, single)
    carved = child_assignments(plan, units, agencies, all_fonds, children)
    require_receivers(plan, agencies, [*assigned, *carved, *alone])
    onward = gone_on(plan, agencies, all_fonds)
    events: dict[UUID, list[Event]] = {stream: [enacted, *assigned, *carved, *alone, *onward]}
    for unit in sorted(ending_units(plan), key=str):
        events[unit] = administrative_unit.end(units.get(unit), plan.effective, basis)
    bases = touched(plan, agencies)
    for one in ending_bodies(plan, agencies):
        body = agencies[one]
        if body is not None and body.valid_to != plan.effective:  # another plan of the day may have ended it already
            events[one] = agency.end(body, plan.effective, bases[one])
    events |= on_streams(plan, units, agencies)
    for new in plan.units:
        events[new.unit] = administrative_unit.establish(units.get(new.unit), _unit_fact(new, plan))
    for begun in plan.agencies:
        events[begun.agency] = agency.establish(agencies.get(begun.agency), _agency_fact(begun, plan, bases))
        events[begun.fonds] = fonds.open_fonds(all_fonds.get(begun.fonds), _fonds_fact(begun, plan))
    return events


def assignments(
    plan: Plan,
    units: Mapping[UUID, administrative_unit.Unit | None],
    agencies: Mapping[UUID, agency.Agency | None],
    all_fonds: Mapping[UUID, fonds.Fonds | None],
    standing: Mapping[UUID, Sequence[FondsAssigned]] | None = None,
) -> list[FondsAssigned]:
    """The table of every fonds that the plan covers: the what-if's answer and the enactment's.

    standing: every assignment of each fonds so far, in the order recorded.
    """
    covering, before = Covering(plan, units, agencies), standing or {}
    found: list[FondsAssigned] = []
    for key in sorted(all_fonds, key=str):
        opened = all_fonds[key]
        if opened is not None:
            found += covering.of_fonds(key, opened, before.get(key, ()))
    return found


def child_assignments(
    plan: Plan,
    units: Mapping[UUID, administrative_unit.Unit | None],
    agencies: Mapping[UUID, agency.Agency | None],
    all_fonds: Mapping[UUID, fonds.Fonds | None],
    children: Sequence[ChildStanding],
) -> list[LotAssigned]:
    """What becomes of each child lot that is with a body which ends by the plan."""
    covering, found = Covering(plan, units, agencies), []
    for one in sorted(children, key=lambda one: str(one.child)):
        opened = all_fonds.get(one.fonds)
        found += covering.of_child(opened, one) if opened is not None else []
    return found


def reassignments(
    plan: Plan,
    units: Mapping[UUID, administrative_unit.Unit | None],
    agencies: Mapping[UUID, agency.Agency | None],
    single: Sequence[SingleStanding],
) -> list[FileReassigned]:
    """What becomes of each single file that a decision of its own gave to a body which ends by the plan."""
    covering = Covering(plan, units, agencies)
    ordered = sorted(single, key=lambda one: (str(one.file), one.carrier))
    return [made for one in ordered for made in covering.of_file(one)]


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


def _agency_fact(new: NewAgency, plan: Plan, bases: Mapping[UUID, str]) -> agency.AgencyEstablished:
    return agency.AgencyEstablished(
        name=new.name,
        block=new.block,
        kind=new.kind,
        unit=new.unit,
        code=new.code,
        valid_from=plan.effective,
        basis=bases.get(new.agency, plan.instrument.number),
    )


def _fonds_fact(new: NewAgency, plan: Plan) -> fonds.FondsOpened:
    return fonds.FondsOpened(
        code=new.fonds_code,
        name=new.fonds_name,
        creators=(new.agency,),
        opened_from=plan.effective,
        line=new.line,
    )
