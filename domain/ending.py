"""Who ends by a plan: units by their change, agencies with their unit or by a change of their own."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from domain.agency import Agency
from domain.plan import GOES_ON, AgencyChange, Plan


def ending_units(plan: Plan) -> frozenset[UUID]:
    """The units that end by the plan."""
    return frozenset(change.unit for change in plan.changes if change.change not in GOES_ON)


def own_changes(plan: Plan) -> dict[UUID, AgencyChange]:
    """Agency -> the change that the plan names for it by itself."""
    return {change.agency: change for change in plan.agency_changes}


def leaving_bodies(plan: Plan, agencies: Mapping[UUID, Agency | None]) -> list[UUID]:
    """The agencies with which nothing is from the plan's day on: of units that end, and by a change of their own.

    Those that were gone before are among them, since late records may still name them.
    """
    units, own = ending_units(plan), {one.agency for one in plan.agency_changes if one.change not in GOES_ON}
    return [key for key, body in agencies.items() if body is not None and (key in own or body.unit in units)]


def ending_bodies(plan: Plan, agencies: Mapping[UUID, Agency | None]) -> list[UUID]:
    """The agencies that end by the plan: those leaving that were not gone before.

    Of a plan that was enacted they are the same: what is gone from its day on was still there.
    """
    return [
        key
        for key in leaving_bodies(plan, agencies)
        if (body := agencies[key]) is not None and not gone_before(body, plan.effective)
    ]


def gone_before(body: Agency, day: str) -> bool:
    """Whether it had ended before the civil day, on which it might still end."""
    return bool(body.valid_to) and body.valid_to < day
