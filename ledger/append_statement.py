"""The one statement that writes acts: the database function `append`, called with arrays of everything that waits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

import psycopg
from psycopg import sql

from ledger.binary_array import BytesArray, Int4Array, Int8Array, TextArray, UuidArray
from ledger.log_name import LogName
from ledger.prepared_act import AppendStatus, Outcome, PreparedAct
from ledger.sealed_field import SealedField

# One statement, so one transaction and one round trip: a ciphertext is durable exactly when its act is.
_KEEP_SEALED = sql.SQL(
    "WITH kept AS (INSERT INTO sealed.field (digest, ciphertext, owner, stream, version, pointer) "
    "SELECT * FROM unnest(%b, %b, %b, %b, %b, %b) "
    "ON CONFLICT DO NOTHING) "
)
_APPEND = sql.SQL(
    "SELECT status, act_index, first_position, events, stream FROM {schema}.append("
    "%b, %b, %b, %b, %b, %b, %b, "
    "%b, %b, %b, %b, %b, %b) ORDER BY ordinal"
)


class AppendStatement:
    """Calls `append` of one log. One call is one transaction on an autocommit connection (`register_arrays` on it)."""

    def __init__(self, log: LogName) -> None:
        append = _APPEND.format(schema=sql.Identifier(log.value))
        self._append = append.as_bytes()
        self._append_sealed = (_KEEP_SEALED + append).as_bytes()

    def execute(self, connection: psycopg.Connection[Any], acts: Sequence[PreparedAct]) -> list[Outcome]:
        """Outcomes in the order of `acts`. Raises psycopg.Error; then nothing of this call was stored, unless the
        connection died, when only the ids can tell."""
        sealed = [row for act in acts for row in act.sealed]
        with connection.cursor(binary=True) as cursor:
            if sealed:
                cursor.execute(self._append_sealed, (*_sealed_arrays(sealed), *_arrays(acts)), prepare=True)
            else:
                cursor.execute(self._append, _arrays(acts), prepare=True)
            return [outcome_of(row) for row in cursor.fetchall()]


def _arrays(acts: Sequence[PreparedAct]) -> tuple[object, ...]:
    events = [event for act in acts for event in act.events]
    guards = [guard for act in acts for guard in act.guards]
    return (
        UuidArray([act.id for act in acts]),
        BytesArray([act.note for act in acts]),
        BytesArray([act.digest for act in acts]),
        TextArray([act.trace for act in acts]),
        Int8Array([act.registry_index for act in acts]),
        Int4Array([len(act.events) for act in acts]),
        Int4Array([len(act.guards) for act in acts]),
        UuidArray([cast("UUID", event.originator_id) for event in events]),
        Int8Array([event.originator_version for event in events]),
        TextArray([event.topic for event in events]),
        BytesArray([event.state for event in events]),
        UuidArray([stream for stream, _ in guards]),
        Int8Array([version for _, version in guards]),
    )


def _sealed_arrays(rows: Sequence[SealedField]) -> tuple[object, ...]:
    return (
        BytesArray([row.digest for row in rows]),
        BytesArray([row.ciphertext for row in rows]),
        UuidArray([row.owner for row in rows]),
        UuidArray([row.stream for row in rows]),
        Int8Array([row.version for row in rows]),
        TextArray([row.pointer for row in rows]),
    )


def outcome_of(row: tuple[Any, ...]) -> Outcome:
    """What `append` and `begin_bulk` answer: status, act index, first position, events, stream."""
    status, act_index, first_position, events, stream = row
    if act_index is None:
        return Outcome(status=AppendStatus(status), stream=stream)
    return Outcome(status=AppendStatus(status), act_index=act_index, first_position=first_position, events=events)
