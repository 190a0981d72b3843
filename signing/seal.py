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
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

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
    role, field = purpose.encode(), pointer.encode()
    try:
        return b"".join(
            (
                len(role).to_bytes(2), role, b"\0\x10", stream.int.to_bytes(16), b"\0\x08", version.to_bytes(8),
                len(field).to_bytes(2), field,
            )
        )  # fmt: skip
    except OverflowError as error:
        raise VerificationError("seal", "a pointer of more than 65,535 bytes") from error


def derive(secret: bytes, info: bytes) -> bytes:
    """HKDF-SHA-256 (RFC 5869), empty salt, 32 bytes: also splits the ledger secret by purpose."""
    return expand(extract(secret), info)


def extract(secret: bytes) -> bytes:
    """The first half of `derive`, worth keeping where many keys come from one secret."""
    return HKDF.extract(_SHA256, None, secret)


def expand(extracted: bytes, info: bytes) -> bytes:
    """The second half of `derive`."""
    return HKDFExpand(algorithm=_SHA256, length=KEY_SIZE, info=info).derive(extracted)


def sub_key(rk: bytes, purpose: str, stream: UUID, version: int, pointer: str) -> bytes:
    """The 32-byte key of one field. rk: the owner's 32-byte key."""
    return _checked_derive(rk, place(purpose, stream, version, pointer))


def _checked_derive(rk: bytes, where: bytes) -> bytes:
    if len(rk) != KEY_SIZE:
        raise VerificationError("seal", "a key is 32 bytes")
    return derive(rk, where)


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
    where = place(purpose, stream, version, pointer)
    key = _checked_derive(rk, where)
    nonce = secrets.token_bytes(NONCE_SIZE) if nonce is None else nonce
    ciphertext = seal_bound(key, nonce, plaintext, where)
    digest = to_base64(sha256(ciphertext).digest())
    sealed = Sealed(kc=to_base64(commitment(key)), nonce=to_base64(nonce), ct=digest, len=len(ciphertext))
    return sealed, ciphertext


def seal_bound(key: bytes, nonce: bytes, plaintext: bytes, where: bytes) -> bytes:
    """The ciphertext alone, for what no commitment is kept of. where: as `place`; opened by `open_bound`."""
    return AESGCM(key).encrypt(nonce, plaintext, where)


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
    where = place(purpose, stream, version, pointer)
    return open_with_sub_key(_checked_derive(rk, where), sealed, ciphertext, where)


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
    if len(key) != KEY_SIZE or to_base64(commitment(key)) != sealed.kc:
        raise VerificationError("seal", "not the key that the ledger commits to")
    if len(ciphertext) != sealed.len or to_base64(sha256(ciphertext).digest()) != sealed.ct:
        raise VerificationError("seal", "not the ciphertext that the ledger commits to")
    return open_bound(key, from_base64(sealed.nonce, NONCE_SIZE), ciphertext, where)


def open_bound(key: bytes, nonce: bytes, ciphertext: bytes, where: bytes) -> bytes:
    """The plaintext, where no commitment says which key and ciphertext it must be. Raises VerificationError `seal`."""
    try:
        return AESGCM(key).decrypt(nonce, ciphertext, where)
    except (InvalidTag, ValueError) as error:
        raise VerificationError("seal", "the ciphertext does not open") from error
