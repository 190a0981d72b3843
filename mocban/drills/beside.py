"""Beside the writers: a reader that tails the log, two runners of one projection, and a killer of their LISTEN."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from threading import Event, Thread
from typing import Final

import psycopg

from domain.errors import Refusal
from ledger.recorder import LogRecorder
from mocban.bootstrap import Product
from projections.runner import Runner

PATIENCE_SECONDS: Final = 30.0
KILL_EVERY_SECONDS: Final = 0.7
_KILL: Final = (
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE 'LISTEN%'"
)


class Tail:
    """Reads every event after `start` in a thread of its own, as an outside consumer does."""

    def __init__(self, recorder: LogRecorder, start: int) -> None:
        self.start = start
        self.seen: list[int] = []
        self._subscription = recorder.subscribe(gt=start)
        self._thread = Thread(target=self._read, name="tail", daemon=True)
        self.failure: Exception | None = None
        self._thread.start()

    def wait_for(self, end: int) -> None:
        """Until the event `end` was met, or patience ends."""
        until = time.monotonic() + PATIENCE_SECONDS
        while (not self.seen or self.seen[-1] < end) and self.failure is None and time.monotonic() < until:
            time.sleep(0.02)

    def problems(self, end: int) -> Iterator[str]:
        """Each event once, in order."""
        if self.failure is not None:
            yield f"the tail ended: {type(self.failure).__name__}"
        missed, met = set(range(self.start + 1, end + 1)) - set(self.seen), len(self.seen)
        if missed or self.seen != sorted(set(self.seen)):
            yield f"the tail met {met} events, missed {len(missed)}, doubled {met - len(set(self.seen))}"

    def stop(self) -> None:
        """Stop reading."""
        self._subscription.stop()
        self._thread.join()

    def _read(self) -> None:
        try:
            with self._subscription as events:
                for event in events:
                    self.seen.append(event.id)
        except Exception as failure:  # noqa: BLE001  told to who looks
            self.failure = failure


class Witnesses:
    """The tail and the two runners."""

    def __init__(self, tail: Tail, runners: list[Runner]) -> None:
        self._tail = tail
        self._runners = runners

    def problems(self, end: int) -> Iterator[str]:
        """What each missed or doubled of the events up to `end`."""
        self._tail.wait_for(end)
        yield from self._tail.problems(end)
        for runner in self._runners:
            try:
                runner.wait_for(end, PATIENCE_SECONDS)
            except Refusal as refusal:
                yield f"a runner is not at {end}: {refusal.code}"
        if (reached := self._runners[0].tracking.position()) != end:
            yield f"the views are at {reached}, the log at {end}"


@contextmanager
def beside(product: Product, start: int, ending: Event) -> Iterator[Witnesses]:
    """Tail, fold and kill connections until the block ends; nothing is killed any more once `ending` is set."""
    runners = []
    with ExitStack() as closing:
        for _ in range(2):
            main_runner, access_runner = product.runners()
            access_runner.stop()
            runners.append(closing.enter_context(main_runner))
        tail = Tail(product.main.log_recorder, start)
        closing.callback(tail.stop)
        killer = Thread(target=_kill_listeners, args=(product.databases.main_admin, ending), daemon=True)
        killer.start()
        closing.callback(killer.join)
        closing.callback(ending.set)
        yield Witnesses(tail, runners)


def _kill_listeners(admin: str, ending: Event) -> None:
    with psycopg.connect(admin, autocommit=True) as connection:
        while not ending.wait(KILL_EVERY_SECONDS):
            connection.execute(_KILL)
