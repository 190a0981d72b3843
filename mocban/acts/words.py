"""An event in words, from its bytes alone: one sentence for its kind, then every member as it stands.

Whoever signs must see all that is signed: a sentence may sum up, so nothing is left out below it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from domain.events import EVENT_TYPES
from domain.events import event_type as name_of
from domain.keys import KEY_EVENTS
from mocban.acts.sentences import SENTENCES
from signing.base64_text import from_base64, to_base64
from signing.event_entry import EventEntry
from signing.note import key_digest
from signing.verification_error import VerificationError

_KINDS: Final = {**EVENT_TYPES, **{name_of(kind): kind for kind in KEY_EVENTS}}
_decode: Final = msgspec.json.Decoder(dict[str, Any]).decode


class _Said:
    """What a sentence may name of an event: each member as it may be shown, `?` where there is none."""

    def __init__(self, payload: dict[str, Any]) -> None:
        self._payload = payload

    def __getitem__(self, name: str) -> str:
        if name == "kid" and (kid := _kid(self._payload)) is not None:
            return kid
        return shown(_words(self._payload[name])) if name in self._payload else "?"


def is_known(entry: EventEntry) -> bool:
    """Whether this program knows the event's kind, and the payload has exactly its shape."""
    kind = _KINDS.get(entry.type)
    if kind is None:
        return False
    try:
        msgspec.json.decode(entry.payload, type=kind)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return False
    return True


def event_lines(number: int, of: int, entry: EventEntry) -> Iterator[str]:
    """The sentence, where it lies, then each member: `/pointer = value`. Of an event unknown here, no member."""
    payload = _decode(entry.payload) if is_known(entry) else {}
    vi, en = SENTENCES.get(
        entry.type, ("(loại sự kiện chương trình này không biết)", "(an event this program does not know)")
    )
    said = _Said(payload)
    yield f"{number}/{of}. {vi.format_map(said)} · {en.format_map(said)}"
    yield f"   {shown(entry.type)}, {entry.stream} v{entry.version}"
    for pointer, value in members(payload):
        if pointer != "/type":
            yield f"   {shown(pointer)} = {value}"


def members(value: Any, pointer: str = "") -> Iterator[tuple[str, str]]:
    """(JSON Pointer, value as it may be shown) of every leaf, in the order of the bytes; a sealed value is one leaf."""
    match value:
        case {"alg": str(alg), "ct": ct, "len": length, **rest} if alg.startswith("A256GCM"):
            media = f", {shown(str(rest['media']))}" if "media" in rest else ""
            yield pointer, f"[niêm phong · sealed, {length} B{media}, ct {shown(str(ct))}]"
        case dict():
            for name, held in value.items():
                yield from members(held, f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}")
            if not value:
                yield pointer, "{}"
        case list():
            for at, held in enumerate(value):
                yield from members(held, f"{pointer}/{at}")
            if not value:
                yield pointer, "[]"
        case _:
            yield pointer, shown(value if isinstance(value, str) else msgspec.json.encode(value).decode())


def shown(text: str) -> str:
    """The text with whatever does not print written out: a value must not move a cursor or turn a line around."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else f"\\u{{{ord(one):x}}}" for one in text)


def _words(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_words(one) for one in value)
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _kid(payload: dict[str, Any]) -> str | None:
    """The kid of a key that the event brings or names."""
    key = payload.get("key")
    if isinstance(key, str):
        try:
            return to_base64(key_digest(from_base64(key)))
        except VerificationError:
            return None
    return None
