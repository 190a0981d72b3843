"""Which part of a plan is looked at: everything, one unit, or one former district with its communes."""

from __future__ import annotations

from uuid import UUID

import msgspec

from domain.administrative_unit import Level
from domain.ending import ending_units
from domain.errors import Refusal
from domain.plan import Plan
from mocban.what_if.resolving import day_before, units_by_code
from projections.whatif_snapshot import Snapshot


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """name: as said to people. units: those that end and whose fonds are looked at; None: all of the plan."""

    name: str
    units: frozenset[UUID] | None = None


def whole_plan(plan: Plan) -> Scope:
    """All units of the plan."""
    return Scope(name=plan.title)


def of_unit(plan: Plan, snapshot: Snapshot, text: str) -> Scope:
    """A unit that changes or whose agencies do, or one that takes over: then those whose land or people come to it.

    text: an id, `CODE@DAY`, or a code that only one unit carries on the plan's day and the day before. Raises Refusal
    `unit-code-without-date`, `unit-unknown`, `plan-unit-not-changed`.
    """
    unit = _id(plan, snapshot, text)
    own = (snapshot.agencies.get(change.agency) for change in plan.agency_changes)
    changed = {change.unit for change in plan.changes} | {body.unit for body in own if body is not None}
    if unit in changed:
        return Scope(name=_name(plan, snapshot, unit), units=frozenset({unit}))
    before = {change.unit for change in plan.changes if any(edge.unit == unit for edge in change.successors)}
    if not before:
        raise Refusal("plan-unit-not-changed")
    return Scope(name=_name(plan, snapshot, unit), units=frozenset(before))


def of_former_district(plan: Plan, snapshot: Snapshot, code: str) -> Scope:
    """A district of the day before the plan's, and the communes in it. Raises Refusal `unit-unknown`."""
    before = units_by_code(snapshot, day_before(plan.effective))
    district = _uuid(code) or before.get(code)
    if district is None or district not in snapshot.units or snapshot.units[district].level is not Level.DISTRICT:
        raise Refusal("unit-unknown")
    ending = {change.unit for change in plan.changes}
    inside = {district, *(key for key, unit in snapshot.units.items() if unit.parent == district)}
    return Scope(name=_name(plan, snapshot, district), units=frozenset(inside & ending))


def _id(plan: Plan, snapshot: Snapshot, text: str) -> UUID:
    """The id that is meant."""
    known = {*snapshot.units, *(new.unit for new in plan.units)}
    given = _uuid(text)
    if given is not None:
        found = {given} & known
    elif "@" in text:
        code, day = text.split("@", 1)
        found = _carrying(plan, snapshot, code, day)
    else:
        found = _carrying(plan, snapshot, text, plan.effective)
        found |= _carrying(plan, snapshot, text, day_before(plan.effective))
    if len(found) > 1:
        raise Refusal("unit-code-without-date", code=text)
    if not found:
        raise Refusal("unit-unknown")
    return found.pop()


def _carrying(plan: Plan, snapshot: Snapshot, code: str, day: str) -> set[UUID]:
    """The unit that carries the code on the day, as if the plan were enacted."""
    found = {units_by_code(snapshot, day).get(code)}
    if day >= plan.effective:
        found -= ending_units(plan) | {form.unit for form in plan.unit_forms}
        found |= {new.unit for new in plan.units if new.code == code}
        found |= {form.unit for form in plan.unit_forms if form.code == code}
    return {one for one in found if one is not None}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _name(plan: Plan, snapshot: Snapshot, unit: UUID) -> str:
    known = snapshot.units.get(unit)
    return known.name if known else next(new.name for new in plan.units if new.unit == unit)
