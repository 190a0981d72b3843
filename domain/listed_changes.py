"""The parts of a plan that say what goes on otherwise than before, as its draft lists them beside its other parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from domain.event import Event
from domain.plan import AgencyChange, Plan, UnitForm

PER_EVENT: Final = 100


class UnitFormsListed(Event, frozen=True, kw_only=True, tag="reorganization.unit-forms-listed/1"):
    """What the units become that the plan renames or retypes."""

    forms: tuple[UnitForm, ...]


class AgencyChangesListed(Event, frozen=True, kw_only=True, tag="reorganization.agency-changes-listed/1"):
    """A part of the plan's changes of agencies by themselves, each with what becomes of its fonds."""

    changes: tuple[AgencyChange, ...]


ListedChange = UnitFormsListed | AgencyChangesListed


def listed(plan: Plan) -> Iterator[ListedChange]:
    """The parts of a plan; none of one that has no such changes."""
    for at in range(0, len(plan.unit_forms), PER_EVENT):
        yield UnitFormsListed(forms=plan.unit_forms[at : at + PER_EVENT])
    for at in range(0, len(plan.agency_changes), PER_EVENT):
        yield AgencyChangesListed(changes=plan.agency_changes[at : at + PER_EVENT])


def with_listed(plan: Plan, event: ListedChange) -> Plan:
    """The plan with one part more."""
    if isinstance(event, UnitFormsListed):
        return msgspec.structs.replace(plan, unit_forms=plan.unit_forms + event.forms)
    return msgspec.structs.replace(plan, agency_changes=plan.agency_changes + event.changes)
