"""Sealed fields: the ledger keeps a commitment to key and ciphertext; the ciphertext lives in a deletable store.

A sub-key belongs to one field of one event: HKDF-SHA-256 of the owner's key RK with the field's place as info.
AES-256-GCM alone opens under two keys, hence the commitment `kc`; giving out one sub-key opens one field.
"""

from __future__ import annotations

import secrets
from hashlib import sha256
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from domain.sealed import Sealed, SealedBlob
from signing.base64_text import from_base64, to_base64
from signing.verification_error import VerificationError

FIELD: Final = "field"
BLOB: Final = "blob"
KEY_SIZE: Final = 32
NONCE_SIZE: Final = 12
_SHA256: Final = SHA256()
_COMMITMENT: Final = b"mocban/sub-key/v1"


def place(purpose: str, stream: UUID, version: int, pointer: str) -> bytes:
    """Where a sealed value belongs: uint16be length || bytes, for each of purpose, stream, uint64be version, pointer.

    pointer: JSON Pointer (RFC 6901) of the field in the event. It is HKDF's info and the cipher's associated data.
    """
    parts = (purpose.encode(), stream.bytes, version.to_bytes(8, "big"), pointer.encode())
    try:
        return b"".join([len(part).to_bytes(2, "big") + part for part in parts])
    except OverflowError as error:
        raise VerificationError("seal", "a pointer of more than 65,535 bytes") from error


def derive(secret: bytes, info: bytes) -> bytes:
    """HKDF-SHA-256 (RFC 5869), empty salt, 32 bytes: also splits the ledger secret by purpose."""
    return HKDF(algorithm=_SHA256, length=KEY_SIZE, salt=None, info=info).derive(secret)


def sub_key(rk: bytes, purpose: str, stream: UUID, version: int, pointer: str) -> bytes:
    """The 32-byte key of one field. rk: the owner's 32-byte key."""
    if len(rk) != KEY_SIZE:
        raise VerificationError("seal", "a key is 32 bytes")
    return derive(rk, place(purpose, stream, version, pointer))


def commitment(key: bytes) -> bytes:
    """SHA-256("mocban/sub-key/v1" || sub-key)."""
    return sha256(_COMMITMENT + key).digest()


def new_key() -> bytes:
    """32 random bytes: an RK."""
    return secrets.token_bytes(KEY_SIZE)


def seal(
    rk: bytes,
    plaintext: bytes,
    *,
    stream: UUID,
    version: int,
    pointer: str,
    purpose: str = FIELD,
    nonce: bytes | None = None,
) -> tuple[Sealed, bytes]:
    """What the ledger keeps, and the ciphertext for the store. plaintext: JSON bytes of the value.

    nonce: 12 bytes, random unless a test says otherwise; never twice with one sub-key and another plaintext.
    """
    key = sub_key(rk, purpose, stream, version, pointer)
    nonce = secrets.token_bytes(NONCE_SIZE) if nonce is None else nonce
    ciphertext = AESGCM(key).encrypt(nonce, plaintext, place(purpose, stream, version, pointer))
    digest = to_base64(sha256(ciphertext).digest())
    sealed = Sealed(kc=to_base64(commitment(key)), nonce=to_base64(nonce), ct=digest, len=len(ciphertext))
    return sealed, ciphertext


def seal_blob(
    rk: bytes, plaintext: bytes, *, stream: UUID, blob: UUID, media: str, nonce: bytes | None = None
) -> tuple[SealedBlob, bytes]:
    """As `seal`, for an image, a PDF or a text. media: its media type; blob: its own id."""
    kept, ciphertext = seal(
        rk, plaintext, stream=stream, version=0, pointer=blob_pointer(blob), purpose=BLOB, nonce=nonce
    )
    sealed = SealedBlob(kc=kept.kc, nonce=kept.nonce, ct=kept.ct, len=kept.len, blob=str(blob), media=media)
    return sealed, ciphertext


def blob_pointer(blob: UUID) -> str:
    """The pointer under which a blob's sub-key is derived."""
    return f"/blob/{blob}"


def open_sealed(
    rk: bytes,
    sealed: Sealed | SealedBlob,
    ciphertext: bytes,
    *,
    stream: UUID,
    version: int,
    pointer: str,
    purpose: str = FIELD,
) -> bytes:
    """The plaintext, by the owner's key. Raises VerificationError `seal`."""
    key = sub_key(rk, purpose, stream, version, pointer)
    return open_with_sub_key(key, sealed, ciphertext, place(purpose, stream, version, pointer))


def open_blob(rk: bytes, sealed: SealedBlob, ciphertext: bytes, *, stream: UUID) -> bytes:
    """The plaintext of a blob, by the owner's key. Raises VerificationError `seal`."""
    try:
        pointer = blob_pointer(UUID(sealed.blob))
    except ValueError as error:
        raise VerificationError("seal", "the blob's id is not a UUID") from error
    return open_sealed(rk, sealed, ciphertext, stream=stream, version=0, pointer=pointer, purpose=BLOB)


def open_with_sub_key(key: bytes, sealed: Sealed | SealedBlob, ciphertext: bytes, where: bytes) -> bytes:
    """The plaintext, by a disclosed sub-key (32 bytes). where: `place(...)` of the field.

    Checks the commitment, the ciphertext's digest and length, then the cipher's tag. Raises VerificationError `seal`.
    """
    if len(key) != KEY_SIZE or commitment(key) != from_base64(sealed.kc, 32):
        raise VerificationError("seal", "not the key that the ledger commits to")
    if len(ciphertext) != sealed.len or sha256(ciphertext).digest() != from_base64(sealed.ct, 32):
        raise VerificationError("seal", "not the ciphertext that the ledger commits to")
    try:
        return AESGCM(key).decrypt(from_base64(sealed.nonce, NONCE_SIZE), ciphertext, where)
    except (InvalidTag, ValueError) as error:
        raise VerificationError("seal", "the ciphertext does not open") from error
