"""`reorganization draft, adopt, enact, correct, complete, withdraw, list`: a plan's life, each step a signed act."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from uuid import UUID

from domain.errors import Refusal
from domain.reorganization import evolve
from ledger.act_id import new_act_id
from ledger.receipt import Receipt
from mocban.acts.reorganizing import Signed, Step, drafting, going_on
from mocban.bootstrap import Product, open_product
from mocban.cli.answer import answer, explain
from mocban.cli.plan_reading import read_or_tell, tell_faults
from mocban.custody.freshness import caught_up
from mocban.custody.unit_named import is_id
from mocban.offices import Office
from mocban.settings import Settings
from mocban.what_if.resolving import lawful
from projections.succession_queries import reorganizations
from projections.view import Connection
from projections.whatif import one_moment

FAULTY: Final = 1
USAGE: Final = 2
_STATES: Final = {
    "drafted": "đã lập",
    "adopted": "đã thông qua",
    "enacted": "đã thi hành",
    "withdrawn": "đã rút",
    "reconstructed": "phục dựng",
}


def run(args: argparse.Namespace) -> int:
    """Do the step; 1 where a plan file has faults, 2 where it may not be done."""
    step: Callable[[argparse.Namespace], int] = {"draft": _draft, "list": _list}.get(args.action, _go_on)
    try:
        return step(args)
    except Refusal as refusal:
        explain(refusal, as_json=args.json)
        return USAGE


@contextmanager
def _opened() -> Iterator[tuple[Product, Connection]]:
    with open_product(Settings.from_environment()) as product:
        caught_up(product)
        with product.views.connection() as connection:
            yield product, connection


def _draft(args: argparse.Namespace) -> int:
    reading = read_or_tell(args.plan, as_json=args.json)
    if reading is None or reading.plan is None:
        return FAULTY
    with _opened() as (product, connection):
        with one_moment(connection) as snapshot:
            plan, findings = lawful(reading.plan, snapshot, product.naming)
        if plan is None:
            faults = tuple(reading.form.fault(finding) for finding in findings)
            tell_faults(args.plan, faults, as_json=args.json)
            return FAULTY
        step = drafting(product, connection, plan, _signed(product))
        done = product.main.perform(step.proposal)
    return _told(args, step, done)


def _go_on(args: argparse.Namespace) -> int:
    """Whatever needs a reorganization that was drafted already."""
    reading = None
    if not is_id(args.plan):
        reading = read_or_tell(Path(args.plan), as_json=args.json)
        if reading is None:
            return FAULTY
    with _opened() as (product, connection):
        step = going_on(product, connection, args, reading, _signed(product))
        done = product.main.perform(step.proposal)
        more = {"fonds": _assigned(product, step.stream)} if args.action == "enact" else {}
    return _told(args, step, done, **more)


def _signed(product: Product) -> Signed:
    """By the officer in charge, whose key is held here."""
    return Signed(by=product.actor(Office.PLANNER), act_id=new_act_id())


def _assigned(product: Product, stream: UUID) -> int:
    """How many fonds an enactment assigned."""
    enacted = product.main.streams().load(stream, None, evolve)
    assert enacted is not None, "it was enacted"
    return len(enacted.assigned)


def _told(args: argparse.Namespace, step: Step, done: Receipt, **more: object) -> int:
    facts = {"reorganization": step.stream, "state": step.word, "act": done.act_index, "position": done.position}
    line = f"{step.word}: {step.stream}, hành vi · act {done.act_index}"
    answer({**facts, **step.facts, **more}, line, as_json=args.json)
    return 0


def _list(args: argparse.Namespace) -> int:
    with _opened() as (_, connection):
        rows = reorganizations(connection)
    lines = [
        f"{row.id}  {row.effective}  {_STATES[row.state]} · {row.state}"
        f"{', hoàn thành · completed' if row.completed is not None else ''}  {row.title}"
        for row in rows
    ]
    answer({"reorganizations": rows}, *lines, as_json=args.json)
    return 0
