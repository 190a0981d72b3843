"""What an enactment would assign, decided over a snapshot by the functions that the enactment calls."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

import msgspec

from domain.absent_receiver import absent_receivers, refusal, sent_to_nobody
from domain.child_lot import LotAssigned
from domain.enactment import assignments, child_assignments, reassignments
from domain.errors import Refusal
from domain.plan import Plan
from domain.reorganization import FondsAssigned
from domain.single_file import FileReassigned
from projections.child_lot_rows import child_rows
from projections.custody_history import AssignmentRow, assignment_rows
from projections.custody_queries import NEWEST_KNOWN
from projections.single_assignment import Supposed, single_rows
from projections.whatif_findings import Obstacle
from projections.whatif_snapshot import Snapshot


class WouldAssign(msgspec.Struct, frozen=True, kw_only=True):
    """The events there would be: of fonds, of child lots, of single files."""

    fonds: list[FondsAssigned] = []
    children: list[LotAssigned] = []
    single: list[FileReassigned] = []

    def rows(self) -> list[AssignmentRow]:
        """Those of fonds, as the views fold them."""
        return [row for one in self.fonds for row in assignment_rows(NEWEST_KNOWN, NEWEST_KNOWN, one.fonds, one)]

    def apart(self) -> Supposed:
        """The others, as the views fold them."""
        return Supposed(
            single=[row for one in self.single for row in single_rows(NEWEST_KNOWN, NEWEST_KNOWN, one)],
            children=[row for one in self.children for row in child_rows(NEWEST_KNOWN, NEWEST_KNOWN, one.lot, one)],
        )


def absent_obstacles(plan: Plan, snapshot: Snapshot, assigned: WouldAssign) -> list[Obstacle]:
    """Fonds of which something would go to a receiver that is nobody on the day, each once a receiver."""
    absent = absent_receivers(plan, snapshot.agencies)
    if not absent:
        return []
    of_file = {one.file: one.fonds for one in snapshot.single}
    of_child = {one.child: one.fonds for one in snapshot.children}
    found = {(one.fonds, name) for one in assigned.fonds for name in sent_to_nobody(one, absent)}
    found |= {(of_child[one.lot], name) for one in assigned.children for name in sent_to_nobody(one, absent)}
    found |= {(of_file[one.file], name) for one in assigned.single for name in sent_to_nobody(one, absent)}
    why = {name: refusal(name, plan) for _, name in found}
    return [
        Obstacle(fonds=fonds, code=why[name].code, vi=why[name].vi, en=why[name].en)
        for fonds, name in sorted(found, key=lambda one: (str(one[0]), one[1]))
    ]


def would_assign(plan: Plan, snapshot: Snapshot) -> tuple[WouldAssign, list[Obstacle]]:
    """The enactment's assignments; fonds that would stop it are asked one by one, to name them all."""
    try:
        return _of(plan, snapshot, snapshot.fonds), []
    except Refusal:
        found, obstacles = WouldAssign(), list[Obstacle]()
    relaxed = msgspec.structs.replace(plan, unmatched_may_await=True)
    for key in sorted(_may_be_covered(plan, snapshot), key=str):
        one = WouldAssign()
        try:
            one = _of(plan, snapshot, [key])
        except Refusal as refusal:
            obstacles.append(Obstacle(fonds=key, code=refusal.code, vi=refusal.vi, en=refusal.en))
            if refusal.code == "plan-no-rule":
                one = _of(relaxed, snapshot, [key])
        found = WouldAssign(
            fonds=found.fonds + one.fonds, children=found.children + one.children, single=found.single + one.single
        )
    return found, obstacles


def _may_be_covered(plan: Plan, snapshot: Snapshot) -> set[UUID]:
    standing = snapshot.standing(plan).items()
    later = {key for key, tables in standing if any(one.effective > plan.effective for one in tables)}
    apart = {one.fonds for one in snapshot.single} | {one.fonds for one in snapshot.children}
    return (snapshot.asked(plan).keys() | apart | later) & snapshot.fonds.keys()


def _of(plan: Plan, snapshot: Snapshot, fonds: Collection[UUID]) -> WouldAssign:
    known = snapshot.fonds_of(plan)
    opened = {key: known[key] for key in fonds}
    units, agencies = snapshot.units, snapshot.agencies
    single = [one for one in snapshot.single if one.fonds in opened]
    children = [one for one in snapshot.children_of(plan) if one.fonds in opened]
    return WouldAssign(
        fonds=assignments(plan, units, agencies, opened, snapshot.standing(plan)),
        children=child_assignments(plan, units, agencies, opened, children),
        single=reassignments(plan, units, agencies, single),
    )
