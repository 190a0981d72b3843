"""Step 6: the reorganization of 2025-07-01 drafted, previewed, adopted, enacted; then one hand-over, signed by both."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from domain.file import evolve as evolve_file
from domain.handover import Deputy, HandoverProposed, InventoryLine
from domain.handover import evolve as evolve_handover
from domain.lot import Carrier, WorkState
from domain.plan import Plan
from domain.sealed import Plain
from ledger.commands import handover, reorganization
from mocban.demo.people import CITY_ARCHIVE, PEOPLE
from mocban.demo.stage import Stage
from mocban.hanoi import plan_of
from mocban.offices import Office
from projections.holdings_queries import awaiting_lots
from projections.runner import Runner
from projections.succession_queries import reorganizations
from projections.to_come import ToCome, to_come
from projections.whatif import Preview, preview
from reference.plan import load_plan


class Reorganized(msgspec.Struct, frozen=True, kw_only=True):
    """What the reorganization did. fonds_assigned: events; awaiting: non-empty lots.

    handed_over: files of the hand-over `handover`, if there was one.
    """

    fonds_assigned: int
    awaiting: int
    preview: Preview
    handed_over: tuple[UUID, ...]
    handover: UUID | None


def reorganize(stage: Stage, runner: Runner) -> Reorganized:
    """Do step 6. `runner` folds the main log, so that each part sees what the one before did."""
    product = stage.product
    plan = plan_of(load_plan(), product.naming)
    stream = product.naming.other("reorganization", plan.effective)
    planner = product.actor(Office.PLANNER)
    runner.drain()
    with stage.step("preview", "Lập và xem trước phương án sắp xếp", "Draft and preview the reorganization"):
        reorganization.draft(product.main, planner, stage.act_ids("reorganization.draft"), stream, plan)
        seen = _preview(stage, plan)
    with stage.step("enact", "Thực hiện sắp xếp 01/7/2025", "Enact the reorganization of 2025-07-01"):
        instrument = plan.instrument
        reorganization.adopt(product.main, planner, stage.act_ids("reorganization.adopt"), stream, instrument)
        act = stage.act_ids("reorganization.enact")
        reorganization.enact(product.main, planner, act, stream, stage.today)
    with stage.step("fold", "Dựng lại cơ sở dữ liệu dùng chung", "Fold into the shared database"):
        runner.drain()
    with stage.step("handover", "Bàn giao hồ sơ, hai bên ký", "Hand files over, signed by both"):
        handover_id = product.naming.other("handover", f"{plan.effective}/{CITY_ARCHIVE}/1")
        handed_over = _hand_over(stage, plan, handover_id)
        runner.drain()
    with product.views.connection() as connection:
        awaiting = awaiting_lots(connection, stage.today)
        (enacted,) = [row for row in reorganizations(connection) if row.id == stream]
    return Reorganized(
        fonds_assigned=enacted.fonds,
        awaiting=awaiting,
        preview=seen,
        handed_over=handed_over,
        handover=handover_id if handed_over else None,
    )


def _preview(stage: Stage, plan: Plan) -> Preview:
    with stage.product.views.connection() as connection:
        return preview(connection, plan)


def _hand_over(stage: Stage, plan: Plan, stream: UUID) -> tuple[UUID, ...]:
    """One hand-over to the City Historical Archive; the files. The giver is the person named for the ended body."""
    product = stage.product
    receiver = product.naming.agency(CITY_ARCHIVE)
    act_id = stage.act_ids("handover.propose")
    if product.main.receipt_of(act_id) is None:
        lists = _lists(stage, receiver)
        if not lists:
            return ()
        offer = HandoverProposed(
            giver=lists[0].holder,
            receiver=receiver,
            carrier=Carrier.PAPER,
            basis=plan.instrument.number,
            on=stage.today,
            decision=plan.instrument,
            deputy=_deputy(stage, plan),
        )
        lines = _lines(stage, lists[0].files)
        handover.propose(product.main, product.actor(Office.GIVER), act_id, stream, offer, lines)
    state = product.main.streams().load(stream, None, evolve_handover)
    assert state is not None, "it was just proposed"
    giving, receiving = product.actor(Office.GIVER), product.actor(Office.RECEIVER)
    handover.complete(product.main, giving, receiving, stage.act_ids("handover.complete"), stream, stage.today)
    return tuple(line.file for line in state.lines)


def _deputy(stage: Stage, plan: Plan) -> Deputy:
    """The invented officer whom the plan's instrument is taken to name for bodies that have ended."""
    giver = next(person for person in PEOPLE if person.key == Office.GIVER)
    actor = stage.product.actor(Office.GIVER).id
    return Deputy(Name=Plain(giver.name), Post=Plain(giver.title), decision=plan.instrument, actor=actor)


def _lists(stage: Stage, receiver: UUID) -> list[ToCome]:
    with stage.product.views.connection() as connection:
        return to_come(connection, receiver, Carrier.PAPER, stage.today)


def _lines(stage: Stage, files: Sequence[UUID]) -> list[InventoryLine]:
    """The inventory's lines, from the ledger itself."""
    states = stage.product.main.streams().load_many(files, None, evolve_file)
    known = [(one, state.registered) for one, state in states.items() if state is not None]
    return [
        InventoryLine(
            FileCode=registered.FileCode,
            file=one,
            sheets=0 if registered.state is WorkState.UNFINISHED else registered.sheets,
            box=registered.box,
            sealed_set=registered.state is WorkState.UNFINISHED,
        )
        for one, registered in known
    ]
