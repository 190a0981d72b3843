"""The group committer: one connection per process and log; who finds it free commits alone, the others together.

While one call is being made durable, the next acts gather at the desk; so the cost of a commit is shared by all who
wait, and the lock of the head row is held once for all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import Final

from ledger.append_connection import AppendConnection
from ledger.append_desk import AppendDesk, tell
from ledger.dispatch import Dispatch
from ledger.log_name import LogName
from ledger.one_core import OneCore
from ledger.pending import Pending
from ledger.prepared_act import Outcome, PreparedAct

PATIENCE_SECONDS: Final = 20.0

AWAY: Final = frozenset({"ledger-unreachable", "ledger-refused-storage", "ledger-closed"})
"""Refusals that blame no act: the next one would fare no better."""


class GroupCommitter:
    """Prepares and appends acts of one log. Thread-safe; close it to finish what waits and stop."""

    def __init__(self, conninfo: str, log: LogName, patience: float = PATIENCE_SECONDS) -> None:
        """conninfo: libpq connection string whose role may execute `append`. patience: seconds to reconnect."""
        self._patience = patience
        self._connection = AppendConnection(conninfo, log, patience)
        self._turn = Lock()  # whoever has it has the connection
        self._core = OneCore()
        dispatch = Dispatch(self._connection, conninfo, log, self._core)
        self._desk = AppendDesk(f"append-{log}", dispatch, self._turn)
        self._closed = False

    def append(self, pending: Pending) -> Outcome:
        """Prepare and append one act and wait. Raises as what `submit` returns, and what its preparation raises."""
        if self._desk.idle and not self._closed and self._turn.acquire(blocking=False):
            self._append_alone(pending)
            return pending.result()
        self._desk.put([pending])
        return self._core.near(pending.result)

    def submit(self, acts: Sequence[PreparedAct]) -> list[Pending]:
        """Queue acts in order; each is settled once it is durable or refused.

        One may raise Refusal: `ledger-unreachable` (the act may or may not be stored: retry with the same id),
        `ledger-refused-storage`. Blocks while too many wait.
        """
        pending = [Pending.of(act) for act in acts]
        self._desk.put(pending)
        return pending

    def close(self) -> None:
        """Make durable what waits, then stop. Idempotent."""
        self._closed = True
        self._desk.close()
        if self._turn.acquire(timeout=self._patience):
            self._connection.close()
            self._turn.release()

    def _append_alone(self, pending: Pending) -> None:
        try:
            if pending.compose() and pending.sign():
                self._connection.send([pending.act])
                tell([pending], self._connection.receive())
        except BaseException:
            self._connection.close()  # perhaps in the middle of a call
            raise
        finally:
            self._turn.release()
            self._desk.wake()
