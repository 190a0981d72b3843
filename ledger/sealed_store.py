"""The deletable store: ciphertexts of sealed fields by their digest, and whose blobs lie where."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec

from ledger.binary_array import BytesArray
from ledger.pools import open_pool
from ledger.sealed_field import SealedField

_PUT: Final = (
    b"INSERT INTO sealed.field (digest, ciphertext, owner, stream, version, pointer) "
    b"SELECT * FROM unnest(%b::bytea[], %b::bytea[], %b::uuid[], %b::uuid[], %b::bigint[], %b::text[]) "
    b"ON CONFLICT DO NOTHING"
)
_GET: Final = b"SELECT digest, ciphertext, owner FROM sealed.field WHERE digest = ANY(%s)"
_DISCARD: Final = b"DELETE FROM sealed.field WHERE digest = ANY(%s)"
_PUT_BLOBS: Final = (
    b"INSERT INTO sealed.blob (digest, owner, stream, blob, media, size) "
    b"SELECT * FROM unnest(%b::bytea[], %b::uuid[], %b::uuid[], %b::uuid[], %b::text[], %b::bigint[]) "
    b"ON CONFLICT DO NOTHING"
)
_BLOB_OWNERS: Final = b"SELECT digest, owner FROM sealed.blob WHERE digest = ANY(%s)"
_BLOBS_OF: Final = b"SELECT digest FROM sealed.blob WHERE owner = %s"
_BEGIN_DESTRUCTION: Final = b"INSERT INTO sealed.destroyed (owner) VALUES (%s) ON CONFLICT DO NOTHING"
_DESTROY: Final = (
    b"DELETE FROM sealed.prepared_field WHERE owner = %s",  # first: it waits for whoever is just submitting them
    b"DELETE FROM sealed.field WHERE owner = %s",
    b"DELETE FROM sealed.fixity WHERE owner = %s",
    b"DELETE FROM sealed.blob WHERE owner = %s",
)


class BlobRow(msgspec.Struct, frozen=True):
    """digest: SHA-256 of the ciphertext, which is also its file's name. size: bytes of ciphertext."""

    digest: bytes
    owner: UUID
    stream: UUID
    blob: UUID
    media: str
    size: int


class SealedStore:
    """Schema `sealed` of the main database. Thread-safe."""

    def __init__(self, conninfo: str) -> None:
        self._pool = open_pool(conninfo)

    def put(self, rows: Sequence[SealedField]) -> None:
        """Keep ciphertexts, durably, apart from an append (which brings its own)."""
        columns = [[getattr(row, name) for row in rows] for name in SealedField.__struct_fields__]
        with self._pool.connection() as connection:
            connection.execute(_PUT, columns)

    def get(self, digests: Collection[bytes]) -> dict[bytes, tuple[bytes, UUID]]:
        """digest -> (ciphertext, owner), of those that are there."""
        with self._pool.connection() as connection:
            rows: list[tuple[Any, ...]] = connection.execute(_GET, (BytesArray(list(digests)),), binary=True).fetchall()
        return {digest: (ciphertext, owner) for digest, ciphertext, owner in rows}

    def discard(self, digests: Collection[bytes]) -> None:
        """Remove ciphertexts that no act refers to, since theirs was refused."""
        with self._pool.connection() as connection:
            connection.execute(_DISCARD, (list(digests),))

    def put_blobs(self, rows: Sequence[BlobRow]) -> None:
        """Say whose blobs lie where; after their files are durable."""
        columns = [[getattr(row, name) for row in rows] for name in BlobRow.__struct_fields__]
        with self._pool.connection() as connection:
            connection.execute(_PUT_BLOBS, columns)

    def blob_owners(self, digests: Collection[bytes]) -> dict[bytes, UUID]:
        """digest -> whose key opens the blob, of those that are there."""
        with self._pool.connection() as connection:
            return dict(connection.execute(_BLOB_OWNERS, (BytesArray(list(digests)),), binary=True).fetchall())

    def blobs_of(self, owner: UUID) -> list[bytes]:
        """The digests of an owner's blobs."""
        with self._pool.connection() as connection:
            return [row[0] for row in connection.execute(_BLOBS_OF, (owner,))]

    def begin_destruction(self, owner: UUID) -> None:
        """Note, durably, that the owner's key is about to go, lawfully. Idempotent."""
        with self._pool.connection() as connection:
            connection.execute(_BEGIN_DESTRUCTION, (owner,))

    def destroy(self, owner: UUID) -> None:
        """Remove every row of an owner. Idempotent."""
        with self._pool.connection() as connection, connection.transaction():
            for statement in _DESTROY:
                connection.execute(statement, (owner,))

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()
