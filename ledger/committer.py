"""The group committer: one connection per process and log, and one thread for whoever finds it busy.

While one call is being made durable, the next acts gather; so the cost of a commit is shared by all who wait, and the
lock of the head row is held once for all of them. Who finds nobody at work commits its act itself, in its own thread.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence
from threading import Condition, Thread
from typing import Any, Final

import psycopg

from domain.errors import Refusal
from ledger.append_statement import AppendStatement
from ledger.group_preparer import GroupPreparer
from ledger.log_name import LogName
from ledger.pending import Pending
from ledger.prepared_act import Outcome, PreparedAct
from signing.fault_point import FaultPoint, reached

MAX_ACTS: Final = 256
MAX_BYTES: Final = 8 << 20
MAX_WAITING: Final = 8192
PATIENCE_SECONDS: Final = 20.0

AWAY: Final = frozenset({"ledger-unreachable", "ledger-refused-storage", "ledger-closed"})
"""Refusals that blame no act: the next one would fare no better."""


class GroupCommitter:
    """Appends prepared acts of one log. Thread-safe; close it to finish what waits and stop."""

    def __init__(self, conninfo: str, log: LogName, patience: float = PATIENCE_SECONDS) -> None:
        """conninfo: libpq connection string whose role may execute `append`. patience: seconds to reconnect."""
        self._conninfo = conninfo
        self._log = log
        self._patience = patience
        self._statement = AppendStatement(log)
        self._connection: psycopg.Connection[Any] | None = None
        self._waiting: deque[Pending] = deque()
        self._changed = Condition()
        self._closing = False
        self._busy = False  # whoever set it has the connection
        self._thread: Thread | None = None
        self._preparer = GroupPreparer(f"preparer-{log}", self._queue)

    def append(self, pending: Pending) -> Outcome:
        """Prepare and append one act and wait. Raises as what `submit` returns, and what its preparation raises."""
        alone = False
        try:
            with self._changed:
                alone = not (self._busy or self._waiting or self._closing)
                self._busy = self._busy or alone
            if alone and pending.prepare():
                self._commit([pending])
        except BaseException as error:
            if alone and not isinstance(error, Exception):
                self._disconnect()  # interrupted in the middle of a call
            raise
        finally:
            if alone:
                self._release()
        if not alone:
            self._preparer.put(pending)
        return pending.result()

    def submit(self, acts: Sequence[PreparedAct]) -> list[Pending]:
        """Queue acts in order; each is settled once it is durable or refused.

        One may raise Refusal: `ledger-unreachable` (the act may or may not be stored: retry with the same id),
        `ledger-refused-storage`. Blocks while too many wait.
        """
        pending = [Pending.of(act) for act in acts]
        self._queue(pending)
        return pending

    def _queue(self, pending: Sequence[Pending]) -> None:
        with self._changed:
            while len(self._waiting) >= MAX_WAITING and not self._closing:
                self._changed.wait()
            if self._closing:
                raise Refusal("ledger-closed")
            self._waiting.extend(pending)
            if self._thread is None:
                self._thread = Thread(target=self._run, name=f"committer-{self._log}", daemon=True)
                self._thread.start()
            if not self._busy:  # else `_release` does
                self._changed.notify_all()

    def close(self) -> None:
        """Make durable what waits, then stop. Idempotent."""
        self._preparer.close()
        with self._changed:
            self._closing = True
            self._changed.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join()
        with self._changed:
            self._changed.wait_for(lambda: not self._busy, self._patience)
            self._disconnect()

    def _run(self) -> None:
        while batch := self._next_batch():
            try:
                self._commit(batch)
            except BaseException as error:
                _fail(batch, error)  # nobody may wait for ever
                if not isinstance(error, Exception):
                    raise
            finally:
                self._release()

    def _release(self) -> None:
        with self._changed:
            self._busy = False
            if self._waiting or self._closing:
                self._changed.notify_all()

    def _next_batch(self) -> list[Pending]:
        """Everything that waits, within the limits of one call, and the connection; empty when closed and drained."""
        with self._changed:
            while self._busy or not (self._waiting or self._closing):
                self._changed.wait()
            self._busy = bool(self._waiting)
            batch: list[Pending] = []
            size = 0
            while self._waiting and len(batch) < MAX_ACTS:
                size += self._waiting[0].act.size
                if batch and size > MAX_BYTES:
                    break
                batch.append(self._waiting.popleft())
            self._changed.notify_all()
            return batch

    def _commit(self, batch: list[Pending]) -> None:
        deadline = time.monotonic() + self._patience
        pause = 0.05
        while True:
            reached(FaultPoint.APPEND_DUE)
            try:
                outcomes = self._statement.execute(self._connected(), [pending.act for pending in batch])
            except psycopg.Error as error:
                if self._connection is not None and not self._connection.broken and not self._connection.closed:
                    self._commit_apart(batch, error)
                    return
                # The acknowledgement may have been lost after the commit: the ids and digests of the same call,
                # sent again, tell what is already stored.
                self._disconnect()
                if time.monotonic() + pause > deadline:
                    raise Refusal("ledger-unreachable") from error
                time.sleep(pause)
                pause = min(pause * 2, 1.0)
            else:
                reached(FaultPoint.APPEND_COMMITTED)
                for pending, outcome in zip(batch, outcomes, strict=True):
                    pending.settle(outcome)
                reached(FaultPoint.APPEND_TOLD)
                return

    def _commit_apart(self, batch: list[Pending], error: psycopg.Error) -> None:
        """The server refused the whole call: only the act at fault may suffer for it."""
        if len(batch) == 1:
            raise Refusal("ledger-refused-storage", sqlstate=error.sqlstate) from error
        for pending in batch:
            try:
                self._commit([pending])
            except Refusal as refusal:
                _fail([pending], refusal)

    def _connected(self) -> psycopg.Connection[Any]:
        if self._connection is None:
            name = f"commit {self._log}"
            connection = psycopg.connect(self._conninfo, autocommit=True, application_name=name)
            self._statement.prepare(connection)
            self._connection = connection
        return self._connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _fail(batch: list[Pending], error: BaseException) -> None:
    for pending in batch:
        if not pending.settled:
            pending.fail(error)
