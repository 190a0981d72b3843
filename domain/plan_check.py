"""What a plan file says that cannot be, or that an officer should look at before anybody adopts it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

import msgspec

from domain import civil_date
from domain.change_law import form_unfit, unlawful, unlawful_of_unit
from domain.errors import Refusal
from domain.finding import Finding, Path
from domain.plan import Receiver, Rule, Selector
from domain.plan_file import AgencyFormEntry, PlanFile, UnitFormEntry
from domain.vertical_body import is_vertical


class Validity(msgspec.Struct, frozen=True, kw_only=True):
    """An instrument the archive knows: first day in force, and the first on which it is no longer (empty: still)."""

    number: str
    in_force_from: str
    in_force_to: str = ""

    def on(self, day: str) -> bool:
        """Whether it is in force on the civil day, in some reading of a partial date."""
        return self.in_force_from <= day and (not self.in_force_to or day < self.in_force_to)


def check(plan: PlanFile, known: Iterable[Validity], change_sets: Iterable[str]) -> list[Finding]:
    """Everything found, faults and flags. known: instruments. change_sets: names that `changes` may give."""
    found = list(_days(plan))
    found += _names(plan, set(change_sets))
    found += _vertical(plan)
    found += _changes(plan)
    found += _bases(plan, known)
    found += _shadowed(plan.rules)
    return found


def _vertical(plan: PlanFile) -> Iterator[Finding]:
    for at, agency in enumerate(plan.agencies):
        if is_vertical(agency.name):
            yield Finding(path=("agencies", at, "name"), code="agency-out-of-scope", facts={"code": agency.code})


def _changes(plan: PlanFile) -> Iterator[Finding]:
    """What the changes say that contradicts their kinds, as far as that needs no ledger."""
    for at, change in enumerate(plan.changes if isinstance(plan.changes, tuple) else ()):
        yield from unlawful_of_unit(("changes", at), change.change, len(change.successors))
        given, says = change.becomes is not None, change.becomes not in {None, UnitFormEntry()}
        yield from form_unfit(("changes", at), change.change, given=given, says=says)
    for at, own in enumerate(plan.agency_changes):
        path: Path = ("agency_changes", at)
        yield from unlawful(path, own.change, len(own.successors), own.fonds, own.basis)
        given, says = own.becomes is not None, own.becomes not in {None, AgencyFormEntry()}
        yield from form_unfit(path, own.change, given=given, says=says)
        if own.becomes is not None and is_vertical(own.becomes.name):
            facts = {"code": own.becomes.code or own.agency}
            yield Finding(path=(*path, "becomes", "name"), code="agency-out-of-scope", facts=facts)


def _days(plan: PlanFile) -> Iterator[Finding]:
    days = {
        ("effective",): plan.effective,
        ("instrument", "issued"): plan.instrument.issued,
        ("instrument", "in_force"): plan.instrument.in_force,
    }
    unfit = [path for path, day in days.items() if not _is_day(day)]
    yield from (Finding(path=path, code="plan-day-unfit") for path in unfit)
    if not unfit and plan.instrument.in_force > plan.effective:
        facts = {"number": plan.instrument.number, "day": plan.effective}
        yield Finding(path=("instrument", "in_force"), code="plan-instrument-not-in-force", facts=facts, flagged=True)


def _is_day(text: str) -> bool:
    try:
        return len(civil_date.parse(text)) == len("2025-07-01")
    except Refusal:
        return False


def _names(plan: PlanFile, change_sets: set[str]) -> Iterator[Finding]:
    yield from _repeated(plan.rules, "rules", "id", lambda rule: rule.id)
    yield from _repeated(plan.units, "units", "code", lambda unit: unit.code)
    yield from _repeated(plan.agencies, "agencies", "code", lambda agency: agency.code)
    yield from _repeated(plan.agency_changes, "agency_changes", "agency", lambda change: change.agency)
    if isinstance(plan.changes, str):
        if plan.changes not in change_sets:
            facts = {"known": ", ".join(sorted(change_sets))}
            yield Finding(path=("changes",), code="plan-changes-unknown", facts=facts)
        for member in ("units", "agencies", "agency_changes"):
            if getattr(plan, member):
                yield Finding(path=(member,), code="plan-bodies-twice", facts={"changes": plan.changes})
    else:
        yield from _repeated(plan.changes, "changes", "unit", lambda change: change.unit)
    receivers = {*Receiver, *plan.receivers}
    for at, rule in enumerate(plan.rules):
        if rule.receiver not in receivers:
            facts = {"known": ", ".join(sorted(receivers))}
            yield Finding(path=("rules", at, "receiver"), code="plan-receiver-unknown", facts=facts)
    used = {rule.receiver for rule in plan.rules}
    for name in plan.receivers:
        if name in set(Receiver):
            yield Finding(path=("receivers", name), code="plan-receiver-reserved", facts={"name": name})
        elif name not in used:
            yield Finding(path=("receivers", name), code="plan-receiver-unused", facts={"name": name}, flagged=True)


def _repeated(
    entries: Sequence[msgspec.Struct], member: str, key: str, name_of: Callable[..., str]
) -> Iterator[Finding]:
    seen: Counter[str] = Counter()
    for at, entry in enumerate(entries):
        name = name_of(entry)
        seen[name] += 1
        if seen[name] > 1:
            yield Finding(path=(member, at, key), code="plan-entry-repeated", facts={"name": name})


def _bases(plan: PlanFile, known: Iterable[Validity]) -> Iterator[Finding]:
    """Instruments a rule or change cites that are not in force on the plan's day, as far as they are known."""
    own = Validity(number=plan.instrument.number, in_force_from=plan.instrument.in_force)
    listed = {own.number: own, **{one.number: one for one in known}}
    patterns = [(re.compile(rf"(?<![\w/-]){re.escape(number)}(?![\w/-])"), one) for number, one in listed.items()]
    citing = [("rules", at, rule.basis) for at, rule in enumerate(plan.rules)]
    citing += [("agency_changes", at, change.basis) for at, change in enumerate(plan.agency_changes)]
    for member, at, basis in citing:
        for pattern, one in patterns:
            if pattern.search(basis) and not one.on(plan.effective):
                facts = {"number": one.number, "day": plan.effective, "from": one.in_force_from}
                facts["to"] = one.in_force_to or "-"
                yield Finding(path=(member, at, "basis"), code="plan-basis-not-in-force", facts=facts, flagged=True)


_MEMBERS: Final = tuple(field.name for field in msgspec.structs.fields(Selector))


def _shadowed(rules: tuple[Rule, ...]) -> Iterator[Finding]:
    """Rules that never win, because one before them takes everything they take."""
    for at, rule in enumerate(rules):
        before = next((one for one in rules[:at] if _takes_all_of(one.when, rule.when)), None)
        if before is not None:
            facts = {"rule": rule.id, "before": before.id}
            yield Finding(path=("rules", at, "when"), code="plan-rule-never-wins", facts=facts, flagged=True)


def _takes_all_of(wide: Selector, narrow: Selector) -> bool:
    chosen = ((getattr(wide, member), getattr(narrow, member)) for member in _MEMBERS)
    return all(not of_wide or (of_narrow and set(of_narrow) <= set(of_wide)) for of_wide, of_narrow in chosen)
