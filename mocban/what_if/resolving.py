"""From a plan file to a plan: which units and agencies its codes mean, each on the day the entry speaks of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

import msgspec

from domain.agency import Agency
from domain.change_check import unfit_changes
from domain.ending import ending_bodies
from domain.finding import Finding, Path
from domain.fonds import line_of
from domain.identifiers import Naming
from domain.plan import GOES_ON, ChangeKind, NewAgency, NewUnit, Plan, Standing, Succession, UnitChange, plan_hash
from domain.plan_file import AgencyEntry, ChangeEntry, PlanFile, UnitEntry
from mocban.hanoi import plan_of
from mocban.what_if.resolved_changes import PlannedAgencies, unit_forms
from projections.whatif_snapshot import Snapshot


def resolve(file: PlanFile, snapshot: Snapshot, naming: Naming) -> tuple[Plan | None, list[Finding]]:
    """The plan with its ids, or the places whose codes mean nothing. A checked plan file is taken for granted."""
    if isinstance(file.changes, str):
        return plan_of(file, naming), []
    resolving = _Resolving(file, snapshot, naming)
    plan = resolving.plan(file.changes)
    return (None, resolving.found) if resolving.found else (plan, [])


def lawful(file: PlanFile, snapshot: Snapshot, naming: Naming) -> tuple[Plan | None, list[Finding]]:
    """As `resolve`; of a plan that is still to be carried out also what its changes say that cannot be."""
    plan, found = resolve(file, snapshot, naming)
    if plan is not None and plan_hash(plan) not in snapshot.enacted:
        found = list(unfit_changes(plan, snapshot.units, snapshot.agencies, snapshot.fonds))
    return (None, found) if found else (plan, [])


def day_before(day: str) -> str:
    """The civil day before."""
    return (dt.date.fromisoformat(day) - dt.timedelta(days=1)).isoformat()


def units_by_code(snapshot: Snapshot, day: str) -> dict[str, UUID]:
    """The units that exist on the day, by the code they carry then."""
    return {unit.form_on(day).code: key for key, unit in snapshot.units.items() if unit.exists_on(day)}


class _Resolving:
    """One plan file over one snapshot."""

    def __init__(self, file: PlanFile, snapshot: Snapshot, naming: Naming) -> None:
        self._file, self._snapshot, self._naming = file, snapshot, naming
        self.found: list[Finding] = []
        self._before = units_by_code(snapshot, day_before(file.effective))
        listed = file.changes if isinstance(file.changes, tuple) else ()
        changed = [change for change in listed if change.unit in self._before]
        ending = {self._before[change.unit] for change in changed if change.change not in GOES_ON}
        renamed = {self._before[one.unit]: one.becomes.code for one in changed if one.becomes and one.becomes.code}
        there = units_by_code(snapshot, file.effective)
        going_on = {code: key for code, key in there.items() if key not in ending and key not in renamed}
        self._after = going_on | {code: key for key, code in renamed.items() if key not in ending}
        self._after |= {unit.code: naming.unit(unit.code, file.effective) for unit in file.units}
        self.agencies = PlannedAgencies(file, snapshot, naming, day_before(file.effective))

    def plan(self, changes: tuple[ChangeEntry, ...]) -> Plan:
        """The plan; where something was not found, an unknown id stands in it."""
        file = self._file
        listed = tuple(self._change(at, change) for at, change in enumerate(changes))
        plan = Plan(
            title=file.title,
            effective=file.effective,
            instrument=file.instrument,
            receivers={name: self.agencies.receiver(code) for name, code in file.receivers.items()},
            changes=listed,
            units=tuple(self._new_unit(at, unit) for at, unit in enumerate(file.units)),
            agencies=tuple(self._new_agency(at, agency) for at, agency in enumerate(file.agencies)),
            standing=(),
            rules=file.rules,
            unmatched_may_await=file.unmatched_may_await,
            unit_forms=unit_forms(
                changes, [change.unit for change in listed], self._snapshot, day_before(file.effective)
            ),
            agency_changes=self.agencies.changes(),
        )
        self.found += self.agencies.found
        return msgspec.structs.replace(plan, standing=tuple(self._standing(plan)))

    def _unit(self, code: str, on: Mapping[str, UUID], day: str, path: Path) -> UUID:
        if code not in on:
            self.found.append(Finding(path=path, code="plan-unit-unknown", facts={"code": code, "day": day}))
            return UUID(int=0)
        return on[code]

    def _change(self, at: int, change: ChangeEntry) -> UnitChange:
        file, path = self._file, ("changes", at)
        successors = tuple(
            Succession(
                unit=self._unit(edge.unit, self._after, file.effective, (*path, "successors", number, "unit")),
                share=edge.share,
                population_share=edge.population_share,
                clause=edge.clause,
            )
            for number, edge in enumerate(change.successors)
        )
        begins = change.change is ChangeKind.ESTABLISHED
        on, day = (self._after, file.effective) if begins else (self._before, day_before(file.effective))
        unit = self._unit(change.unit, on, day, (*path, "unit"))
        return UnitChange(unit=unit, change=change.change, successors=successors)

    def _new_unit(self, at: int, unit: UnitEntry) -> NewUnit:
        path: Path = ("units", at, "parent")
        parent = self._unit(unit.parent, self._after, self._file.effective, path) if unit.parent else None
        begins = self._after[unit.code]
        return NewUnit(unit=begins, name=unit.name, kind=unit.kind, level=unit.level, code=unit.code, parent=parent)

    def _new_agency(self, at: int, agency: AgencyEntry) -> NewAgency:
        return NewAgency(
            agency=self._naming.agency(agency.code),
            name=agency.name,
            block=agency.block,
            kind=agency.kind,
            unit=self._unit(agency.unit, self._after, self._file.effective, ("agencies", at, "unit")),
            code=agency.code,
            fonds=self._naming.fonds(agency.fonds_code),
            fonds_code=agency.fonds_code,
            fonds_name=agency.fonds_name,
            line=line_of(agency.block),
        )

    def _standing(self, plan: Plan) -> list[Standing]:
        """Agencies that go on; those the plan begins are not among them, also once it was enacted."""
        begun = {self._naming.agency(agency.code) for agency in self._file.agencies}
        ending = set(ending_bodies(plan, self._snapshot.agencies))
        becomes = {change.agency: change.becomes for change in plan.agency_changes}

        def stands(key: UUID, agency: Agency) -> bool:
            return agency.exists_on(self._file.effective) and key not in ending and key not in begun

        return [
            Standing(agency=key, block=agency.block, kind=(becomes.get(key) or agency).kind, unit=agency.unit)
            for key, agency in sorted(self._snapshot.agencies.items(), key=lambda one: str(one[0]))
            if stands(key, agency)
        ]
