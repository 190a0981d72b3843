"""Whether the changes of a plan can be, over the units and agencies there are: each fault at its place in the plan.

The what-if tells them at their line or cell before anybody drafts; the enactment refuses the first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from uuid import UUID

import msgspec

from domain.administrative_unit import Unit
from domain.agency import Agency
from domain.change_law import OF_AGENCY, OF_UNIT, Law, form_unfit, unlawful, unlawful_of_unit
from domain.ending import ending_bodies, ending_units
from domain.errors import Refusal
from domain.finding import Finding, Path
from domain.fonds import Fonds
from domain.plan import GOES_ON, AgencyChange, ChangeKind, Plan, UnitChange
from domain.vertical_body import is_vertical


def require_lawful(plan: Plan, units: Mapping[UUID, Unit | None], agencies: Mapping[UUID, Agency | None]) -> None:
    """Raise Refusal of the first fault."""
    first = next(unfit_changes(plan, units, agencies), None)
    if first is not None:
        raise Refusal(first.code, **first.facts)


def unfit_changes(
    plan: Plan,
    units: Mapping[UUID, Unit | None],
    agencies: Mapping[UUID, Agency | None],
    opened: Mapping[UUID, Fonds | None] | None = None,
) -> Iterator[Finding]:
    """Every fault of the plan's changes, and codes that are not free. All as known; at least what the plan names."""
    checking = _Checking(plan, units, agencies)
    yield from checking.codes_taken(opened or {})
    seen = Counter[UUID]()
    for at, change in enumerate(plan.changes):
        seen[change.unit] += 1
        if seen[change.unit] > 1:
            yield checking.repeated(("changes", at, "unit"), checking.unit_code(change.unit))
        elif change.change in GOES_ON:
            yield from checking.unit(("changes", at), change)
        else:
            yield from checking.unit_ends_once(("changes", at, "unit"), change.unit)
    for at, own in enumerate(plan.agency_changes):
        seen[own.agency] += 1
        if seen[own.agency] > 1:
            yield checking.repeated(("agency_changes", at, "agency"), checking.agency_code(own.agency))
        else:
            yield from checking.agency(("agency_changes", at), own)


class _Stands(msgspec.Struct, frozen=True, kw_only=True):
    """How a successor stands on the plan's day."""

    code: str
    itself: bool
    begins: bool
    ends: bool
    exists: bool


class _Checking:
    """One plan over the bodies there are."""

    def __init__(self, plan: Plan, units: Mapping[UUID, Unit | None], agencies: Mapping[UUID, Agency | None]) -> None:
        self._plan, self._day = plan, plan.effective
        self._units, self._agencies = units, agencies
        self._forms = {form.unit: form for form in plan.unit_forms}
        self._new_units = {new.unit: new.code for new in plan.units}
        self._new_agencies = {new.agency: new.code for new in plan.agencies}
        self._ending_units = ending_units(plan)
        self._ending = frozenset(ending_bodies(plan, agencies))
        own = {one.agency for one in plan.agency_changes}
        self._ended_later: dict[UUID, list[Agency]] = {}
        for key, body in agencies.items():
            if body is not None and body.valid_to > self._day and key not in own:
                self._ended_later.setdefault(body.unit, []).append(body)

    def codes_taken(self, opened: Mapping[UUID, Fonds | None]) -> Iterator[Finding]:
        """Codes of what begins that others carry on the day; of agencies and fonds, that others ever carried.

        What began on that very day under the same id is no other: a variant of this plan was enacted, and this one is
        looked at beside it.
        """
        units = self._codes_on_the_day() | {form.code for form in self._forms.values()}
        for at, new in enumerate(self._plan.units):
            if new.code in units:
                yield Finding(path=("units", at, "code"), code="plan-code-taken", facts={"code": new.code})
        for at, begun in enumerate(self._plan.agencies):
            agency, fonds = self._agencies.get(begun.agency), opened.get(begun.fonds)
            if agency is not None and agency.valid_from != self._day:
                yield Finding(path=("agencies", at, "code"), code="plan-code-taken", facts={"code": begun.code})
            if fonds is not None and fonds.opened_from != self._day:
                facts = {"code": begun.fonds_code}
                yield Finding(path=("agencies", at, "fonds_code"), code="plan-code-taken", facts=facts)

    def _codes_on_the_day(self) -> set[str]:
        """Of units that go on as they are."""
        return {
            unit.form_on(self._day).code
            for key, unit in self._units.items()
            if unit is not None
            and key not in self._ending_units
            and key not in self._forms
            and unit.exists_on(self._day)
            and not (key in self._new_units and unit.valid_from == self._day)
        }

    @staticmethod
    def repeated(path: Path, code: str) -> Finding:
        """Something is changed twice."""
        return Finding(path=path, code="plan-entry-repeated", facts={"name": code})

    def unit_code(self, key: UUID) -> str:
        """As people know it on the plan's day."""
        unit = self._units.get(key)
        return self._new_units.get(key) or (unit.form_on(self._day).code if unit else "?")

    def agency_code(self, key: UUID) -> str:
        """As people know it on the plan's day."""
        body = self._agencies.get(key)
        return self._new_agencies.get(key) or (body.form_on(self._day).code if body else "?")

    def unit(self, path: Path, change: UnitChange) -> Iterator[Finding]:
        """A unit that goes on."""
        yield from unlawful_of_unit(path, change.change, len(change.successors))
        if change.change is ChangeKind.ESTABLISHED:
            if change.unit not in self._new_units:
                code = {"code": self.unit_code(change.unit)}
                yield Finding(path=(*path, "unit"), code="plan-established-not-listed", facts=code)
            return
        unit = self._units.get(change.unit)
        if unit is None or not unit.exists_on(self._day):
            facts = {"code": self.unit_code(change.unit), "day": self._day}
            yield Finding(path=(*path, "unit"), code="plan-unit-unknown", facts=facts)
            return
        yield from form_unfit(path, change.change, given=change.unit in self._forms, says=change.unit in self._forms)
        if change.unit in self._forms:
            yield from self._renamed_unit(path, change.unit, unit)
        for at, edge in enumerate(change.successors):
            known, begins = self._units.get(edge.unit), edge.unit in self._new_units
            stands = _Stands(
                code=self.unit_code(edge.unit),
                itself=edge.unit == change.unit,
                begins=begins,
                ends=edge.unit in self._ending_units,
                exists=begins or (known is not None and known.exists_on(self._day)),
            )
            yield from self._successor((*path, "successors", at, "unit"), stands, OF_UNIT[change.change])

    def unit_ends_once(self, path: Path, key: UUID) -> Iterator[Finding]:
        """A unit, or where it goes on till now its agencies, each by its own change of a later day."""
        unit = self._units.get(key)
        later = unit is not None and unit.valid_to > self._day
        for body in [unit] if later else self._ended_later.get(key, ()):
            yield from self.ends_once(path, body)

    def ends_once(self, path: Path, body: Unit | Agency | None) -> Iterator[Finding]:
        """What ends by the plan did not end already by one of a later day, which would have nothing to end any more."""
        if body is not None and body.valid_to > self._day:
            yield Finding(path=path, code="plan-ends-already", facts={"name": body.name, "day": body.valid_to})

    def _renamed_unit(self, path: Path, key: UUID, unit: Unit) -> Iterator[Finding]:
        form = self._forms[key]
        if (form.name, form.kind, form.level, form.code) == (unit.name, unit.kind, unit.level, unit.code):
            yield Finding(path=(*path, "becomes"), code="plan-renamed-to-same", facts={"name": unit.name})
        if unit.former and unit.former[-1].until >= self._day:
            facts = {"name": unit.name, "day": unit.former[-1].until}
            yield Finding(path=(*path, "becomes"), code="renamed-later", facts=facts)
        others = {*self._new_units.values(), *(form.code for one, form in self._forms.items() if one != key)}
        if form.code in others | self._codes_on_the_day():
            yield Finding(path=(*path, "becomes", "code"), code="plan-code-taken", facts={"code": form.code})

    def agency(self, path: Path, change: AgencyChange) -> Iterator[Finding]:
        """An agency, whatever happens to it."""
        yield from unlawful(path, change.change, len(change.successors), change.fonds, change.basis)
        yield from form_unfit(path, change.change, given=bool(change.becomes), says=bool(change.becomes))
        if change.change is ChangeKind.ESTABLISHED:
            if change.agency not in self._new_agencies:
                code = {"code": self.agency_code(change.agency)}
                yield Finding(path=(*path, "agency"), code="plan-established-not-listed", facts=code)
            return
        body = self._agencies.get(change.agency)
        if body is None or not body.exists_on(self._day):
            facts = {"code": self.agency_code(change.agency), "day": self._day}
            yield Finding(path=(*path, "agency"), code="plan-agency-unknown", facts=facts)
            return
        if change.change not in GOES_ON:
            yield from self.ends_once((*path, "agency"), body)
        if change.change in GOES_ON and body.unit in self._ending_units:
            facts = {"code": body.code, "unit": self.unit_code(body.unit), "change": change.change.value}
            yield Finding(path=(*path, "change"), code="plan-agency-unit-ends", facts=facts)
        if change.becomes is not None:
            yield from self._renamed_agency(path, change, body)
        for at, one in enumerate(change.successors):
            known, begins = self._agencies.get(one), one in self._new_agencies
            stands = _Stands(
                code=self.agency_code(one),
                itself=one == change.agency,
                begins=begins,
                ends=one in self._ending,
                exists=begins or (known is not None and known.exists_on(self._day)),
            )
            yield from self._successor((*path, "successors", at), stands, OF_AGENCY[change.change])

    def _renamed_agency(self, path: Path, change: AgencyChange, body: Agency) -> Iterator[Finding]:
        form = change.becomes
        assert form is not None
        if (form.name, form.kind, form.code) == (body.name, body.kind, body.code):
            yield Finding(path=(*path, "becomes"), code="plan-renamed-to-same", facts={"name": body.name})
        if is_vertical(form.name):
            yield Finding(path=(*path, "becomes", "name"), code="agency-out-of-scope", facts={"code": form.code})
        if body.former and body.former[-1].until >= self._day:
            facts = {"name": body.name, "day": body.former[-1].until}
            yield Finding(path=(*path, "becomes"), code="renamed-later", facts=facts)
        others = {one.becomes.code for one in self._plan.agency_changes if one.becomes and one.agency != change.agency}
        others |= set(self._new_agencies.values())
        for one, other in self._agencies.items():
            if one != change.agency and other is not None:
                others |= {other.code, *(before.code for before in other.former)}
        if form.code in others:  # an agency's code is never used again
            yield Finding(path=(*path, "becomes", "code"), code="plan-code-taken", facts={"code": form.code})

    def _successor(self, path: Path, stands: _Stands, law: Law) -> Iterator[Finding]:
        """One successor: there on the day, not the changed one itself, and as the kind of change asks."""
        found = (
            "plan-successor-itself" if stands.itself
            else "plan-successor-ends" if stands.ends
            else "plan-successor-unknown" if not stands.exists
            else "plan-successor-not-beginning" if law.begins and not stands.begins
            else "plan-successor-begins" if law.goes_on and stands.begins
            else ""
        )  # fmt: skip
        if found:
            yield Finding(path=path, code=found, facts={"code": stands.code, "day": self._day})
