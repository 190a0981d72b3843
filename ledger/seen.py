"""The checkpoint that acts say they have seen: the last one of this log that this process has verified."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock
from typing import Final

from eventsourcing.postgres import PostgresDatastore
from psycopg import sql
from psycopg.rows import tuple_row

from domain.errors import Refusal
from ledger.log_name import LogName
from signing.act import NOTHING_SEEN, Seen
from signing.checkpoint import open_checkpoint
from signing.note import VerifierKey
from signing.verification_error import VerificationError

LOOK_SECONDS: Final = 1.0
_LATEST = sql.SQL("SELECT size, note FROM {table} WHERE size > %s")


class LastSeen:
    """Looks at most once a second; verifies the log's signatures on each new checkpoint. Thread-safe."""

    def __init__(self, datastore: PostgresDatastore, log: LogName, origin: str) -> None:
        self._datastore = datastore
        self._origin = origin
        self._query = _LATEST.format(table=sql.Identifier(log.value, "latest_checkpoint")).as_bytes()
        self._seen = NOTHING_SEEN
        self._next_look = 0.0
        self._lock = Lock()

    def current(self, log_keys: Callable[[], tuple[VerifierKey, ...]]) -> Seen:
        """The last verified checkpoint. Raises Refusal `checkpoint-invalid` for one that does not verify."""
        if time.monotonic() >= self._next_look and self._lock.acquire(blocking=False):
            try:
                self._look(log_keys)
                self._next_look = time.monotonic() + LOOK_SECONDS
            finally:
                self._lock.release()
        return self._seen

    def _look(self, log_keys: Callable[[], tuple[VerifierKey, ...]]) -> None:
        with self._datastore.get_connection() as connection, connection.cursor(row_factory=tuple_row) as cursor:
            row = cursor.execute(self._query, (self._seen.size,), binary=True).fetchone()
        if row is None:
            return
        try:
            point = open_checkpoint(row[1], log_keys()).checkpoint
        except VerificationError as error:
            raise Refusal("checkpoint-invalid", reason=error.detail) from error
        if point.origin != self._origin or point.size != row[0]:
            raise Refusal("checkpoint-invalid", reason="of another log or size")
        self._seen = Seen(size=point.size, root=point.root)
