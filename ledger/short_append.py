"""The short ways of an append: `append_one`, `append_act` and `append_each`, for what most calls bring.

They cost the server half of what `append` does, and store all they are given or nothing. Why nothing was stored only
`append` tells: it is called after them.
"""

from __future__ import annotations

from collections.abc import Sequence
from struct import Struct
from typing import Any, Final

import psycopg
from psycopg import sql
from psycopg.errors import UniqueViolation
from psycopg.pq import TransactionStatus

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
from ledger.binary_array import BytesArray, Int8Array, TextArray, UuidArray
from ledger.log_call import LogCall, results
from ledger.log_name import LogName
from ledger.prepared_act import AppendStatus, Outcome, PreparedAct

_PLAIN: Final = "SELECT {function}({values})"
# A ciphertext is kept when its act is stored, and only then.
_SEALED: Final = (
    "WITH stored AS (SELECT {function}({values}) AS place), "
    "kept AS (INSERT INTO sealed.field (digest, ciphertext, owner, stream, version, pointer) "
    "SELECT field.* FROM stored, unnest({arrays}) AS field WHERE stored.place IS NOT NULL ON CONFLICT DO NOTHING) "
    "SELECT place FROM stored"
)
_UUID, _BYTES, _TEXT, _INT8 = (kind.element for kind in (UuidArray, BytesArray, TextArray, Int8Array))
_ACT: Final = (_UUID, _BYTES, _BYTES, _TEXT, _INT8)
_EVENT: Final = (_UUID, _INT8, _TEXT, _BYTES)
_number: Final = Struct("!q").pack
_place: Final = Struct("!24xq4xq").unpack  # a bigint[] of two (`binary_array` gives the layout)


class ShortAppend:
    """Takes the short way of a log for the calls that have one; for one connection at a time."""

    def __init__(self, log: LogName) -> None:
        self._one = _calls(log, "append_one", (*_ACT, *_EVENT))
        self._act = _calls(log, "append_act", (*_ACT, *EVENT_ARRAYS, *GUARD_ARRAYS))
        self._each = _calls(log, "append_each", (*ACT_ARRAYS, _INT8, *EVENT_ARRAYS))

    def prepare(self, connection: psycopg.Connection[Any]) -> None:
        """Once for each connection. Raises psycopg.Error."""
        for call in (*self._one, *self._act, *self._each):
            call.prepare(connection)

    def send(self, connection: psycopg.Connection[Any], acts: Sequence[PreparedAct]) -> bool:
        """Begin a call; False when these acts have no short way. Raises psycopg.Error.

        Within a transaction of the caller's there is none: what fails here would end it.
        """
        if connection.pgconn.transaction_status != TransactionStatus.IDLE:
            return False
        if len(acts) == 1:
            [act] = acts
            if len(act.events) == 1 and not act.guards:
                calls, values = self._one, _one(act)
            elif act.events:
                calls, values = self._act, _whole(act)
            else:
                return False
        elif _alike(acts):
            calls, values = self._each, _each(acts)
        else:
            return False
        sealed = [row for act in acts for row in act.sealed]
        if sealed:
            calls[1].send(connection, values + sealed_arrays(sealed))
        else:
            calls[0].send(connection, values)
        return True

    def receive(self, connection: psycopg.Connection[Any], acts: Sequence[PreparedAct]) -> list[Outcome] | None:
        """What came of the acts sent; None when none was stored and `append` must tell why. Raises psycopg.Error."""
        try:
            [answer] = results(connection)
        except UniqueViolation:
            return None  # somebody else's act came first, or an id was used before
        place = answer.get_value(0, 0)
        if place is None:
            return None
        act_index, position = _place(place)
        outcomes = []
        for at, act in enumerate(acts, start=act_index):
            events = len(act.events)
            outcomes.append(Outcome(status=AppendStatus.STORED, act_index=at, first_position=position, events=events))
            position += events
        return outcomes


def _calls(log: LogName, function: str, types: tuple[int, ...]) -> tuple[LogCall, LogCall]:
    """Without ciphertexts to keep, and with them."""
    parts = {
        "function": sql.Identifier(log.value, function),
        "values": _parameters(1, len(types)),
        "arrays": _parameters(len(types) + 1, len(SEALED_ARRAYS)),
    }
    plain, sealed = (sql.SQL(text).format(**parts).as_bytes() for text in (_PLAIN, _SEALED))
    name = f"mocban_{function}".encode()
    return LogCall(name, plain, types), LogCall(name + b"_sealed", sealed, (*types, *SEALED_ARRAYS))


def _parameters(first: int, count: int) -> sql.SQL:
    return sql.SQL(", ".join(f"${number}" for number in range(first, first + count)))


def _alike(acts: Sequence[PreparedAct]) -> bool:
    """One event each and no guards, judged against one registry, no id and no stream twice."""
    registry = acts[0].registry_index if acts else 0
    for act in acts:
        if len(act.events) != 1 or act.guards or act.registry_index != registry:
            return False
    ids, streams = {act.id for act in acts}, {act.events[0].stream for act in acts}
    return len(ids) == len(streams) == len(acts) > 0


def _one(act: PreparedAct) -> list[bytes | None]:
    [event] = act.events
    return [
        *_head(act),
        event.stream.bytes,
        _number(event.version),
        event.type.encode(),
        event.payload,
    ]


def _whole(act: PreparedAct) -> list[bytes | None]:
    return [*_head(act), *event_arrays(act.events), *guard_arrays(act.guards)]


def _each(acts: Sequence[PreparedAct]) -> list[bytes | None]:
    return [*act_arrays(acts), _number(acts[0].registry_index), *event_arrays([act.events[0] for act in acts])]


def _head(act: PreparedAct) -> list[bytes | None]:
    trace = None if act.trace is None else act.trace.encode()
    return [act.id.bytes, act.note, act.digest, trace, _number(act.registry_index)]
