"""Append: single signed acts of one event, from proposal to durable receipt, by 1, 4 and 32 writers.

Peers: the stock eventsourcing application on the same server, unsigned, one aggregate of one event a `save`, the same
facts as JSON; and INSERTs of equal event rows, one a commit, by as many threads of the same client library: the limit.
Every act of ours is a new file's, so that sealing also makes and keeps a record key: its dearest case.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count, cycle
from typing import Any, Final
from uuid import UUID, uuid4

import psycopg

from benchmarks.file_rows import Deliveries, unsealed
from benchmarks.machine import load, machine
from benchmarks.proving_ground import ProvingGround, proving_ground
from benchmarks.report import Report, Size, Told
from benchmarks.rounds import Contestant, Run, Step, race, writers
from benchmarks.stock_peer import StockArchive, stock_archive, stock_file
from domain.event import Event
from domain.file import FileRegistered
from ledger.act_id import new_act_id
from ledger.actor import Actor
from ledger.proposal import Proposal

NAME: Final = "append"
RATIOS: Final = {
    "stock_1": ("signed_1", "stock_1"),
    "stock_4": ("signed_4", "stock_4"),
    "raw_32": ("signed_32", "raw_32"),
    "sealed_stock_1": ("sealed_1", "stock_1"),
    "sealed_stock_4": ("sealed_4", "stock_4"),
    "sealed_raw_32": ("sealed_32", "raw_32"),
}
_FACTS: Final = 500
_INSERT: Final = (
    "INSERT INTO {table} (position, originator_id, originator_version, topic, state, act_index) "
    "VALUES (%b, %b, 1, %b, %b, 0)"
)


def run(size: Size, told: Told) -> Report:
    """Measure. Raises EnvironmentProblem when the server cannot start."""
    before = load()
    with proving_ground() as ground, ExitStack() as peers:
        contestants = dict(_contestants(ground, peers, size.seconds))
        for contestant in contestants.values():
            contestant(-1)()  # connections, plans and caches are there before the first round
        runs, done = size.short_rounds * len(contestants), count(1)
        outcome = race(contestants, size.short_rounds, ground.meter(), lambda: told(next(done), runs))
        ranges = {name: outcome.ratio_range(*pair) for name, pair in RATIOS.items()}
        return Report(
            name=NAME,
            figures=outcome.figures() | {"ratio_ranges": ranges} | _bytes(ground),
            ratios={name: outcome.ratio(*pair) for name, pair in RATIOS.items()},
            machine=machine(ground.admin, before),
        )


def _contestants(ground: ProvingGround, peers: ExitStack, seconds: float) -> Iterator[tuple[str, Contestant]]:
    facts = [entry.fact for entry in Deliveries(ground.product.naming).entries(_FACTS)]
    clear = [unsealed(fact) for fact in facts]
    clerk = ground.clerk
    stock = peers.enter_context(stock_archive(ground))
    raw = _RawRows(ground, peers, clear[0])
    # A peer runs between the two that are compared with it: what the machine's host takes away, it takes from both.
    for threads in (1, 4, 32):
        yield f"signed_{threads}", _repeated([_perform(ground, clerk, clear) for _ in range(threads)], seconds)
        if threads < 32:
            yield f"stock_{threads}", _repeated([_save(stock, facts) for _ in range(threads)], seconds)
        else:
            yield "raw_32", _repeated([raw.writer() for _ in range(threads)], seconds)
        yield f"sealed_{threads}", _repeated([_perform(ground, clerk, facts) for _ in range(threads)], seconds)


def _repeated(steps: list[Step], seconds: float) -> Contestant:
    def contest(number: int) -> Run:
        return lambda: writers(steps, seconds if number >= 0 else min(seconds, 0.3))

    return contest


def _perform(ground: ProvingGround, clerk: Actor, facts: list[FileRegistered]) -> Step:
    """Propose, decide, seal, encode, sign, check, append, wait until durable. All writers sign with one open key."""
    ledger, turn = ground.product.main, cycle(facts)

    def step() -> None:
        fact, file = next(turn), uuid4()
        decided: dict[UUID, list[Event]] = {file: [fact]}
        ledger.perform(
            Proposal(act="accession.receive", id=new_act_id(), actor=clerk, decide=lambda _: decided, request=fact)
        )

    return step


def _save(stock: StockArchive, facts: list[FileRegistered]) -> Step:
    turn = cycle(facts)

    def step() -> None:
        stock.save(stock_file(next(turn)))

    return step


class _RawRows:
    """INSERT of one event row a commit, prepared, in binary; the payload is made once."""

    def __init__(self, ground: ProvingGround, peers: ExitStack, fact: FileRegistered) -> None:
        self._address, self._peers = ground.admin, peers
        self._insert = _INSERT.format(table=ground.equal_table("raw_event")).encode()
        self._topic, self._state = ground.product.main.event_mapper.encode(fact)
        self._position = count()

    def writer(self) -> Step:
        """One more, with a connection of its own."""
        connection: psycopg.Connection[Any] = psycopg.connect(self._address, autocommit=True)
        self._peers.callback(connection.close)
        cursor = connection.cursor(binary=True)

        def step() -> None:
            row = (next(self._position), uuid4(), self._topic, self._state)
            cursor.execute(self._insert, row, prepare=True)

        return step


def _bytes(ground: ProvingGround) -> dict[str, int]:
    """Average sizes of what was stored for one event: ours with its act's note, stock's without one."""
    row = ground.rows(
        "SELECT (SELECT avg(octet_length(note)) FROM main_log.act WHERE events = 1),"
        "(SELECT avg(octet_length(state)) FROM main_log.event),"
        "(SELECT avg(octet_length(state)) FROM peer.stock_events)"
    )[0]
    return dict(zip(("act_bytes", "event_bytes", "stock_event_bytes"), map(round, row), strict=True))
