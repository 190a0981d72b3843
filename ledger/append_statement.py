"""The one statement that writes acts: the database function `append`, called with arrays of everything that waits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, cast
from uuid import UUID

import psycopg
from psycopg import generators, sql
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, Format
from psycopg.pq.abc import PGresult

from ledger.binary_array import BytesArray, Int4Array, Int8Array, TextArray, UuidArray
from ledger.log_name import LogName
from ledger.prepared_act import AppendStatus, Outcome, PreparedAct
from ledger.sealed_field import SealedField

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
_ARRAYS: Final = (
    UuidArray, BytesArray, BytesArray, TextArray, Int8Array, Int4Array, Int4Array,
    UuidArray, Int8Array, TextArray, BytesArray,
    UuidArray, Int8Array,
)  # fmt: skip
_SEALED_ARRAYS: Final = (BytesArray, BytesArray, UuidArray, UuidArray, Int8Array, TextArray)
_STATUS: Final = {status.value.encode(): status for status in AppendStatus}
_NAME: Final = b"mocban_append"
_NAME_SEALED: Final = b"mocban_append_sealed"


class AppendStatement:
    """Calls `append` of one log. One call is one transaction on an autocommit connection (`prepare` it first).

    Through libpq's own prepared statements: of the time that a cursor takes, two thirds are spared.
    """

    def __init__(self, log: LogName) -> None:
        append = _APPEND.format(schema=sql.Identifier(log.value))
        types = [kind.array for kind in _ARRAYS]
        self._statements = (
            (_NAME, append.as_bytes(), types),
            (_NAME_SEALED, (_KEEP_SEALED + append).as_bytes(), types + [kind.array for kind in _SEALED_ARRAYS]),
        )

    def prepare(self, connection: psycopg.Connection[Any]) -> None:
        """Once for each connection. Raises psycopg.Error."""
        for name, query, types in self._statements:
            connection.pgconn.send_prepare(name, query, types)
            _results(connection)

    def execute(self, connection: psycopg.Connection[Any], acts: Sequence[PreparedAct]) -> list[Outcome]:
        """`send`, then `receive`."""
        self.send(connection, acts)
        return self.receive(connection)

    def send(self, connection: psycopg.Connection[Any], acts: Sequence[PreparedAct]) -> None:
        """Begin a call; returns when the server has all of it. Raises psycopg.Error."""
        sealed = [row for act in acts for row in act.sealed]
        name, values = (_NAME_SEALED, _arrays(acts) + _sealed_arrays(sealed)) if sealed else (_NAME, _arrays(acts))
        connection.pgconn.send_query_prepared(name, values, [Format.BINARY] * len(values), Format.BINARY)
        if connection.pgconn.flush():
            connection.wait(generators.send(connection.pgconn))

    def receive(self, connection: psycopg.Connection[Any]) -> list[Outcome]:
        """Outcomes in the order of the acts sent. Raises psycopg.Error; then nothing of this call was stored, unless
        the connection died, when only the ids can tell."""
        [result] = _results(connection)
        return [_outcome_at(result, row) for row in range(result.ntuples)]


def _results(connection: psycopg.Connection[Any]) -> list[PGresult]:
    """What the server answers. Raises psycopg.Error."""
    results: list[PGresult] = connection.wait(generators.execute(connection.pgconn))
    for result in results:
        if result.status not in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
            raise error_from_result(result)
    return results


def _arrays(acts: Sequence[PreparedAct]) -> list[bytes]:
    events = [event for act in acts for event in act.events]
    guards = [guard for act in acts for guard in act.guards]
    return [
        UuidArray([act.id for act in acts]).data,
        BytesArray([act.note for act in acts]).data,
        BytesArray([act.digest for act in acts]).data,
        TextArray([act.trace for act in acts]).data,
        Int8Array([act.registry_index for act in acts]).data,
        Int4Array([len(act.events) for act in acts]).data,
        Int4Array([len(act.guards) for act in acts]).data,
        UuidArray([cast("UUID", event.originator_id) for event in events]).data,
        Int8Array([event.originator_version for event in events]).data,
        TextArray([event.topic for event in events]).data,
        BytesArray([event.state for event in events]).data,
        UuidArray([stream for stream, _ in guards]).data,
        Int8Array([version for _, version in guards]).data,
    ]


def _sealed_arrays(rows: Sequence[SealedField]) -> list[bytes]:
    return [
        BytesArray([row.digest for row in rows]).data,
        BytesArray([row.ciphertext for row in rows]).data,
        UuidArray([row.owner for row in rows]).data,
        UuidArray([row.stream for row in rows]).data,
        Int8Array([row.version for row in rows]).data,
        TextArray([row.pointer for row in rows]).data,
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
