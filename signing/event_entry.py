"""The bytes of one event that are hashed: an event entry."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec

from signing.canonical import check_text, is_nfc
from signing.verification_error import VerificationError

MAX_ENTRY_SIZE = 65_536
_TOO_LARGE = "larger than 64 KiB"
_NOT_FIRST = "the payload's first member is not the row's type"
_decode = msgspec.json.Decoder(dict[str, Any]).decode


class EventEntry(msgspec.Struct, frozen=True, array_like=True):
    """A parsed event entry. version from 1; payload: the stored JSON bytes, never re-encoded."""

    stream: UUID
    version: int
    type: str
    payload: bytes


def event_entry(stream: UUID, version: int, type: str, payload: bytes) -> bytes:  # noqa: A002  the format's word
    """stream id (16 B) || version (uint64be) || uint16be length of type || type || payload.

    Raises VerificationError `event` for a version below 1, a type that is not the payload's first member, text that
    is not NFC, nulls, or more than 64 KiB.
    """
    try:
        tag = type.encode("ascii")
        entry = b"".join((stream.bytes, version.to_bytes(8, "big"), len(tag).to_bytes(2, "big"), tag, payload))
    except (ValueError, OverflowError) as error:
        raise VerificationError("event", "a type that is not ASCII, or a number out of range") from error
    _check(version, type, tag, payload, len(entry))
    return entry


def composed_event_entry(stream: UUID, version: int, type: str, payload: bytes) -> bytes:  # noqa: A002
    """As `event_entry`, for a payload that the caller has just encoded from a Struct tagged with its type.

    Such bytes are JSON that says its type once, so they are parsed only where they may hold a null or text not NFC.
    """
    if b"null" in payload or version < 1 or not is_nfc(payload):
        return event_entry(stream, version, type, payload)
    middle, head = _frame(type)
    if not payload.startswith(head):
        raise VerificationError("event", _NOT_FIRST)
    try:
        entry = b"".join((stream.bytes, version.to_bytes(8, "big"), middle, payload))
    except OverflowError as error:
        raise VerificationError("event", "a number out of range") from error
    if len(entry) > MAX_ENTRY_SIZE:
        raise VerificationError("event", _TOO_LARGE)
    return entry


def entry_frame(version: int, type: str) -> tuple[bytes, bytes]:  # noqa: A002
    """What stands in an entry between stream and payload, and how a payload of that type begins.

    For who composes entries of many payloads at a time: each payload must begin so, each entry be no larger than
    `MAX_ENTRY_SIZE`, and `is_clear` hold for all. Raises VerificationError `event`.
    """
    middle, head = _frame(type)
    if not 1 <= version < 1 << 64:
        raise VerificationError("event", "a number out of range")
    return version.to_bytes(8, "big") + middle, head


def is_clear(payloads: bytes) -> bool:
    """Whether payloads that lie end to end are NFC and hold no null, told at one glance; if not, one has to look."""
    return b"null" not in payloads and is_nfc(payloads)


def parse_event_entry(entry: bytes) -> EventEntry:
    """Inverse of `event_entry`, with the same checks. Raises VerificationError `event`."""
    if len(entry) < 27:
        raise VerificationError("event", "shorter than any event")
    length = int.from_bytes(entry[24:26], "big")
    tag, payload = entry[26 : 26 + length], entry[26 + length :]
    if len(tag) != length:
        raise VerificationError("event", "the type is cut short")
    try:
        type_ = tag.decode("ascii")
    except UnicodeDecodeError as error:
        raise VerificationError("event", "a type that is not ASCII") from error
    version = int.from_bytes(entry[16:24], "big")
    _check(version, type_, tag, payload, len(entry))
    return EventEntry(UUID(bytes=entry[:16]), version, type_, payload)


def event_name(entry: bytes) -> str:
    """The type of a well-framed event entry without its number: `custody.handed-over` of `custody.handed-over/2`."""
    return entry[26 : 26 + int.from_bytes(entry[24:26], "big")].partition(b"/")[0].decode("ascii", "replace")


def _check_frame(version: int, tag: bytes, payload: bytes, size: int) -> None:
    if version < 1:
        raise VerificationError("event", "versions count from 1")
    if size > MAX_ENTRY_SIZE:
        raise VerificationError("event", _TOO_LARGE)
    head = _head(tag)
    if not payload.startswith(head) or payload[len(head) : len(head) + 1] not in (b",", b"}"):
        raise VerificationError("event", _NOT_FIRST)


def _check(version: int, type_: str, tag: bytes, payload: bytes, size: int) -> None:
    _check_frame(version, tag, payload, size)
    try:
        value = _decode(payload)
        if b"null" in payload or not is_nfc(payload):
            _walk(value)  # the slow look: only the value itself can say whether it holds a null or text not NFC
    except (msgspec.MsgspecError, ValueError, RecursionError, VerificationError) as error:
        raise VerificationError("event", "the payload is not a JSON object in NFC without nulls") from error
    if value["type"] != type_:
        raise VerificationError("event", "the payload says its type twice")


@lru_cache(maxsize=1024)
def _frame(type_: str) -> tuple[bytes, bytes]:
    """What stands before a payload of that type, after the version; and how the payload begins, a comma or brace after.

    Raises VerificationError `event`.
    """
    if not type_.isascii():
        raise VerificationError("event", "a type that is not ASCII, or a number out of range")
    tag = type_.encode()
    return len(tag).to_bytes(2, "big") + tag, _head(tag)


@lru_cache(maxsize=1024)
def _head(tag: bytes) -> bytes:
    """How a payload of that type begins. Raises VerificationError `event`."""
    if not tag or not tag.decode().isprintable() or b'"' in tag or b"\\" in tag:
        raise VerificationError("event", "an event type is printable ASCII")
    return b'{"type":"' + tag + b'"'


def _walk(value: Any) -> None:
    match value:
        case None:
            raise VerificationError("event", "a null")
        case str():
            check_text(value)
        case list():
            for item in value:
                _walk(item)
        case dict():
            for key, item in value.items():
                check_text(key)
                _walk(item)
        case _:
            pass
