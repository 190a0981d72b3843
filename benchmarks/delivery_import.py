"""Import: files of a worksheet as `file.registered` events in acts of 5,000, against COPY of the very same rows.

The clock of `facts*` starts with typed facts and stops when the last act is durable: sealing, encoding, hashing,
packing in the children of `./run import`, one a core; signing, checking, COPY in the parent, act after act.
`worksheet` starts with the rows as read, before ids are derived and retention is judged. `receive` is the command of a
delivery, entry gate included, two events a file. The limit is binary COPY of the buffers that `facts` has stored, an
act a commit, into a table with the columns, checks and indexes of the log's and all that the log held before them.
"""

from __future__ import annotations

from contextlib import ExitStack
from itertools import count
from time import perf_counter
from typing import Any, Final

import psycopg

from benchmarks.drafters import Drafters, Start
from benchmarks.file_rows import Deliveries
from benchmarks.machine import load, machine
from benchmarks.proving_ground import ProvingGround, proving_ground
from benchmarks.report import Report, Size, Told
from benchmarks.rounds import Contestant, Run, Work, race
from ledger.act_id import new_act_id
from ledger.bulk import BulkAppender
from ledger.bulk_draft import BulkDraft
from ledger.commands.accession import receive
from ledger.copy_rows import EVENT_COLUMNS
from ledger.receipt import Receipt
from mocban.importing.gear import gear_of
from mocban.importing.importer import BULK

NAME: Final = "import"
ROWS: Final = 120_000
DEARER_ROWS: Final = 30_000
"""Of what is sealed or begins at a worksheet's rows, which takes several times as long."""
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
        importing = _Importing(ground, peers, size)
        contestants = importing.contestants()
        for contestant in contestants.values():
            contestant(-1)()
        runs, done = size.rounds * len(contestants), count(1)
        outcome = race(contestants, size.rounds, ground.meter(importing.children), lambda: told(next(done), runs))
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

    def __init__(self, ground: ProvingGround, peers: ExitStack, size: Size) -> None:
        self.rows, self.act_rows = size.of(ROWS, 40), size.of(ACT_ROWS, 20)
        self._dearer_rows = size.of(DEARER_ROWS, 40)
        self._ledger, self._clerk = ground.product.main, ground.clerk
        self._deliveries = Deliveries(ground.product.naming)
        self._copied = ground.equal_table("copied_event")
        self._connection: psycopg.Connection[Any] = psycopg.connect(ground.admin, autocommit=True)
        peers.callback(self._connection.close)
        self._stored: list[tuple[BulkDraft, Receipt]] = []
        self._appender = BulkAppender(self._ledger, ground.product.databases.main_url(BULK))
        peers.callback(self._appender.close)
        self._drafters = peers.enter_context(Drafters(gear_of(ground.product, ground.clerk, ground.folder / "day")))
        self.children = self._drafters.pids()

    def contestants(self) -> dict[str, Contestant]:
        """`copy` comes after or before `facts` in a round and copies what `facts` stored last."""
        return {
            "facts": lambda _: self._import("facts"),
            "copy": lambda _: self._copy(),
            "facts_sealed": lambda _: self._import("facts_sealed"),
            "worksheet": lambda _: self._import("worksheet"),
            "receive": lambda _: self._receive(),
        }

    def _import(self, start: Start) -> Run:
        acts = (self.rows if start == "facts" else self._dearer_rows) // self.act_rows
        parts = [(self._deliveries.reserve(self.act_rows), self.act_rows) for _ in range(acts)]
        self._drafters.hold(start, parts)

        def run() -> Work:
            began = perf_counter()
            drafts = self._drafters.drafts(len(parts))
            stored = [(one, self._appender.append(one, [self._clerk]).receipt(one.id)) for one in drafts]
            seconds = perf_counter() - began
            if start == "facts":
                self._stored = stored
            return Work(acts * self.act_rows, seconds)

        return run

    def _receive(self) -> Run:
        rows = self._deliveries.rows(self.act_rows)
        delivery = self._deliveries.delivery(rows)

        def run() -> Work:
            began = perf_counter()
            receive(self._ledger, self._clerk, new_act_id(), delivery)
            return Work(len(rows), perf_counter() - began)

        return run

    def _copy(self) -> Run:
        """The rows at their own places, into a table that holds what the log held before them."""
        buffers = [b"".join(one.rows.placed(at.first_position, at.act_index)) for one, at in self._stored]
        columns = ", ".join(EVENT_COLUMNS)
        self._connection.execute(f"TRUNCATE {self._copied}".encode())
        before = f"INSERT INTO {self._copied} ({columns}) TABLE earlier"
        earlier = f"WITH earlier AS (SELECT {columns} FROM main_log.event WHERE position < %s) {before}"  # noqa: S608
        self._connection.execute(earlier.encode(), (self._stored[0][1].first_position,))
        statement = f"COPY {self._copied} ({columns}) FROM STDIN (FORMAT binary)".encode()

        def run() -> Work:
            began = perf_counter()
            for buffer in buffers:
                with self._connection.cursor() as cursor, cursor.copy(statement) as copy:
                    copy.write(buffer)
            return Work(self.rows, perf_counter() - began)

        return run
