"""A disclosure: one sealed field of one event, given to one person as a file that proves and opens it, and no more.

It holds the event's proof (its act in a signed checkpoint), the field's own 32-byte key and the ciphertext. The key is
the one the event commits to (`kc`), the ciphertext the one it names (`ct`); the owner's key cannot be had from it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, Literal

import msgspec

from domain.sealed import Sealed
from signing.base64_text import from_base64, to_base64
from signing.note import VerifierKey
from signing.seal import FIELD, KEY_SIZE, open_with_sub_key, place
from signing.tlog_proof import ProvenEvent, verify_event_proof
from signing.verification_error import VerificationError

FORMAT: Final = "mocban/disclosure/1"
MAX_SIZE: Final = 4_000_000


class Disclosure(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file. proof: text of a `.tlog-proof`; field: JSON Pointer into the payload; sub_key, ciphertext: base64."""

    format: Literal["mocban/disclosure/1"]
    proof: str
    field: str
    sub_key: str
    ciphertext: str


class DisclosedField(msgspec.Struct, frozen=True, kw_only=True):
    """What a disclosure has shown. value: the field's JSON bytes, as they were sealed."""

    proven: ProvenEvent
    field: str
    value: bytes


def encode_disclosure(proof: bytes, field: str, sub_key: bytes, ciphertext: bytes) -> bytes:
    """The file's bytes: JSON, indented, a newline at its end."""
    made = Disclosure(
        format=FORMAT,
        proof=proof.decode(),
        field=field,
        sub_key=to_base64(sub_key),
        ciphertext=to_base64(ciphertext),
    )
    return msgspec.json.format(msgspec.json.encode(made), indent=2) + b"\n"


def open_disclosure(data: bytes, vkeys: Iterable[VerifierKey]) -> DisclosedField:
    """Check a disclosure against the log's keys and open its field.

    Raises VerificationError: `disclosure` for a file that is none, `seal` for a key or ciphertext that the event does
    not commit to, and those of the proof.
    """
    if len(data) > MAX_SIZE:
        raise VerificationError("disclosure", "larger than 4 MB")
    try:
        given = msgspec.json.decode(data, type=Disclosure)
        proof = given.proof.encode()
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise VerificationError("disclosure", "not a file of mocban/disclosure/1") from error
    proven = verify_event_proof(proof, vkeys)
    sealed = sealed_at(proven.event.payload, given.field)
    where = place(FIELD, proven.event.stream, proven.event.version, given.field)
    value = open_with_sub_key(from_base64(given.sub_key, KEY_SIZE), sealed, from_base64(given.ciphertext), where)
    return DisclosedField(proven=proven, field=given.field, value=value)


def sealed_at(payload: bytes, pointer: str) -> Sealed:
    """The sealed field of a payload that a JSON Pointer (RFC 6901) names. Raises VerificationError `disclosure`."""
    try:
        return msgspec.convert(_pointed(msgspec.json.decode(payload), pointer), Sealed)
    except (msgspec.MsgspecError, LookupError, ValueError, TypeError, RecursionError) as error:
        raise VerificationError("disclosure", "the pointer names no sealed field of the event") from error


def _pointed(value: Any, pointer: str) -> Any:
    if not pointer.startswith("/"):
        raise ValueError(pointer)
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        value = value[int(name)] if isinstance(value, list) else value[name]
    return value
