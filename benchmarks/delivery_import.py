"""Import: files of a worksheet as `file.registered` events in acts of 2,000, against COPY of the very same rows.

The clock of `facts*` starts with typed facts and stops when the last act is durable: ids, sealing, encoding, hashing,
signing, checking and appending; the next act is prepared while the last one is being stored. `worksheet` starts with
the reader's rows, before ids are derived and retention is judged. `receive` is the command that a delivery takes today,
entry gate included, two events a file. The limit is binary COPY of the rows that `facts` has stored, from buffers made
before its clock starts, into a table with the columns, checks and indexes of the log's.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence
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
from ledger.commands.accession import receive
from ledger.prepared_act import Outcome, PreparedAct
from ledger.proposal import Proposal

NAME: Final = "import"
ROWS: Final = 8_000
ACT_ROWS: Final = 2_000
COPY_ROWS: Final = 8_000
"""Rows of one COPY and commit of the limit."""
RATIOS: Final = {
    "copy": ("facts", "copy"),
    "copy_sealed": ("facts_sealed", "copy"),
    "copy_from_worksheet": ("worksheet", "copy"),
}
_SIGNATURE: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END: Final = b"\xff\xff"


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
        self._positions = count()
        self._stored: list[PreparedAct] = []

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
            stored = self._append(self._prepared(facts[at : at + self.act_rows]) for at in self._starts())
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
            self._append(self._prepared(facts(at)) for at in self._starts())
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

    def _prepared(self, facts: Sequence[tuple[UUID, Event]]) -> PreparedAct:
        decided = {file: [fact] for file, fact in facts}
        request = {"delivery": str(facts[0][0]), "rows": len(facts)}
        return self._ledger.prepare(
            Proposal(
                act="accession.import", id=new_act_id(), actor=self._clerk, decide=lambda _: decided, request=request
            )
        )

    def _append(self, acts: Iterator[PreparedAct]) -> list[PreparedAct]:
        """Append each while the next is prepared; every one must be stored."""
        waiting: list[Callable[[], Outcome]] = []
        stored: list[PreparedAct] = []
        for act in acts:
            stored.append(act)
            waiting += [future.result for future in self._ledger.log_recorder.append([act])]
            if len(waiting) > 1:
                waiting.pop(0)().receipt(act.id)
        for result in waiting:
            result().receipt(stored[-1].id)
        return stored

    def _copy(self) -> Run:
        rows = [
            (index, event.originator_id, event.originator_version, event.topic.encode(), event.state)
            for index, act in enumerate(self._stored)
            for event in act.events
        ]
        buffers = [self._buffer(rows[at : at + COPY_ROWS]) for at in range(0, len(rows), COPY_ROWS)]
        self._connection.execute(f"TRUNCATE {self._copied}".encode())
        statement = f"COPY {self._copied} FROM STDIN (FORMAT binary)".encode()

        def run() -> Work:
            began = perf_counter()
            for buffer in buffers:
                with self._connection.cursor() as cursor, cursor.copy(statement) as copy:
                    copy.write(buffer)
            return Work(len(rows), perf_counter() - began)

        return run

    def _buffer(self, rows: Sequence[tuple[int, Any, int, bytes, bytes]]) -> bytes:
        """Binary COPY (PostgreSQL documentation, COPY, binary format) of the columns in the table's order."""
        parts = [_SIGNATURE]
        for act, stream, version, topic, state in rows:
            parts.append(struct.pack("!hiqi16siq", 6, 8, next(self._positions), 16, stream.bytes, 8, version))
            parts += [struct.pack("!i", len(topic)), topic, struct.pack("!i", len(state)), state]
            parts.append(struct.pack("!iq", 8, act))
        return b"".join([*parts, _END])
