"""A sealed field's ciphertext on its way to the deletable store."""

from __future__ import annotations

from uuid import UUID

import msgspec


class SealedField(msgspec.Struct, frozen=True):
    """digest: SHA-256 of the ciphertext, by which the ledger names it. owner: whose record key sealed it.

    stream, version, pointer: where in the ledger it belongs (JSON Pointer into the event, RFC 6901).
    """

    digest: bytes
    ciphertext: bytes
    owner: UUID
    stream: UUID
    version: int
    pointer: str
