"""Acts by their grammar: what matches is canonical JSON (RFC 8785) by construction, and need not be encoded again."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from datetime import date
from functools import lru_cache
from typing import Final

from signing.log_verifier.finding import Bad

_TEXT: Final = rb'"[^"\\\x00-\x1f]*(?:\\(?:["\\bfnrt]|u00(?:0[0-7be-f]|1[0-9a-f]))[^"\\\x00-\x1f]*)*"'
HASH: Final = rb"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]="
UUID: Final = rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
ACT: Final = re.compile(
    rb'(?P<text>[^\n]*/act/v1\n\{"act":"(?P<act>[a-z0-9._-]{1,80})","actor":"(?P<actor>' + UUID + rb')"'
    rb',"at":"(?P<at>(?P<day>\d{4}-\d\d-\d\d)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{6}Z)"'
    rb'(?:,"basis":\{"code":' + _TEXT + rb',"ref":' + _TEXT + rb"\})?"
    rb',"events":(?P<events>[1-9]\d{0,15})(?:,"for":(?P<for>(?!"")' + _TEXT + rb'))?,"id":"(?P<id>' + UUID + rb')"'
    rb',"kids":\["(?P<kids>' + HASH + rb'(?:","' + HASH + rb')*)"\],"root":"(?P<root>' + HASH + rb')"'
    rb',"seen":\{"root":"(?P<seen>' + HASH + rb')","size":(?P<size>0|[1-9]\d{0,15})\}\}\n)\n(?P<lines>(?s:.*))\n'
)
EVENTS: Final = re.compile(rb'"events":([1-9]\d{0,15})[,}]')
Act = re.Match[bytes]  # members of the header as they stand there; `text` is signed, `lines` are the signatures


def parse_act(entry: bytes, head: bytes) -> Act:
    """A signed note whose text is `head` (`<origin>/act/v1`) and one line of canonical JSON. Raises Bad."""
    found = ACT.fullmatch(entry) if entry.startswith(head) and len(entry) < 65_536 else None
    if found is None or not is_day(found["day"]) or not is_nfc(found["text"]):
        raise Bad("act-malformed")
    return found


def of_registry(act: Act) -> bool:
    return act["act"].startswith(b"registry.") or act["act"] == b"log.found"


@lru_cache(64)
def is_day(text: bytes) -> bool:
    with suppress(ValueError):
        return bool(date.fromisoformat(text.decode()))
    return False


def is_nfc(data: bytes) -> bool:
    """Well-formed UTF-8, its letters composed (Unicode NFC)."""
    try:
        return data.isascii() or unicodedata.is_normalized("NFC", data.decode())
    except UnicodeDecodeError:
        return False
