"""Import: files of a worksheet as `file.registered` events in acts of 5,000, against COPY of the very same rows.

The clock of `facts*` starts with typed facts and stops when the last act is durable: sealing, encoding, hashing,
packing, signing, checking, COPY, in one process; the next act is drafted while the last one is being stored.
`worksheet` starts with the rows as read, before ids are derived and retention is judged. `receive` is the command of a
delivery, entry gate included, two events a file. The limit is binary COPY of the buffers that `facts` has stored,
an act a commit, into a table with the columns, checks and indexes of the log's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from itertools import count
from time import perf_counter
from typing import Any, Final
from uuid import UUID

import psycopg

from benchmarks.file_rows import Deliveries, unsealed
from benchmarks.machine import load, machine
from benchmarks.proving_ground import ProvingGround, proving_ground
from benchmarks.report import Report, Size, Told
from benchmarks.rounds import Contestant, Run, Work, race
from domain.event import Event
from ledger.act_id import new_act_id
from ledger.bulk import BulkAppender
from ledger.bulk_draft import BulkDraft, draft
from ledger.commands.accession import receive
from ledger.copy_rows import EVENT_COLUMNS
from ledger.prepared_act import Outcome
from ledger.proposal import Proposal
from mocban.importing.importer import BULK

NAME: Final = "import"
ROWS: Final = 30_000
ACT_ROWS: Final = 5_000
RATIOS: Final = {
    "copy": ("facts", "copy"),
    "copy_sealed": ("facts_sealed", "copy"),
    "copy_from_worksheet": ("worksheet", "copy"),
}


def run(size: Size, told: Told) -> Report:
    """Measure. Raises EnvironmentProblem when the server cannot start."""
    before = load()
    with proving_ground() as ground, ExitStack() as peers:
        importing = _Importing(ground, peers, rows=size.of(ROWS, 40), act_rows=size.of(ACT_ROWS, 20))
        contestants = importing.contestants()
        for contestant in contestants.values():
            contestant(-1)()
        runs, done = size.rounds * len(contestants), count(1)
        outcome = race(contestants, size.rounds, ground.meter(), lambda: told(next(done), runs))
        ranges = {name: outcome.ratio_range(*pair) for name, pair in RATIOS.items()}
        return Report(
            name=NAME,
            figures=outcome.figures()
            | {"ratio_ranges": ranges, "rows": importing.rows, "act_rows": importing.act_rows},
            ratios={name: outcome.ratio(*pair) for name, pair in RATIOS.items()},
            machine=machine(ground.admin, before),
        )


class _Importing:
    """The ways in. Every run imports files that were never imported before."""

    def __init__(self, ground: ProvingGround, peers: ExitStack, rows: int, act_rows: int) -> None:
        self.rows, self.act_rows = rows, act_rows
        self._ledger, self._clerk = ground.product.main, ground.clerk
        self._deliveries = Deliveries(ground.product.naming)
        self._copied = ground.equal_table("copied_event")
        self._connection: psycopg.Connection[Any] = psycopg.connect(ground.admin, autocommit=True)
        peers.callback(self._connection.close)
        self._places = count()
        self._stored: list[BulkDraft] = []
        self._appender = BulkAppender(self._ledger, ground.product.databases.main_url(BULK))
        peers.callback(self._appender.close)
        self._thread = peers.enter_context(ThreadPoolExecutor(1))

    def contestants(self) -> dict[str, Contestant]:
        """`copy` comes after or before `facts` in a round and copies what `facts` stored last."""
        return {
            "facts": lambda _: self._from_facts(seal=False),
            "copy": lambda _: self._copy(),
            "facts_sealed": lambda _: self._from_facts(seal=True),
            "worksheet": lambda _: self._from_worksheet(),
            "receive": lambda _: self._receive(),
        }

    def _from_facts(self, *, seal: bool) -> Run:
        entries = self._deliveries.entries(self.rows)
        facts = [(entry.file, entry.fact if seal else unsealed(entry.fact)) for entry in entries]

        def run() -> Work:
            began = perf_counter()
            stored = self._append(self._drafted(facts[at : at + self.act_rows]) for at in self._starts())
            seconds = perf_counter() - began
            if not seal:
                self._stored = stored
            return Work(self.rows, seconds)

        return run

    def _from_worksheet(self) -> Run:
        rows = self._deliveries.rows(self.rows)

        def facts(at: int) -> list[tuple[UUID, Event]]:
            entries = self._deliveries.delivery(rows[at : at + self.act_rows]).files
            return [(entry.file, unsealed(entry.fact)) for entry in entries]

        def run() -> Work:
            began = perf_counter()
            self._append(self._drafted(facts(at)) for at in self._starts())
            return Work(self.rows, perf_counter() - began)

        return run

    def _receive(self) -> Run:
        rows = self._deliveries.rows(self.act_rows)
        delivery = self._deliveries.delivery(rows)

        def run() -> Work:
            began = perf_counter()
            receive(self._ledger, self._clerk, new_act_id(), delivery)
            return Work(len(rows), perf_counter() - began)

        return run

    def _starts(self) -> range:
        return range(0, self.rows, self.act_rows)

    def _drafted(self, facts: Sequence[tuple[UUID, Event]]) -> BulkDraft:
        decided = {file: [fact] for file, fact in facts}
        request = {"delivery": str(facts[0][0]), "rows": len(facts)}
        proposal = Proposal(
            act="accession.import", id=new_act_id(), actor=self._clerk, decide=lambda _: decided, request=request
        )
        return draft(self._ledger, proposal, decided)[0]

    def _append(self, drafts: Iterator[BulkDraft]) -> list[BulkDraft]:
        """Append each while the next is drafted; every one must be stored."""
        stored: list[BulkDraft] = []
        waiting: Future[Outcome] | None = None
        for one in drafts:
            if waiting is not None:
                waiting.result().receipt(stored[-1].id)
            stored.append(one)
            waiting = self._thread.submit(self._appender.append, one, [self._clerk])
        if waiting is not None:
            waiting.result().receipt(stored[-1].id)
        return stored

    def _copy(self) -> Run:
        buffers = [bytes(one.rows.placed(self.act_rows * next(self._places), 0)) for one in self._stored]
        self._connection.execute(f"TRUNCATE {self._copied}".encode())
        columns = ", ".join(EVENT_COLUMNS)
        statement = f"COPY {self._copied} ({columns}) FROM STDIN (FORMAT binary)".encode()

        def run() -> Work:
            began = perf_counter()
            for buffer in buffers:
                with self._connection.cursor() as cursor, cursor.copy(statement) as copy:
                    copy.write(buffer)
            return Work(self.rows, perf_counter() - began)

        return run
