"""Fixity index: finds exact duplicates and checks bytes, by a keyed HMAC that tells an outsider nothing."""

from __future__ import annotations

from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from ledger.pools import open_pool
from ledger.secret import LedgerSecret

_RECORD: Final = b"INSERT INTO sealed.fixity (hmac, stream, owner) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"
_FIND: Final = b"SELECT stream FROM sealed.fixity WHERE hmac = %s ORDER BY stream"
_KNOWS: Final = b"SELECT 1 FROM sealed.fixity WHERE stream = %s LIMIT 1"
_HOLDS: Final = b"SELECT 1 FROM sealed.fixity WHERE hmac = %s AND stream = %s"


class FixityIndex:
    """Rows die with their owner (`destruction`). Thread-safe."""

    def __init__(self, conninfo: str, secret: LedgerSecret) -> None:
        self._secret = secret
        self._pool = open_pool(conninfo, most=4)

    def record(self, data: bytes, stream: UUID, owner: UUID) -> None:
        """Remember that `stream` (a document) has exactly these bytes, for as long as `owner` lives. Idempotent."""
        self._execute(_RECORD, (self._key(data), stream, owner))

    def find(self, data: bytes) -> list[UUID]:
        """The streams that have exactly these bytes."""
        return [row[0] for row in self._execute(_FIND, (self._key(data),))]

    def knows(self, stream: UUID) -> bool:
        """Whether any bytes are recorded for `stream`."""
        return bool(self._execute(_KNOWS, (stream,)))

    def holds(self, data: bytes, stream: UUID) -> bool:
        """Whether these are still the bytes recorded for `stream`."""
        return bool(self._execute(_HOLDS, (self._key(data), stream)))

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()

    def _key(self, data: bytes) -> bytes:
        return self._secret.fixity(sha256(data).digest())

    def _execute(self, statement: bytes, params: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        with self._pool.connection() as connection:
            cursor = connection.execute(statement, params)
            return cursor.fetchall() if cursor.description is not None else []
