"""What-if: a draft plan laid over the present, before anyone enacts it. Nothing is written.

It calls the same `assign` as the enactment and folds its answer as the views fold the enactment's events, so that
the preview cannot differ from the act.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from uuid import UUID

import msgspec
from psycopg.rows import tuple_row

from domain.administrative_unit import Level
from domain.agency import AgencyKind, Block
from domain.assignment import two_rules_claim
from domain.civil_date import certainly_after
from domain.enactment import assignments
from domain.errors import Refusal
from domain.fonds import line_of
from domain.plan import ChangeKind, Plan
from domain.reorganization import FondsAssigned
from projections import holdings_queries
from projections.custody_history import AssignmentRow, assignment_rows
from projections.custody_queries import NEWEST_KNOWN
from projections.holdings_queries import ReceiverFigures
from projections.lot_number import lot_of
from projections.view import Connection
from projections.whatif_findings import Claim, Crossing, LateDocument, Obstacle, Uncovered
from projections.whatif_snapshot import LotContent, Snapshot, take_snapshot

LATE_DOCUMENTS_SHOWN: Final = 100

_ONE_MOMENT: Final = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
_LATE: Final = """
SELECT f.fonds, d.id, d.file, coalesce(nullif(d.issued_date, ''), d.read_issued_date) AS dated
FROM projection.document AS d JOIN projection.file AS f ON f.id = d.file
WHERE f.fonds = ANY (%s) AND coalesce(nullif(d.issued_date, ''), d.read_issued_date) >= %s
ORDER BY 4, 2
"""


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What enactment would bring. before, after: what each receiver must have on the day, without it and with it.

    fonds: assignments there would be. awaiting_lots: non-empty lots that await in all. uncovered_files: file-carriers
    that no rule covers. absent_receivers: agencies that do not exist on the day.
    """

    effective: str
    fonds: int
    before: list[ReceiverFigures]
    after: list[ReceiverFigures]
    awaiting_lots: int
    uncovered_files: int
    obstacles: list[Obstacle]
    claims: list[Claim]
    crossings: list[Crossing]
    absent_receivers: list[UUID]
    late_documents: int
    late_documents_shown: list[LateDocument]

    @property
    def may_be_enacted(self) -> bool:
        """Whether nothing stands in the way as of the snapshot."""
        return not self.obstacles


class Foreseen(msgspec.Struct, frozen=True, kw_only=True):
    """A preview with what it was added up from. rows: the assignments there would be, as the views fold them."""

    preview: Preview
    rows: list[AssignmentRow]
    uncovered: list[Uncovered]
    late: list[LateDocument]


@contextmanager
def one_moment(connection: Connection) -> Iterator[Snapshot]:
    """A snapshot, and for the block a connection that sees that moment only and cannot write."""
    with connection.transaction():
        connection.execute(_ONE_MOMENT)
        yield take_snapshot(connection)


def preview(connection: Connection, plan: Plan) -> Preview:
    """The preview of a plan over the present. `connection` must not be inside a transaction."""
    with one_moment(connection) as snapshot:
        return foresee(connection, plan, snapshot).preview


def foresee(connection: Connection, plan: Plan, snapshot: Snapshot) -> Foreseen:
    """What a plan would bring to the snapshot's moment; call it within `one_moment`."""
    assigned, obstacles = _assign(plan, snapshot)
    rows = [row for event in assigned for row in assignment_rows(NEWEST_KNOWN, NEWEST_KNOWN, event.fonds, event)]
    uncovered = _uncovered(snapshot, rows)
    after = holdings_queries.by_receiver(connection, plan.effective, rows)
    late = _late_documents(connection, plan, [event.fonds for event in assigned])
    return Foreseen(
        preview=Preview(
            effective=plan.effective,
            fonds=len(assigned),
            before=holdings_queries.by_receiver(connection, plan.effective),
            after=after,
            awaiting_lots=sum(line.must_have.lots for line in after if line.receiver is None),
            uncovered_files=sum(one.files for one in uncovered),
            obstacles=obstacles,
            claims=_claims(plan, snapshot),
            crossings=_crossings(plan, snapshot, rows),
            absent_receivers=_absent(plan, snapshot, rows, after),
            late_documents=len(late),
            late_documents_shown=late[:LATE_DOCUMENTS_SHOWN],
        ),
        rows=rows,
        uncovered=uncovered,
        late=late,
    )


def _assign(plan: Plan, snapshot: Snapshot) -> tuple[list[FondsAssigned], list[Obstacle]]:
    """The enactment's assignments; fonds that would stop it are asked one by one, to name them all."""
    try:
        return assignments(plan, snapshot.units, snapshot.agencies, snapshot.fonds), []
    except Refusal:
        assigned, obstacles = [], []
    relaxed = msgspec.structs.replace(plan, unmatched_may_await=True)
    for key in sorted(snapshot.under(plan), key=str):
        one = {key: snapshot.fonds[key]}
        try:
            assigned += assignments(plan, snapshot.units, snapshot.agencies, one)
        except Refusal as refusal:
            obstacles.append(Obstacle(fonds=key, code=refusal.code, vi=refusal.vi, en=refusal.en))
            if refusal.code == "plan-no-rule":
                assigned += assignments(relaxed, snapshot.units, snapshot.agencies, one)
    return assigned, obstacles


def _filled(snapshot: Snapshot, rows: list[AssignmentRow]) -> Iterator[tuple[AssignmentRow, LotContent]]:
    """Each assignment row with a lot it sends, lot by lot that is not empty."""
    by_fonds = defaultdict(list)
    for row in rows:
        by_fonds[row[0]].append(row)
    for lot in snapshot.lots:
        for row in by_fonds.get(lot.fonds, ()):
            if row[4] >> lot.lot & 1:
                yield row, lot


def _uncovered(snapshot: Snapshot, rows: list[AssignmentRow]) -> list[Uncovered]:
    by_fonds: defaultdict[UUID, list[LotContent]] = defaultdict(list)
    for row, lot in _filled(snapshot, rows):
        if not row[6]:
            by_fonds[lot.fonds].append(lot)
    return [
        Uncovered(fonds=fonds, lots=tuple(lot_of(lot.lot).text for lot in lots), files=sum(lot.files for lot in lots))
        for fonds, lots in sorted(by_fonds.items(), key=str)
    ]


def _claims(plan: Plan, snapshot: Snapshot) -> list[Claim]:
    changes = {change.unit: change.change for change in plan.changes}
    under = snapshot.under(plan)
    lots: Counter[tuple[str, tuple[str, ...]]] = Counter()
    files: Counter[tuple[str, tuple[str, ...]]] = Counter()
    told: dict[tuple[object, ...], tuple[str, tuple[str, ...]]] = {}  # fonds of one kind share the answer
    for lot in snapshot.lots:
        fonds = under.get(lot.fonds)
        if fonds is None:
            continue
        kind = (fonds.block, fonds.level, fonds.kind, changes[fonds.unit])
        if (*kind, lot.lot) not in told:
            others = two_rules_claim(plan, fonds, changes[fonds.unit], lot_of(lot.lot))
            told[*kind, lot.lot] = (_winner(plan, kind, lot.lot) if others else "", others)
        claim = told[*kind, lot.lot]
        if claim[1]:
            lots[claim] += 1
            files[claim] += lot.files
    return [
        Claim(wins=wins, others=others, lots=lots[wins, others], files=files[wins, others])
        for wins, others in sorted(lots)
    ]


def _winner(plan: Plan, kind: tuple[Block, Level, AgencyKind, ChangeKind], lot: int) -> str:
    key = lot_of(lot)
    return next(rule.id for rule in plan.rules if rule.when.takes_fonds(*kind) and rule.when.takes_lot(key))


def _crossings(plan: Plan, snapshot: Snapshot, rows: list[AssignmentRow]) -> list[Crossing]:
    blocks = {key: agency.block for key, agency in snapshot.agencies.items()}
    blocks |= {new.agency: new.block for new in plan.agencies}
    files: Counter[tuple[UUID, UUID]] = Counter()
    for row, lot in _filled(snapshot, rows):
        fonds, receiver = row[0], row[5]
        if receiver in blocks and line_of(blocks[receiver]) is not snapshot.fonds[fonds].line:
            files[fonds, receiver] += lot.files
    return [
        Crossing(fonds=fonds, receiver=receiver, files=count)
        for (fonds, receiver), count in sorted(files.items(), key=str)
    ]


def _absent(plan: Plan, snapshot: Snapshot, rows: list[AssignmentRow], after: list[ReceiverFigures]) -> list[UUID]:
    """Of those that the plan names, and of those that by earlier decisions must have files still, the absent ones."""
    begun = {new.agency for new in plan.agencies}
    ending = {change.unit for change in plan.changes}
    named = {row[5] for row in rows} | {line.receiver for line in after if line.must_have.files}
    absent = set()
    for receiver in {one for one in named if one is not None} - begun:
        agency = snapshot.agencies.get(receiver)
        if agency is None or agency.unit in ending or not agency.exists_on(plan.effective):
            absent.add(receiver)
    return sorted(absent, key=str)


def _late_documents(connection: Connection, plan: Plan, fonds: list[UUID]) -> list[LateDocument]:
    last_day = (dt.date.fromisoformat(plan.effective) - dt.timedelta(days=1)).isoformat()
    with connection.cursor(row_factory=tuple_row) as cursor:
        found = cursor.execute(_LATE, (fonds, plan.effective[:4])).fetchall()
    return [
        LateDocument(fonds=fonds, document=document, file=file, dated=dated)
        for fonds, document, file, dated in found
        if _after(dated, last_day)
    ]


def _after(date: str, day: str) -> bool:
    try:
        return certainly_after(date, day)
    except ValueError:
        return False  # the ledger keeps what was written, also what is no date
