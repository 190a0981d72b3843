"""Sealed fields: one sub-key opens one field, and only what the ledger committed to."""

from __future__ import annotations

import hmac
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from domain.sealed import Sealed
from signing.base64_text import from_base64, to_base64
from signing.seal import (
    BLOB,
    blob_pointer,
    commitment,
    derive,
    new_key,
    open_blob,
    open_sealed,
    open_with_sub_key,
    place,
    seal,
    seal_blob,
    sub_key,
)
from signing.verification_error import VerificationError

RK = bytes(range(32))
STREAM, OTHER = UUID(int=1), UUID(int=2)
WHERE: dict[str, Any] = {"stream": STREAM, "version": 3, "pointer": "/Title"}


@given(st.binary(max_size=300))
def test_what_is_sealed_opens(plaintext: bytes) -> None:
    """Given any value, when sealed and opened in its place, then it comes back, by RK or by sub-key."""
    sealed, ciphertext = seal(RK, plaintext, **WHERE)
    assert open_sealed(RK, sealed, ciphertext, **WHERE) == plaintext
    key, where = sub_key(RK, "field", STREAM, 3, "/Title"), place("field", STREAM, 3, "/Title")
    assert open_with_sub_key(key, sealed, ciphertext, where) == plaintext
    assert plaintext not in msgspec.json.encode(sealed) or len(plaintext) < 12


def test_the_bytes_are_those_of_the_format() -> None:
    """Given a field, when sealed, then key, commitment, digest and cipher follow the formulas step by step."""
    info = b"\x00\x05field" + b"\x00\x10" + STREAM.bytes + b"\x00\x08" + (3).to_bytes(8, "big") + b"\x00\x06/Title"
    assert place("field", STREAM, 3, "/Title") == info
    extracted = hmac.digest(bytes(32), RK, "sha256")
    key = hmac.digest(extracted, info + b"\x01", "sha256")
    assert sub_key(RK, "field", STREAM, 3, "/Title") == key == derive(RK, info)
    sealed, ciphertext = seal(RK, b"x", **WHERE, nonce=bytes(12))
    assert ciphertext == AESGCM(key).encrypt(bytes(12), b"x", info)
    assert from_base64(sealed.kc) == sha256(b"mocban/sub-key/v1" + key).digest() == commitment(key)
    assert from_base64(sealed.ct) == sha256(ciphertext).digest()
    assert (sealed.nonce, sealed.len) == (to_base64(bytes(12)), 17)
    assert msgspec.json.encode(sealed).startswith(b'{"alg":"A256GCM","kc":"')


def test_every_seal_has_its_own_nonce_and_key() -> None:
    """Given the same value twice, when sealed, then nothing of it is equal but the commitment to the key."""
    one, two = seal(RK, b"x", **WHERE), seal(RK, b"x", **WHERE)
    assert one[0].kc == two[0].kc
    assert one[0].nonce != two[0].nonce
    assert one[1] != two[1]
    assert new_key() != new_key()


@pytest.mark.parametrize(
    "change", [{"stream": OTHER}, {"version": 4}, {"pointer": "/Subject"}, {"purpose": BLOB}, {"pointer": ""}]
)
def test_a_field_opens_only_in_its_place(change: dict[str, Any]) -> None:
    """Given a sealed field, when opened as another, then refused."""
    sealed, ciphertext = seal(RK, b"x", **WHERE)
    with pytest.raises(VerificationError):
        open_sealed(RK, sealed, ciphertext, **{**WHERE, **change})


def test_other_keys_and_ciphertexts_are_refused() -> None:
    """Given another key, an altered ciphertext, or commitments changed to fit, when opened, then refused."""
    sealed, ciphertext = seal(RK, b"x", **WHERE)
    altered = ciphertext[:-1] + bytes((ciphertext[-1] ^ 1,))
    fitted = msgspec.structs.replace(sealed, ct=to_base64(sha256(altered).digest()))
    cases: list[tuple[bytes, Sealed, bytes]] = [
        (bytes(32), sealed, ciphertext),
        (b"short", sealed, ciphertext),
        (RK, sealed, altered),
        (RK, sealed, ciphertext[:-1]),
        (RK, fitted, altered),
        (RK, msgspec.structs.replace(sealed, kc="?"), ciphertext),
        (RK, msgspec.structs.replace(sealed, nonce=to_base64(bytes(12))), ciphertext),
        (RK, msgspec.structs.replace(sealed, nonce=to_base64(bytes(11))), ciphertext),
        (RK, msgspec.structs.replace(sealed, len=sealed.len + 1), ciphertext),
    ]
    for key, kept, data in cases:
        with pytest.raises(VerificationError):
            open_sealed(key, kept, data, **WHERE)


def test_blobs_are_sealed_under_their_own_id() -> None:
    """Given an image, when sealed, then it opens by its id and stream, and its media type is in clear."""
    blob = UUID(int=9)
    sealed, ciphertext = seal_blob(RK, b"image", stream=STREAM, blob=blob, media="image/png")
    assert open_blob(RK, sealed, ciphertext, stream=STREAM) == b"image"
    assert (sealed.blob, sealed.media) == (str(blob), "image/png")
    assert msgspec.json.encode(sealed).startswith(b'{"alg":"A256GCM-blob"')
    assert commitment(sub_key(RK, BLOB, STREAM, 0, blob_pointer(blob))) == from_base64(sealed.kc)
    for bad, stream in [(sealed, OTHER), (msgspec.structs.replace(sealed, blob="x"), STREAM)]:
        with pytest.raises(VerificationError):
            open_blob(RK, bad, ciphertext, stream=stream)


def test_a_pointer_has_a_length() -> None:
    """Given a pointer that its length field cannot hold, when used, then refused."""
    with pytest.raises(VerificationError):
        seal(RK, b"x", stream=STREAM, version=1, pointer="/" * 65_536)
