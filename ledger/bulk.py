"""The bulk path: stores drafts of thousands of events, each an act of its own, by COPY in one transaction.

Everything dear is done before the head is locked: the draft comes packed, the note is signed, the ciphertexts are
copied. Under the lock remain the database's own checks, the places of the events, their COPY and the commit.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

import psycopg
from psycopg import sql
from psycopg.abc import Buffer

from domain.errors import Refusal
from ledger.actor import Actor
from ledger.append_statement import outcome_of
from ledger.application import Ledger, system_clock
from ledger.binary_array import Int8Array, UuidArray, register_arrays
from ledger.bulk_draft import BulkDraft
from ledger.committer import PATIENCE_SECONDS
from ledger.copy_rows import EVENT_COLUMNS, SEALED_COLUMNS
from ledger.log_name import LogName
from ledger.preparation import checked_note, signed_note
from ledger.prepared_act import AppendStatus, Outcome
from signing.fault_point import FaultPoint, reached

MAX_ATTEMPTS: Final = 12
_SEALED_WRITERS: Final = {LogName.MAIN: "mocban_ledger_writer", LogName.ACCESS: "mocban_access_logger"}
_BEGIN: Final = (
    "SELECT status, act_index, first_position, events, stream FROM {schema}.begin_bulk(%b, %b, %b, %b, %b, %b, %b, %b)"
)
_COPY: Final = "COPY {table} ({columns}) FROM STDIN (FORMAT binary)"
_PIECE: Final = 256 << 10
_VERSION_ONCE: Final = "event_version_once"


class BulkAppender:
    """Stores drafts one after another over a connection of its own. For one thread; close it when done."""

    def __init__(self, ledger: Ledger, conninfo: str, clock: Callable[[], datetime] = system_clock) -> None:
        """conninfo: of the main database, as `mocban_bulk`, by a login that may also take on the log's writer."""
        self._ledger = ledger
        self._conninfo = conninfo
        self._clock = clock
        self._connection: psycopg.Connection[Any] | None = None
        names = {"schema": sql.Identifier(ledger.log_name.value)}
        self._begin = sql.SQL(_BEGIN).format(**names).as_bytes()
        self._copy_events = _copy((ledger.log_name.value, "event"), EVENT_COLUMNS)
        self._copy_sealed = _copy(("sealed", "field"), SEALED_COLUMNS)
        self._as_sealer = (
            sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(_SEALED_WRITERS[ledger.log_name])).as_bytes()
        )

    def append(self, draft: BulkDraft, signers: Sequence[Actor]) -> Outcome:
        """Sign and store the draft, once: its ciphertexts, act and events become durable together, or none does.

        The outcome is `stored`, `known`, `act-id-reused` or `version-conflict`; after a conflict a new draft has to be
        made. Raises Refusal: `act-not-permitted`, `act-malformed`, `ledger-unreachable` (only a retry with the same id
        can tell), `ledger-refused-storage`, `registry-moved`.
        """
        for _ in range(MAX_ATTEMPTS):
            known = self._ledger.registry.current()
            note = self._note(draft, signers)
            outcome = self._stored(draft, note, known.index)
            if outcome.status is not AppendStatus.REGISTRY_MOVED:
                return outcome
            self._ledger.registry.refresh()
        raise Refusal("registry-moved", act=draft.id, stream=None)

    def close(self) -> None:
        """Close the connection. Idempotent."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _note(self, draft: BulkDraft, signers: Sequence[Actor]) -> bytes:
        ledger, now = self._ledger, self._clock()
        note = signed_note(draft, signers, ledger.origin, draft.events, draft.root, ledger.seen, now)
        checked_note(note, draft.events, draft.root, (), ledger.origin, ledger.registry.current(), now)
        return note

    def _stored(self, draft: BulkDraft, note: bytes, registry: int) -> Outcome:
        deadline = time.monotonic() + PATIENCE_SECONDS
        pause = 0.05
        while True:
            try:
                return self._transaction(self._connected(), draft, note, registry)
            except psycopg.errors.UniqueViolation as violation:
                # A stream moved on, or this very draft is stored, its ciphertexts too.
                if (outcome := self._known(draft)) is not None:
                    return outcome
                if violation.diag.constraint_name == _VERSION_ONCE:
                    return Outcome(status=AppendStatus.VERSION_CONFLICT)
                raise Refusal("ledger-refused-storage", sqlstate=violation.sqlstate) from violation
            except psycopg.Error as error:
                if self._connection is not None and not self._connection.broken and not self._connection.closed:
                    raise Refusal("ledger-refused-storage", sqlstate=error.sqlstate) from error
                self.close()
                if time.monotonic() + pause > deadline:
                    raise Refusal("ledger-unreachable") from error
                time.sleep(pause)
                pause = min(pause * 2, 1.0)

    def _known(self, draft: BulkDraft) -> Outcome | None:
        """What the log says of a draft that it already holds."""
        receipt = self._ledger.receipt_of(draft.id, draft.digest)
        if receipt is None:
            return None
        return Outcome(
            status=AppendStatus.KNOWN,
            act_index=receipt.act_index,
            first_position=receipt.first_position,
            events=receipt.events,
        )

    def _transaction(
        self, connection: psycopg.Connection[Any], draft: BulkDraft, note: bytes, registry: int
    ) -> Outcome:
        with connection.transaction(), connection.cursor(binary=True) as cursor:
            if draft.sealed:
                cursor.execute(self._as_sealer)
                _write(cursor, self._copy_sealed, _pieces(draft.sealed))
                cursor.execute(b"SET LOCAL ROLE mocban_bulk")
            guards = (UuidArray([stream for stream, _ in draft.guards]), Int8Array([at for _, at in draft.guards]))
            opening = (draft.id, note, draft.digest, draft.trace, registry, draft.events, *guards)
            outcome = outcome_of(cursor.execute(self._begin, opening, prepare=True).fetchall()[0])
            if outcome.status is not AppendStatus.STORED:
                raise psycopg.Rollback
            reached(FaultPoint.BULK_OPENED)
            _write(cursor, self._copy_events, draft.rows.placed(outcome.first_position, outcome.act_index))
            reached(FaultPoint.BULK_COPIED)
        reached(FaultPoint.BULK_COMMITTED)
        return outcome

    def _connected(self) -> psycopg.Connection[Any]:
        if self._connection is None:
            name = f"bulk {self._ledger.log_name}"
            self._connection = psycopg.connect(self._conninfo, autocommit=True, application_name=name)
            register_arrays(self._connection)
            # The rows that the statement trigger looks at stay in memory.
            self._connection.execute(b"SET work_mem = '64MB'")
        return self._connection


def _copy(table: tuple[str, str], columns: Sequence[str]) -> bytes:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    return sql.SQL(_COPY).format(table=sql.Identifier(*table), columns=names).as_bytes()


def _write(cursor: psycopg.Cursor[Any], statement: bytes, pieces: Iterable[Buffer]) -> None:
    with cursor.copy(statement) as copy:
        for piece in pieces:
            copy.write(piece)


def _pieces(data: bytes) -> Iterator[Buffer]:
    view = memoryview(data)
    for at in range(0, len(view), _PIECE):
        yield view[at : at + _PIECE]
