"""The calls that write acts: a short way where there is one, and `append` with arrays of everything that waits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.pq.abc import PGresult

from ledger.act_arrays import (
    ACT_ARRAYS,
    EVENT_ARRAYS,
    GUARD_ARRAYS,
    SEALED_ARRAYS,
    act_arrays,
    event_arrays,
    guard_arrays,
    sealed_arrays,
)
from ledger.binary_array import Int4Array, Int8Array
from ledger.log_call import LogCall, results
from ledger.log_name import LogName
from ledger.prepared_act import AppendStatus, Outcome, PreparedAct
from ledger.short_append import ShortAppend

_APPEND = sql.SQL(
    "SELECT status, act_index, first_position, events, stream FROM {schema}.append("
    "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ORDER BY ordinal"
)
# One statement, so one transaction and one round trip: a ciphertext is durable exactly when its act is.
_KEEP_SEALED = sql.SQL(
    "WITH kept AS (INSERT INTO sealed.field (digest, ciphertext, owner, stream, version, pointer) "
    "SELECT * FROM unnest($14, $15, $16, $17, $18, $19) "
    "ON CONFLICT DO NOTHING) "
)
_TYPES: Final = (*ACT_ARRAYS, Int8Array.array, Int4Array.array, Int4Array.array, *EVENT_ARRAYS, *GUARD_ARRAYS)
_STATUS: Final = {status.value.encode(): status for status in AppendStatus}


class AppendStatement:
    """Appends acts to one log. One call is one transaction on an autocommit connection (`prepare` it first).

    For one connection at a time. Where a short way has stored nothing, `receive` asks `append`, a second call.
    """

    def __init__(self, log: LogName) -> None:
        append = _APPEND.format(schema=sql.Identifier(log.value))
        self._short = ShortAppend(log)
        self._plain = LogCall(b"mocban_append", append.as_bytes(), _TYPES)
        self._sealed = LogCall(b"mocban_append_sealed", (_KEEP_SEALED + append).as_bytes(), (*_TYPES, *SEALED_ARRAYS))
        self._sent: Sequence[PreparedAct] = ()
        self._sent_short = False

    def prepare(self, connection: psycopg.Connection[Any]) -> None:
        """Once for each connection. Raises psycopg.Error."""
        for call in (self._plain, self._sealed):
            call.prepare(connection)
        self._short.prepare(connection)

    def execute(self, connection: psycopg.Connection[Any], acts: Sequence[PreparedAct]) -> list[Outcome]:
        """`send`, then `receive`."""
        self.send(connection, acts)
        return self.receive(connection)

    def send(self, connection: psycopg.Connection[Any], acts: Sequence[PreparedAct]) -> None:
        """Begin a call; returns when the server has all of it. Raises psycopg.Error."""
        self._sent = acts
        self._sent_short = self._short.send(connection, acts)
        if not self._sent_short:
            self._send_long(connection, acts)

    def receive(self, connection: psycopg.Connection[Any]) -> list[Outcome]:
        """Outcomes in the order of the acts sent. Raises psycopg.Error; then nothing of this call was stored, unless
        the connection died, when only the ids can tell."""
        if self._sent_short:
            outcomes = self._short.receive(connection, self._sent)
            if outcomes is not None:
                return outcomes
            self._send_long(connection, self._sent)
        [result] = results(connection)
        return [_outcome_at(result, row) for row in range(result.ntuples)]

    def _send_long(self, connection: psycopg.Connection[Any], acts: Sequence[PreparedAct]) -> None:
        sealed = [row for act in acts for row in act.sealed]
        if sealed:
            self._sealed.send(connection, _arrays(acts) + sealed_arrays(sealed))
        else:
            self._plain.send(connection, _arrays(acts))


def _arrays(acts: Sequence[PreparedAct]) -> list[bytes | None]:
    return [
        *act_arrays(acts),
        Int8Array([act.registry_index for act in acts]).data,
        Int4Array([len(act.events) for act in acts]).data,
        Int4Array([len(act.guards) for act in acts]).data,
        *event_arrays([event for act in acts for event in act.events]),
        *guard_arrays([guard for act in acts for guard in act.guards]),
    ]


def _outcome_at(result: PGresult, row: int) -> Outcome:
    value = result.get_value
    status, act_index, first_position, events = value(row, 0), value(row, 1), value(row, 2), value(row, 3)
    assert status is not None
    if act_index is None or first_position is None or events is None:
        stream = value(row, 4)
        return Outcome(status=_STATUS[status], stream=None if stream is None else UUID(bytes=stream))
    number = int.from_bytes
    return Outcome(
        status=_STATUS[status],
        act_index=number(act_index, "big"),
        first_position=number(first_position, "big"),
        events=number(events, "big"),
    )


def outcome_of(row: tuple[Any, ...]) -> Outcome:
    """What `append` and `begin_bulk` answer: status, act index, first position, events, stream."""
    status, act_index, first_position, events, stream = row
    if act_index is None:
        return Outcome(status=AppendStatus(status), stream=stream)
    return Outcome(status=AppendStatus(status), act_index=act_index, first_position=first_position, events=events)
