"""One connection of a process to one log, over which calls of `append` go one after another and none is forgotten."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, Final

import psycopg

from domain.errors import Refusal
from ledger.append_statement import AppendStatement
from ledger.log_name import LogName
from ledger.prepared_act import Outcome, PreparedAct
from signing.fault_point import FaultPoint, reached

_FIRST_PAUSE: Final = 0.05
_LONGEST_PAUSE: Final = 1.0


class AppendConnection:
    """Opened when it is needed, and again when it was lost. For one thread at a time; close it when done."""

    def __init__(self, conninfo: str, log: LogName, patience: float) -> None:
        """conninfo: libpq connection string whose role may execute `append`. patience: seconds to reconnect."""
        self._conninfo = conninfo
        self._name = f"commit {log}"
        self._patience = patience
        self._statement = AppendStatement(log)
        self._connection: psycopg.Connection[Any] | None = None
        self._sent: Sequence[PreparedAct] = ()
        self._failure: Exception | None = None

    def send(self, acts: Sequence[PreparedAct]) -> None:
        """Begin a call; `receive` ends it, and before that no other may begin."""
        reached(FaultPoint.APPEND_DUE)
        self._sent, self._failure = acts, None
        try:
            self._statement.send(self._connected(), acts)
        except Exception as error:  # noqa: BLE001  `receive` tells
            self._failure = error

    def receive(self) -> list[Outcome | Exception]:
        """What came of each act that was sent, in order, once it is durable or refused.

        Refused by `ledger-unreachable` (the act may or may not be stored: retry with the same id), by
        `ledger-refused-storage`, or by the error of an act that cannot be sent.
        """
        acts, pause, deadline = self._sent, _FIRST_PAUSE, time.monotonic() + self._patience
        while True:
            try:
                outcomes: list[Outcome | Exception] = [*self._answer()]
            except psycopg.Error as error:
                if self._connection is not None and not self._connection.broken and not self._connection.closed:
                    return self._apart(acts, error)
                # The acknowledgement may have been lost after the commit: the ids and digests of the same call,
                # sent again, tell what is already stored.
                self.close()
                if time.monotonic() + pause > deadline:
                    return [_caused(Refusal("ledger-unreachable"), error) for _ in acts]
                time.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
                self.send(acts)
            except Exception as error:  # noqa: BLE001  it is one act's own
                self.close()
                return self._apart(acts, error)
            else:
                reached(FaultPoint.APPEND_COMMITTED)
                return outcomes

    @property
    def answers_at(self) -> int | None:
        """The file that is readable once the server has answered; None when `receive` need not wait for it."""
        if self._connection is None or self._failure is not None:
            return None
        try:
            return self._connection.pgconn.socket
        except psycopg.Error:
            return None  # lost

    def close(self) -> None:
        """Let go of the server. What was sent and not received may or may not be stored."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _answer(self) -> list[Outcome]:
        if self._failure is not None:
            raise self._failure
        assert self._connection is not None
        return self._statement.receive(self._connection)

    def _apart(self, acts: Sequence[PreparedAct], error: Exception) -> list[Outcome | Exception]:
        """The whole call was refused, or could not be sent: only the act at fault may suffer for it."""
        if len(acts) == 1:
            if not isinstance(error, psycopg.Error):
                return [error]
            return [_caused(Refusal("ledger-refused-storage", sqlstate=error.sqlstate), error)]
        outcomes: list[Outcome | Exception] = []
        for act in acts:
            self.send([act])
            outcomes += self.receive()
        return outcomes

    def _connected(self) -> psycopg.Connection[Any]:
        if self._connection is None:
            connection = psycopg.connect(self._conninfo, autocommit=True, application_name=self._name)
            self._statement.prepare(connection)
            self._connection = connection
        return self._connection


def _caused(refusal: Refusal, error: psycopg.Error) -> Refusal:
    refusal.__cause__ = error
    return refusal
