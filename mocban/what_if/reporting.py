"""From a plan file to its report: everything is asked in one moment, and nothing is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from uuid import UUID

import msgspec

from domain.ending import ending_bodies
from domain.finding import Finding
from domain.identifiers import Naming
from domain.lot import Carrier
from domain.plan import Plan, plan_hash
from domain.plan_file import PlanFile
from mocban.plan_file.form import Fault
from mocban.what_if.metres import Measured, measured
from mocban.what_if.names import Names
from mocban.what_if.report import (
    Amount,
    ClaimLine,
    CrossingLine,
    FondsLine,
    LateLine,
    ObstacleLine,
    OutcomeLine,
    ReceiverLine,
    Report,
    UncoveredLine,
    UnlistedLine,
)
from mocban.what_if.resolving import lawful
from mocban.what_if.scope import Scope
from projections.figures import FondsFigures, added
from projections.quantities import Unlisted, unlisted
from projections.view import Connection
from projections.whatif import Foreseen, foresee, one_moment
from projections.whatif_snapshot import Snapshot

Choose = Callable[[Plan, Snapshot], Scope]
Row = tuple[UUID | None, Carrier]


class UnresolvedPlan(Exception):  # noqa: N818  what stopped it is a list of findings
    """Codes of a plan file that mean nothing here. of: 0 the plan, 1 the one it is compared with."""

    def __init__(self, of: int, findings: list[Finding]) -> None:
        self.of = of
        self.findings = findings
        super().__init__(f"{len(findings)} findings")


def report_on(
    connection: Connection,
    naming: Naming,
    file: PlanFile | Plan,
    choose: Choose,
    *,
    against: PlanFile | Plan | None = None,
    flags: tuple[Fault, ...] = (),
) -> Report:
    """What a plan, from its file or as it was drafted, would bring in the scope that `choose` names, beside today and
    another plan.

    Raises UnresolvedPlan; Refusal as `choose` does. `connection` must not be inside a transaction.
    """
    with one_moment(connection) as snapshot:
        plan = _resolved(0, file, snapshot, naming)
        scope = choose(plan, snapshot)
        looking = _Looking(plan, snapshot, scope)
        foreseen = foresee(connection, plan, snapshot)
        today, after = looking.kept(foreseen.before), looking.kept(foreseen.after)
        apart = unlisted(connection)
        plans, other, other_title = [plan], None, ""
        if against is not None:
            second = _resolved(1, against, snapshot, naming)
            other, other_title = looking.kept(foresee(connection, second, snapshot).after), second.title
            plans.append(second)
    report = looking.report(foreseen, Names(snapshot, plans), today, after, other, other_title, flags)
    return msgspec.structs.replace(report, unlisted=looking.unlisted(apart, Names(snapshot, plans)))


def _resolved(of: int, file: PlanFile | Plan, snapshot: Snapshot, naming: Naming) -> Plan:
    if isinstance(file, Plan):
        return file
    plan, findings = lawful(file, snapshot, naming)
    if plan is None:
        raise UnresolvedPlan(of, findings)
    return plan


class _Looking:
    """A plan, and the fonds of it that are looked at."""

    def __init__(self, plan: Plan, snapshot: Snapshot, scope: Scope) -> None:
        self._plan, self._scope = plan, scope
        agencies = {key: agency.unit for key, agency in snapshot.agencies.items()}
        self._unit_of = agencies | {new.agency: new.unit for new in plan.agencies}
        ending = frozenset(ending_bodies(plan, snapshot.agencies))
        created = {
            key: self._unit_of[body]
            for key, one in snapshot.fonds_of(plan).items()
            for body in one.creators
            if body in ending
        }
        asked = {key: one.under.unit for key, of in snapshot.asked(plan).items() for one in of}
        inside = created | asked
        self._unit = {key: unit for key, unit in inside.items() if scope.units is None or unit in scope.units}

    def kept(self, figures: list[FondsFigures]) -> list[FondsFigures]:
        """Those of the scope; without one, also of fonds that the plan leaves alone."""
        return figures if self._scope.units is None else [one for one in figures if one.fonds in self._unit]

    def unlisted(self, apart: list[Unlisted], names: Names) -> list[UnlistedLine]:
        """Those of the scope; without one, of every fonds."""
        return [
            UnlistedLine(
                fonds=names.fonds(one.fonds),
                containers=one.containers,
                unmeasured=one.unmeasured,
                metres=one.cm / 100 if one.cm else None,
            )
            for one in apart
            if self._scope.units is None or one.fonds in self._unit
        ]

    def _seen(self, bodies: set[UUID]) -> bool:
        units = self._scope.units
        return units is None or any(self._unit_of.get(body) in units for body in bodies)

    def report(
        self,
        foreseen: Foreseen,
        names: Names,
        today: list[FondsFigures],
        after: list[FondsFigures],
        other: list[FondsFigures] | None,
        other_title: str,
        flags: tuple[Fault, ...],
    ) -> Report:
        """The whole report."""
        preview, inside = foreseen.preview, self._unit
        return Report(
            title=self._plan.title,
            effective=self._plan.effective,
            plan_hash=plan_hash(self._plan),
            scope=self._scope.name,
            may_be_enacted=preview.may_be_enacted,
            fonds=len({row[0] for row in foreseen.rows} & inside.keys()),
            awaiting_files=sum(one.must_have.files for one in after if one.receiver is None),
            receivers=_receivers(names, today, after, other),
            by_fonds=[
                FondsLine(
                    unit=names.unit(inside[one.fonds]),
                    fonds=names.fonds(one.fonds),
                    receiver=names.agency(one.receiver),
                    carrier=one.carrier,
                    amount=_amount([one]),
                )
                for one in after
                if one.fonds in inside
            ],
            outcomes=self._outcomes(foreseen, names),
            obstacles=self._obstacles(foreseen, names),
            uncovered=self._uncovered(foreseen, names),
            claims=[msgspec.convert(one, ClaimLine, from_attributes=True) for one in preview.claims],
            crossings=[
                CrossingLine(fonds=names.fonds(one.fonds), receiver=names.agency(one.receiver), files=one.files)
                for one in preview.crossings
                if one.fonds in inside
            ],
            absent_receivers=[names.agency(one) for one in preview.absent_receivers],
            late_documents=self._late_documents(foreseen, names),
            flags=flags,
            other_title=other_title,
            metres=_measured(after),
        )

    def _outcomes(self, foreseen: Foreseen, names: Names) -> list[OutcomeLine]:
        return [
            OutcomeLine(
                fonds=names.fonds(one.fonds),
                outcome=one.outcome,
                creators=tuple(map(names.agency, one.creators)),
                former=tuple(map(names.agency, one.former)),
                basis=one.basis,
            )
            for one in foreseen.outcomes
            if self._seen({*one.creators, *one.former})
        ]

    def _uncovered(self, foreseen: Foreseen, names: Names) -> list[UncoveredLine]:
        return [
            UncoveredLine(fonds=names.fonds(one.fonds), lots=one.lots, files=one.files)
            for one in foreseen.uncovered
            if one.fonds in self._unit
        ]

    def _obstacles(self, foreseen: Foreseen, names: Names) -> list[ObstacleLine]:
        return [
            ObstacleLine(fonds=names.fonds(one.fonds), code=one.code, vi=one.vi, en=one.en)
            for one in foreseen.preview.obstacles
            if one.fonds in self._unit
        ]

    def _late_documents(self, foreseen: Foreseen, names: Names) -> list[LateLine]:
        return [
            LateLine(fonds=names.fonds(one.fonds), document=one.document, file=one.file, dated=one.dated)
            for one in foreseen.late
            if one.fonds in self._unit
        ]


def _receivers(
    names: Names, today: list[FondsFigures], after: list[FondsFigures], other: list[FondsFigures] | None
) -> list[ReceiverLine]:
    """One line a receiver and carrier, those that await last."""
    columns = [_by_receiver(figures) for figures in (today, after, other or [])]
    rows = sorted({row for column in columns for row in column}, key=lambda row: _order(names, row))
    return [
        ReceiverLine(
            receiver=names.agency(row[0]),
            carrier=row[1],
            today=_amount(columns[0].get(row, [])),
            plan=_amount(columns[1].get(row, [])),
            to_come=sum(one.to_come.files for one in columns[1].get(row, [])),
            other=None if other is None else _amount(columns[2].get(row, [])),
        )
        for row in rows
    ]


def _order(names: Names, row: Row) -> tuple[bool, str, str, bool]:
    body = names.agency(row[0])
    return row[0] is None, body.code, str(row[0]), row[1] is Carrier.DIGITAL


def _by_receiver(figures: Iterable[FondsFigures]) -> dict[Row, list[FondsFigures]]:
    found: defaultdict[Row, list[FondsFigures]] = defaultdict(list)
    for one in figures:
        found[one.receiver, one.carrier].append(one)
    return found


def _measured(figures: list[FondsFigures]) -> Measured:
    total = added(one.must_have for one in figures)
    return measured(total.boxes, total.unmeasured)


def _amount(figures: list[FondsFigures]) -> Amount:
    total = added(one.must_have for one in figures)
    return Amount(
        fonds=total.fonds,
        lots=total.lots,
        files=total.files,
        documents=total.documents,
        boxes=total.boxes,
        metres=total.metres,
        unmeasured=total.unmeasured,
    )
