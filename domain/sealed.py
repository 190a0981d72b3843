"""Values that must not stand in the ledger in clear: titles, subjects, persons, texts, plaintext digests.

A decision returns `Plain`; the ledger seals it before hashing; the mapper refuses a `Plain` that is left.
No decision reads a sealed value.
"""

from __future__ import annotations

from typing import Any

import msgspec


class Plain(msgspec.Struct, frozen=True, tag_field="alg", tag="plain"):
    """A value on its way to be sealed. `value`: any JSON value. Never reaches bytes."""

    value: Any


class Sealed(msgspec.Struct, frozen=True, kw_only=True, tag_field="alg", tag="A256GCM", forbid_unknown_fields=True):
    """What the ledger keeps of a sealed field: commitments only.

    kc: base64 SHA-256 commitment to the sub-key; nonce: base64, 12 bytes; ct: base64 SHA-256 of the
    ciphertext (tag included), which lives in a deletable store; len: its length in bytes.
    """

    kc: str
    nonce: str
    ct: str
    len: int


class SealedBlob(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="alg", tag="A256GCM-blob", forbid_unknown_fields=True
):
    """What the ledger keeps of a sealed image, PDF or text: as `Sealed`, with the blob's own id and media type."""

    kc: str
    nonce: str
    ct: str
    len: int
    blob: str
    media: str


Sealable = Plain | Sealed
