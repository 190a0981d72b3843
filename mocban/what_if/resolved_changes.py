"""What the changes of a plan file mean: agencies by the codes they carry, and forms filled in with what stays."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from domain.finding import Finding, Path
from domain.identifiers import Naming
from domain.plan import AgencyChange, AgencyForm, ChangeKind, UnitForm
from domain.plan_file import AgencyChangeEntry, ChangeEntry, PlanFile
from projections.whatif_snapshot import Snapshot


def unit_forms(
    changes: Sequence[ChangeEntry], units: Sequence[UUID], snapshot: Snapshot, before: str
) -> tuple[UnitForm, ...]:
    """What the renamed units become. units: which each change means. before: the day before the plan's."""
    forms = []
    for change, key in zip(changes, units, strict=True):
        unit, becomes = snapshot.units.get(key), change.becomes
        if unit is not None and becomes is not None:
            was = unit.form_on(before)
            forms.append(
                UnitForm(
                    unit=key,
                    name=becomes.name or was.name,
                    kind=becomes.kind or was.kind,
                    level=becomes.level or was.level,
                    code=becomes.code or was.code,
                )
            )
    return tuple(forms)


class PlannedAgencies:
    """The agencies that a plan file names by code. before: the day before its. found: codes that mean nobody."""

    def __init__(self, file: PlanFile, snapshot: Snapshot, naming: Naming, before: str) -> None:
        self._before = before
        self._file, self._snapshot, self._naming = file, snapshot, naming
        self._begun = {agency.code for agency in file.agencies}
        self._by_code: dict[str, list[UUID]] = {}
        for key, agency in snapshot.agencies.items():
            for code in {agency.code, *(before.code for before in agency.former)}:
                self._by_code.setdefault(code, []).append(key)
        renamed = {one.becomes.code: self._named(one.agency) for one in file.agency_changes if one.becomes}
        for code, body in renamed.items():
            if code and body is not None:
                self._by_code.setdefault(code, []).append(body)  # what the plan itself renames carries it on the day
        self.found: list[Finding] = []

    def changes(self) -> tuple[AgencyChange, ...]:
        """The changes of agencies by themselves, in the file's order."""
        return tuple(self._change(at, change) for at, change in enumerate(self._file.agency_changes))

    def receiver(self, code: str) -> UUID:
        """The agency of a code: one that begins, one that exists on the day, one that did, or one nobody knows."""
        return self._named(code) or self._naming.agency(code)

    def _change(self, at: int, change: AgencyChangeEntry) -> AgencyChange:
        path: Path = ("agency_changes", at)
        key = self._required(change.agency, (*path, "agency"), begins=change.change is ChangeKind.ESTABLISHED)
        agency, becomes = self._snapshot.agencies.get(key), change.becomes
        form = None
        if agency is not None and becomes is not None:
            was = agency.form_on(self._before)
            form = AgencyForm(
                name=becomes.name or was.name, kind=becomes.kind or was.kind, code=becomes.code or was.code
            )
        return AgencyChange(
            agency=key,
            change=change.change,
            fonds=change.fonds,
            basis=change.basis,
            successors=tuple(
                self._required(code, (*path, "successors", number), begins=True)
                for number, code in enumerate(change.successors)
            ),
            becomes=form,
        )

    def _required(self, code: str, path: Path, *, begins: bool) -> UUID:
        """begins: it may be one that begins by the plan."""
        found = self._named(code) if begins or code not in self._begun else None
        if found is None:
            facts = {"code": code, "day": self._file.effective}
            self.found.append(Finding(path=path, code="plan-agency-unknown", facts=facts))
        return found or UUID(int=0)

    def _named(self, code: str) -> UUID | None:
        if code in self._begun:
            return self._naming.agency(code)
        day = self._file.effective
        known = [(key, self._snapshot.agencies[key]) for key in self._by_code.get(code, ())]
        known.sort(
            key=lambda one: (one[1].exists_on(day) and one[1].form_on(day).code == code, one[1].valid_from),
            reverse=True,
        )
        return known[0][0] if known else None
