"""What-if: a draft plan laid over the present, before anyone enacts it. Nothing is written.

It calls the same `assign` as the enactment and folds its answer as the views fold the enactment's events, so that
the preview cannot differ from the act.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, reduce
from operator import or_
from typing import Final
from uuid import UUID

import msgspec
from psycopg.rows import tuple_row

from domain.administrative_unit import Level
from domain.agency import AgencyKind, Block
from domain.assignment import two_rules_claim
from domain.civil_date import certainly_after
from domain.ending import ending_bodies
from domain.fonds import line_of
from domain.plan import ChangeKind, Plan
from projections.custody_history import AssignmentRow
from projections.figures import Counting, FondsFigures, ReceiverFigures, by_receiver
from projections.lot_number import lot_bits, lot_of
from projections.view import Connection
from projections.whatif_assigning import absent_obstacles, would_assign
from projections.whatif_findings import Claim, Crossing, LateDocument, Obstacle, Uncovered
from projections.whatif_outcomes import FondsOutcomeFound, outcomes
from projections.whatif_snapshot import LotContent, Snapshot, take_snapshot

LATE_DOCUMENTS_SHOWN: Final = 100

_ONE_MOMENT: Final = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
_LATE: Final = """
SELECT f.fonds, d.id, d.file, coalesce(nullif(d.issued_date, ''), d.read_issued_date) AS dated
FROM projection.document AS d JOIN projection.file AS f ON f.id = d.file
WHERE f.fonds = ANY (%s) AND coalesce(nullif(d.issued_date, ''), d.read_issued_date) >= %s
ORDER BY 4, 2
"""


_bits: Final = cache(lot_bits)
"""Fonds share a few sets of lots."""


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
    """A preview with what it was added up from, fonds by fonds. rows: what would be assigned of fonds, as the views
    fold it."""

    preview: Preview
    before: list[FondsFigures]
    after: list[FondsFigures]
    rows: list[AssignmentRow]
    uncovered: list[Uncovered]
    late: list[LateDocument]
    outcomes: list[FondsOutcomeFound]


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
    assigned, obstacles = would_assign(plan, snapshot)
    rows, apart = assigned.rows(), assigned.apart()
    decided = _decided(plan, snapshot, rows)
    uncovered = _uncovered(decided)
    counting = Counting(connection, snapshot.stock, plan.effective)
    before, after = counting.by_fonds(), counting.by_fonds(rows, apart)
    received = by_receiver(after)
    late = _late_documents(connection, plan, [event.fonds for event in assigned.fonds if event.closes])
    return Foreseen(
        preview=Preview(
            effective=plan.effective,
            fonds=len({event.fonds for event in assigned.fonds}),
            before=by_receiver(before),
            after=received,
            awaiting_lots=sum(line.must_have.lots for line in received if line.receiver is None),
            uncovered_files=sum(one.files for one in uncovered),
            obstacles=obstacles + absent_obstacles(plan, snapshot, assigned),
            claims=_claims(plan, snapshot),
            crossings=_crossings(plan, snapshot, decided),
            absent_receivers=_absent(plan, snapshot, rows, received),
            late_documents=len(late),
            late_documents_shown=late[:LATE_DOCUMENTS_SHOWN],
        ),
        before=before,
        after=after,
        rows=rows,
        uncovered=uncovered,
        late=late,
        outcomes=outcomes(plan, snapshot),
    )


def _decided(plan: Plan, snapshot: Snapshot, rows: list[AssignmentRow]) -> list[tuple[AssignmentRow, LotContent]]:
    """Each lot with something in it that the plan's rules are asked of, with the row that sends it."""
    by_fonds = defaultdict(list)
    for row in rows:
        if row[1] == plan.effective:
            by_fonds[row[0]].append(row)
    found = []
    for fonds, of in snapshot.asked(plan).items():
        bits, sent = reduce(or_, (_bits(one.lots) for one in of)), by_fonds.get(fonds, ())
        for lot in snapshot.lots.get(fonds, ()):
            if bits >> lot.lot & 1:
                found += [(row, lot) for row in sent if row[4] >> lot.lot & 1]
    return found


def _uncovered(decided: list[tuple[AssignmentRow, LotContent]]) -> list[Uncovered]:
    by_fonds: defaultdict[UUID, list[LotContent]] = defaultdict(list)
    for row, lot in decided:
        if not row[6]:
            by_fonds[row[0]].append(lot)
    return [
        Uncovered(fonds=fonds, lots=tuple(lot_of(lot.lot).text for lot in lots), files=sum(lot.files for lot in lots))
        for fonds, lots in sorted(by_fonds.items(), key=str)
    ]


def _claims(plan: Plan, snapshot: Snapshot) -> list[Claim]:
    lots: Counter[tuple[str, tuple[str, ...]]] = Counter()
    files: Counter[tuple[str, tuple[str, ...]]] = Counter()
    told: dict[tuple[object, ...], tuple[str, tuple[str, ...]]] = {}  # fonds of one kind share the answer
    for fonds, of in snapshot.asked(plan).items():
        for asked in of:
            under, bits = asked.under, _bits(asked.lots)
            kind = (under.block, under.level, under.kind, under.change)
            for lot in snapshot.lots.get(fonds, ()):
                if not bits >> lot.lot & 1:
                    continue
                if (*kind, lot.lot) not in told:
                    others = two_rules_claim(plan, under, under.change, lot_of(lot.lot))
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


def _crossings(plan: Plan, snapshot: Snapshot, decided: list[tuple[AssignmentRow, LotContent]]) -> list[Crossing]:
    blocks = {key: agency.block for key, agency in snapshot.agencies.items()}
    blocks |= {new.agency: new.block for new in plan.agencies}
    files: Counter[tuple[UUID, UUID]] = Counter()
    for row, lot in decided:
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
    ending = frozenset(ending_bodies(plan, snapshot.agencies))
    named = {row[5] for row in rows} | {line.receiver for line in after if line.must_have.files}
    absent = set()
    for receiver in {one for one in named if one is not None} - begun:
        agency = snapshot.agencies.get(receiver)
        if agency is None or receiver in ending or not agency.exists_on(plan.effective):
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
