"""What a plan covers: every lot and every single file that is with a body which ends by it, by whichever decision.

Fonds that such a body created, and whatever of other fonds an earlier plan or correction gave to it. The rules are
asked with that body's block, kind, level and change, since what moves is the task of the one that must have the papers;
the fonds keeps its own line. Lots that are with others stay with them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

import msgspec

from domain.administrative_unit import Unit
from domain.agency import Agency
from domain.assignment import AssignmentLine, FondsUnderPlan, PlanIndex, assign
from domain.child_lot import LotAssigned
from domain.child_standing import ChildStanding, as_event
from domain.ending import ending_bodies, ending_units, leaving_bodies
from domain.fonds import Fonds
from domain.going_on import creators_after, goes_on_with
from domain.lot import Carrier
from domain.lot_table import by_day, moved, opening, together, ways
from domain.plan import Plan
from domain.reorganization import FondsAssigned
from domain.single_file import FileReassigned


class LotsAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Lots, by the texts of their keys, that a plan's rules are asked of, and what they are asked with."""

    under: FondsUnderPlan
    lots: tuple[str, ...]


class OwnDecision(msgspec.Struct, frozen=True, kw_only=True):
    """One decision about one file's carrier. apart: False where the file goes with its lot again from then on.

    receiver None while apart: it awaits one.
    """

    effective: str
    receiver: UUID | None
    apart: bool = True


class SingleStanding(msgspec.Struct, frozen=True, kw_only=True):
    """A carrier of a file with decisions of its own, in the order recorded. lot: text of the key of its lot."""

    file: UUID
    carrier: Carrier
    fonds: UUID
    lot: str
    decisions: tuple[OwnDecision, ...]


class Covering:
    """A plan over the bodies there are."""

    def __init__(self, plan: Plan, units: Mapping[UUID, Unit | None], agencies: Mapping[UUID, Agency | None]) -> None:
        self._plan = plan
        self._index = PlanIndex(plan, _superiors(plan, units))
        self._units, self._agencies = units, agencies
        self.ending = frozenset(leaving_bodies(plan, agencies))
        self._ends_now = frozenset(ending_bodies(plan, agencies))

    def asked(self, fonds: Fonds, table: FondsAssigned) -> list[LotsAsked]:
        """The lots of a table that are with a body which ends, but for those that stay with a fonds that goes on."""
        stay = fonds.creators if self._after(fonds) else ()
        leaving = {line.receiver for line in table.table if line.receiver in self.ending and line.receiver not in stay}
        if not leaving:
            return []
        by_body: dict[UUID, list[str]] = {}
        if len(table.table) == 1:
            by_body = {body: [*dict.fromkeys(table.table[0].lots)] for body in leaving}
        else:
            for lot, line in ways(table).items():
                if line.receiver is not None and line.receiver in leaving:
                    by_body.setdefault(line.receiver, []).append(lot)
        asked = ((self._under(table.fonds, body), tuple(lots)) for body, lots in by_body.items())
        return [LotsAsked(under=under, lots=lots) for under, lots in asked if under is not None]

    def of_fonds(self, key: UUID, fonds: Fonds, standing: Sequence[FondsAssigned]) -> list[FondsAssigned]:
        """The fonds' table from the plan's day on, and again each later one that names a body which ends.

        standing: every assignment of it so far, in the order recorded. Empty where the plan does not touch it.
        """
        closes = not self._ends_now.isdisjoint(fonds.creators) and not self._after(fonds)
        made = []
        for table, day in self._in_force(key, fonds, standing):
            lines = self._lines(fonds, table)
            closing = closes and day == self._plan.effective
            if lines or closing:
                made.append(moved(table, day, lines, closes=closing))
        return made

    def of_child(self, fonds: Fonds, one: ChildStanding) -> list[LotAssigned]:
        """The child lot's table from the plan's day on, as `of_fonds`. fonds: the one it was carved out of."""
        days = by_day(one.tables)
        before = [table for table in days if table.effective <= self._plan.effective][-1:]
        later = [table for table in days if table.effective > self._plan.effective]
        made = []
        for table in (*before, *later):
            if lines := self._lines(fonds, table):
                day = max(table.effective, self._plan.effective)
                made.append(as_event(moved(table, day, lines, closes=False)))
        return made

    def first_asked(self, key: UUID, fonds: Fonds, standing: Sequence[FondsAssigned]) -> list[LotsAsked]:
        """What the plan asks of a fonds for its own day."""
        return self.asked(fonds, next(self._in_force(key, fonds, standing))[0])

    def of_file(self, one: SingleStanding) -> list[FileReassigned]:
        """What becomes of a file that a decision of its own gave to a body which ends, for each such day."""
        days = {decision.effective: decision for decision in one.decisions}
        before = [day for day in sorted(days) if day <= self._plan.effective][-1:]
        made = []
        for day in (*before, *(day for day in sorted(days) if day > self._plan.effective)):
            if not days[day].apart or days[day].receiver not in self.ending:
                continue
            (line,) = self._asked_alone(one, days[day].receiver)
            made.append(
                FileReassigned(
                    file=one.file,
                    carrier=one.carrier,
                    effective=max(day, self._plan.effective),
                    receiver=line.receiver,
                    rule=line.rule,
                    basis=line.basis,
                    confidence=line.confidence,
                )
            )
        return made

    def _asked_alone(self, one: SingleStanding, body: UUID | None) -> tuple[AssignmentLine, ...]:
        under = self._under(one.fonds, body)
        assert under is not None
        return assign(self._index, under, (one.lot,))

    def _in_force(
        self, key: UUID, fonds: Fonds, standing: Sequence[FondsAssigned]
    ) -> Iterator[tuple[FondsAssigned, str]]:
        """The table of the plan's day, then each of a later day; with the day."""
        opened = opening(key, fonds.creators[0], fonds.opened_from)
        days = by_day((opened, *standing))
        before = [one for one in days if one.effective <= self._plan.effective]
        yield (before[-1] if before else opened), self._plan.effective
        yield from ((one, one.effective) for one in days if one.effective > self._plan.effective)

    def _after(self, fonds: Fonds) -> tuple[UUID, ...]:
        """Who creates the fonds from the plan's day on; nobody: it closes, or had closed."""
        return creators_after(fonds.creators, self.ending, self._index.own)

    def _lines(self, fonds: Fonds, table: FondsAssigned) -> list[AssignmentLine]:
        lines = together(goes_on_with(self._plan, fonds.creators, self._after(fonds), self.ending, table))
        for asked in self.asked(fonds, table):
            lines += assign(self._index, asked.under, asked.lots)
        return lines

    def _under(self, fonds: UUID, body: UUID | None) -> FondsUnderPlan | None:
        agency = self._agencies.get(body) if body else None
        unit = self._units.get(agency.unit) if agency else None
        if body is None or agency is None or unit is None:
            return None
        own = self._index.own.get(body)
        return FondsUnderPlan(
            fonds=fonds,
            agency=body,
            block=agency.block,
            kind=agency.kind,
            level=unit.level,
            unit=agency.unit,
            change=own.change if own else self._index.change[agency.unit].change,
        )


def _superiors(plan: Plan, units: Mapping[UUID, Unit | None]) -> dict[UUID, UUID]:
    """The first unit above each that is there on the day: after 2025-06-30 a commune's is the city."""
    ending, found = ending_units(plan), {}
    for key, unit in units.items():
        above = unit.parent if unit else None
        while above is not None and (above in ending or not _is_there(units.get(above), plan.effective)):
            parent = units.get(above)
            above = parent.parent if parent else None
        if above is not None:
            found[key] = above
    return found


def _is_there(unit: Unit | None, day: str) -> bool:
    return unit is None or unit.exists_on(day)
