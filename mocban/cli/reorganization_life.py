"""`reorganization draft, adopt, enact, correct, complete, withdraw, list`: a plan's life, each step a signed act."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from uuid import UUID

from domain.basis import Instrument
from domain.errors import Refusal
from domain.plan import plan_hash
from domain.reorganization import Reorganization, evolve
from ledger.act_id import new_act_id
from ledger.commands import reorganization
from ledger.receipt import Receipt
from mocban.bootstrap import Product, open_product
from mocban.cli.answer import answer, explain
from mocban.cli.plan_reading import read_or_tell, tell_faults
from mocban.custody.correction_file import corrected, read_correction
from mocban.custody.day import civil_today
from mocban.custody.freshness import caught_up
from mocban.custody.reorganization_named import ENACTED, OPEN, reorganization_named, stream_of
from mocban.custody.unit_named import is_id
from mocban.offices import Office
from mocban.settings import Settings
from mocban.what_if.resolving import lawful
from projections.completion import awaiting_files
from projections.custody_batch import last_act
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
        hashed = plan_hash(plan)
        if any(row.plan_hash == hashed and row.state != "withdrawn" for row in reorganizations(connection)):
            raise Refusal("reorganization-already-drafted")
        stream = stream_of(product, plan.effective, hashed)
        done = reorganization.draft(product.main, product.actor(Office.PLANNER), new_act_id(), stream, plan)
    return _told(args, stream, done, "drafted", plan_hash=hashed)


def _go_on(args: argparse.Namespace) -> int:
    """Whatever needs a reorganization that was drafted already."""
    reading = None
    if not is_id(args.plan):
        reading = read_or_tell(Path(args.plan), as_json=args.json)
        if reading is None:
            return FAULTY
    with _opened() as (product, connection):
        states = OPEN if args.action in {"adopt", "enact", "withdraw"} else ENACTED
        stream = reorganization_named(product, connection, args.plan, reading, states)
        state = product.main.streams().load(stream, None, evolve)
        assert state is not None, "the views know it from the ledger"
        done, word, facts = _STEPS[args.action](product, connection, args, stream, state)
    return _told(args, stream, done, word, **facts)


_Done = tuple[Receipt, str, dict[str, object]]


def _adopt(
    product: Product, _connection: Connection, args: argparse.Namespace, stream: UUID, state: Reorganization
) -> _Done:
    by = state.plan.instrument
    instrument = Instrument(
        number=args.number or by.number,
        issued=args.issued or by.issued,
        issuer=args.issuer or by.issuer,
        in_force=args.in_force or by.in_force,
    )
    done = reorganization.adopt(product.main, product.actor(Office.PLANNER), new_act_id(), stream, instrument)
    return done, "adopted", {"instrument": instrument.number, "plan_hash": state.hash}


def _enact(
    product: Product, _connection: Connection, _args: argparse.Namespace, stream: UUID, state: Reorganization
) -> _Done:
    done = reorganization.enact(product.main, product.actor(Office.PLANNER), new_act_id(), stream, civil_today())
    enacted = product.main.streams().load(stream, None, evolve)
    assert enacted is not None
    return done, "enacted", {"effective": state.plan.effective, "fonds": len(enacted.assigned), "plan_hash": state.hash}


def _correct(
    product: Product, connection: Connection, args: argparse.Namespace, stream: UUID, _state: Reorganization
) -> _Done:
    said = corrected(connection, read_correction(args.correction), civil_today())
    done = reorganization.correct(product.main, product.actor(Office.PLANNER), new_act_id(), stream, said)
    return done, "corrected", {"effective": said.effective, "fonds": len(said.fonds)}


def _complete(
    product: Product, connection: Connection, _args: argparse.Namespace, stream: UUID, _state: Reorganization
) -> _Done:
    today, known_at = civil_today(), last_act(connection)
    awaiting = awaiting_files(connection, stream, today)
    planner = product.actor(Office.PLANNER)
    done = reorganization.complete(product.main, planner, new_act_id(), stream, today, known_at, awaiting)
    return done, "completed", {"known_at": known_at}


def _withdraw(
    product: Product, _connection: Connection, args: argparse.Namespace, stream: UUID, _state: Reorganization
) -> _Done:
    done = reorganization.withdraw(product.main, product.actor(Office.PLANNER), new_act_id(), stream, args.reason)
    return done, "withdrawn", {}


_STEPS: Final = {
    "adopt": _adopt,
    "enact": _enact,
    "correct": _correct,
    "complete": _complete,
    "withdraw": _withdraw,
}


def _told(args: argparse.Namespace, stream: UUID, done: Receipt, word: str, **more: object) -> int:
    facts = {"reorganization": stream, "state": word, "act": done.act_index, "position": done.position, **more}
    answer(facts, f"{word}: {stream}, hành vi · act {done.act_index}", as_json=args.json)
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
