"""C2SP signed-note v1.0.0: text signed by one or more keys, and the keys that sign it.

Type 01 (Ed25519) signs the note's text itself; other types sign a message of their own (see cosignature).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import Protocol

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from signing.base64_text import from_base64, to_base64
from signing.small_order import has_small_order
from signing.verification_error import VerificationError

ED25519 = 0x01
ED25519_COSIGNATURE = 0x04
ML_DSA_44 = 0x06
PUBLIC_KEY_SIZES = {ED25519: 32, ED25519_COSIGNATURE: 32, ML_DSA_44: 1312}

MAX_NOTE_SIZE = 1_000_000
MAX_SIGNATURES = 100
_DASH = "\u2014 "
_ALLOWED_BYTES = bytes([0x0A, *range(0x20, 0x100)])


@lru_cache(maxsize=65536)
def key_id(name: str, encoded_key: bytes) -> bytes:
    """SHA-256(name || 0x0A || type byte || public key)[:4]; `encoded_key` starts with its type byte."""
    return sha256(name.encode() + b"\n" + encoded_key).digest()[:4]


@lru_cache(maxsize=65536)
def key_digest(encoded_key: bytes) -> bytes:
    """The `kid` of an act: SHA-256(type byte || public key), 32 bytes; it does not depend on a name."""
    return sha256(encoded_key).digest()


class VerifierKey(msgspec.Struct, frozen=True, dict=True):
    """A public key under a name. type: signature type byte; public: the raw public key."""

    name: str
    type: int
    public: bytes

    @cached_property
    def encoded(self) -> bytes:
        """type byte || public key."""
        return bytes((self.type,)) + self.public

    @cached_property
    def key_id(self) -> bytes:
        """The 4 bytes that stand before a signature."""
        return key_id(self.name, self.encoded)

    @cached_property
    def kid(self) -> bytes:
        """The 32 bytes by which an act and the registry name this key."""
        return key_digest(self.encoded)

    @cached_property
    def line_start(self) -> bytes:
        """How a signature line of this key begins: em dash, space, name, space."""
        return f"{_DASH}{self.name} ".encode()

    def text(self) -> str:
        """The vkey text: name+hex(key id)+base64(type || public key)."""
        return f"{self.name}+{self.key_id.hex()}+{to_base64(self.encoded)}"

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Inverse of `text`. Raises VerificationError `vkey`."""
        name, _, rest = text.partition("+")
        hex_id, _, encoded_text = rest.partition("+")
        try:
            encoded = from_base64(encoded_text)
            check_key_name(name)
        except VerificationError as error:
            raise VerificationError("vkey", error.detail) from error
        if not encoded or len(encoded) - 1 != PUBLIC_KEY_SIZES.get(encoded[0], len(encoded) - 1):
            raise VerificationError("vkey", "the key has the wrong length for its type")
        if encoded[0] in {ED25519, ED25519_COSIGNATURE} and has_small_order(encoded[1:]):
            raise VerificationError("vkey", "a point of small order")
        key = cls(name, encoded[0], encoded[1:])
        if key.key_id.hex() != hex_id:
            raise VerificationError("vkey", "the key id does not belong to the name and key")
        return key


class Signer(Protocol):
    """Whoever can sign: a key in this process, a token, a service."""

    @property
    def verifier_key(self) -> VerifierKey:
        """The public side, with the name that stands in the signature line."""

    def sign(self, message: bytes) -> bytes:
        """The raw signature over exactly these bytes."""


class Ed25519Signer:
    """An Ed25519 key held by this process. private, `seed`: the 32-byte seed of RFC 8032."""

    __slots__ = ("__weakref__", "_key", "seed", "sign", "verifier_key")

    seed: bytes
    sign: Callable[[bytes], bytes]
    verifier_key: VerifierKey

    def __init__(self, name: str, private: bytes, type: int = ED25519) -> None:  # noqa: A002  the format's word
        check_key_name(name)
        self._key = Ed25519PrivateKey.from_private_bytes(private)
        self.seed = private
        self.sign = self._key.sign
        self.verifier_key = VerifierKey(name, type, self._key.public_key().public_bytes_raw())

    def named(self, name: str) -> Ed25519Signer:
        """The same key under another name: an actor signs in both logs, each with the log's origin in the name."""
        check_key_name(name)
        twin = object.__new__(Ed25519Signer)
        twin._key, twin.seed, twin.sign = self._key, self.seed, self.sign
        twin.verifier_key = VerifierKey(name, self.verifier_key.type, self.verifier_key.public)
        return twin


class NoteSignature(msgspec.Struct, frozen=True):
    """One signature line. signature: what follows the 4-byte key id."""

    name: str
    key_id: bytes
    signature: bytes

    @property
    def line(self) -> bytes:
        """Em dash, space, name, space, base64(key id || signature), newline."""
        return f"{_DASH}{self.name} {to_base64(self.key_id + self.signature)}\n".encode()


class Note(msgspec.Struct, frozen=True):
    """A parsed note, nothing verified yet. text: the signed bytes, final newline included."""

    text: bytes
    signatures: tuple[NoteSignature, ...]

    @property
    def data(self) -> bytes:
        """The note as it is written: the text, a blank line, one line for each signature."""
        return b"".join([self.text, b"\n", *[signature.line for signature in self.signatures]])


def check_key_name(name: str) -> None:
    """Raise VerificationError `key-name` for an empty name or one with spaces, plus signs or control characters."""
    if not name or "+" in name or name.split() != [name] or not name.isprintable():
        raise VerificationError("key-name", "a key's name has no spaces, plus signs or control characters")


def parse_note(data: bytes) -> Note:
    """The text and signature lines of a note. Raises VerificationError `note`."""
    if len(data) > MAX_NOTE_SIZE:
        raise VerificationError("note", "larger than any note")
    if data.translate(None, _ALLOWED_BYTES):
        raise VerificationError("note", "control characters")
    end = data.rfind(b"\n\n")
    if end < 0 or not data.endswith(b"\n"):
        raise VerificationError("note", "no blank line before the signatures, or no newline at the end")
    try:
        data[: end + 1].decode()
        lines = data[end + 2 : -1].decode().split("\n")
    except UnicodeDecodeError as error:
        raise VerificationError("note", "not UTF-8") from error
    if len(lines) > MAX_SIGNATURES:
        raise VerificationError("note", "more signatures than any note has")
    return Note(data[: end + 1], tuple([_parse_signature(line) for line in lines]))


def _parse_signature(line: str) -> NoteSignature:
    if not line.startswith(_DASH):
        raise VerificationError("note", "a signature line starts with an em dash and a space")
    name, _, encoded = line[2:].partition(" ")
    if not name or "+" in name or (not name.isascii() and name.split() != [name]):
        raise VerificationError("note", "a bad key name in a signature line")
    signature = from_base64(encoded)
    if len(signature) < 5:
        raise VerificationError("note", "a signature without bytes")
    return NoteSignature(name, signature[:4], signature[4:])


def signature_line(key: VerifierKey, signature: bytes) -> bytes:
    """One line of a note, as `NoteSignature.line`."""
    return key.line_start + to_base64(key.key_id + signature).encode() + b"\n"


def sign_note(text: bytes, signers: Sequence[Signer]) -> bytes:
    """The note over `text` (which ends in a newline), one line for each signer in order."""
    if not text.endswith(b"\n") or not signers:
        raise VerificationError("note", "a note needs text that ends in a newline, and a signer")
    lines = [signature_line(signer.verifier_key, signer.sign(text)) for signer in signers]
    return b"".join([text, b"\n", *lines])


@lru_cache(maxsize=65536)
def ed25519_verify(public: bytes) -> Callable[[bytes, bytes], None]:
    """The bound `verify(signature, message)` of a 32-byte public key; parsed once, since keys return all the time."""
    try:
        return Ed25519PublicKey.from_public_bytes(public).verify
    except ValueError as error:
        raise VerificationError("public-key", "not an Ed25519 public key") from error


def check_ed25519(public: bytes, signature: bytes, message: bytes) -> None:
    """Raise VerificationError `signature` unless the Ed25519 signature holds (RFC 8032)."""
    try:
        ed25519_verify(public)(signature, message)
    except (InvalidSignature, ValueError) as error:
        raise VerificationError("signature", "the Ed25519 signature does not hold") from error


def verify_note(note: Note, keys: Iterable[VerifierKey]) -> tuple[VerifierKey, ...]:
    """The type-01 keys among `keys` that signed, in line order; lines of unknown keys are ignored.

    Raises VerificationError `signature` when a known key's signature fails, `unsigned` when none is known.
    """
    known = {(key.name, key.key_id): key for key in keys if key.type == ED25519}
    verified: list[VerifierKey] = []
    for line in note.signatures:
        key = known.get((line.name, line.key_id))
        if key is not None:
            check_ed25519(key.public, line.signature, note.text)
            verified.append(key)
    if not verified:
        raise VerificationError("unsigned", "no signature of a known key")
    return tuple(verified)
