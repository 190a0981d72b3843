"""Children that draft acts of files they hold already, one a core: those of `./run import`, fed without a worksheet."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from types import TracebackType
from typing import Final, Literal, Self
from uuid import UUID

from benchmarks.file_rows import Deliveries, unsealed
from digitization.worksheet_rows import FileRow
from domain.event import Event
from ledger.act_id import new_act_id
from ledger.bulk_draft import BulkDraft, draft
from ledger.proposal import Proposal
from mocban.importing.crew import MOST_WORKERS
from mocban.importing.workplace import Gear, move_in, uncollected, workplace

Start = Literal["facts", "facts_sealed", "worksheet"]
"""Where the clock starts: at typed facts whose title is sealed already, at facts to seal, at rows as they were read."""
Facts = Sequence[tuple[UUID, Event]]


class Drafters:
    """One pool of one child a core, so that who holds an act's files also drafts it."""

    def __init__(self, gear: Gear) -> None:
        context = multiprocessing.get_context("spawn")
        self._pools = [
            ProcessPoolExecutor(1, mp_context=context, initializer=move_in, initargs=(gear,))
            for _ in range(min(os.cpu_count() or 1, MOST_WORKERS))
        ]

    def pids(self) -> list[int]:
        """The children's process ids."""
        return [pool.submit(os.getpid).result() for pool in self._pools]

    def hold(self, start: Start, parts: Sequence[tuple[int, int]]) -> None:
        """Have the children make the files (first number, how many) of each act; off the clock."""
        held = [self._of(at).submit(_hold, start, first, count) for at, (first, count) in enumerate(parts)]
        for one in held:
            one.result()

    def drafts(self, acts: int) -> Iterator[BulkDraft]:
        """The drafts of the acts held, in order; each child is one ahead."""
        ahead: list[Future[BulkDraft]] = []
        for at in range(acts):
            ahead.append(self._of(at).submit(_draft))
            if len(ahead) > len(self._pools):
                yield ahead.pop(0).result()
        for drafted in ahead:
            yield drafted.result()

    def _of(self, act: int) -> ProcessPoolExecutor:
        return self._pools[act % len(self._pools)]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pool in self._pools:
            pool.shutdown(cancel_futures=True)


# --- in the child ----------------------------------------------------------------------------------------------

_held: Final[list[tuple[Start, Facts, list[FileRow]]]] = []


def _hold(start: Start, first: int, count: int) -> None:
    deliveries = Deliveries(workplace().naming)
    rows = deliveries.rows(count, first)
    facts: Facts = ()
    if start != "worksheet":
        entries = deliveries.delivery(rows).files
        facts = [(entry.file, unsealed(entry.fact) if start == "facts" else entry.fact) for entry in entries]
    _held.append((start, facts, rows))


def _draft() -> BulkDraft:
    with uncollected():
        return _drafted()


def _drafted() -> BulkDraft:
    start, facts, rows = _held.pop(0)
    place = workplace()
    if start == "worksheet":
        entries = Deliveries(place.naming).delivery(rows).files
        facts = [(entry.file, unsealed(entry.fact)) for entry in entries]
    decided = {file: [fact] for file, fact in facts}
    proposal = Proposal(
        act="accession.import",
        id=new_act_id(),
        actor=place.actor,
        decide=lambda _: decided,
        request={"delivery": str(facts[0][0]), "rows": len(facts)},
    )
    return draft(place.ledger, proposal, decided)[0]
