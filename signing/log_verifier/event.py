"""Events by their grammar."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any, Final

from signing.log_verifier.act import HASH, UUID, is_nfc
from signing.log_verifier.finding import Bad

EVENT_TYPE: Final = re.compile(rb"[a-z0-9-]+(?:\.[a-z0-9-]+)+/[1-9]\d{0,3}")
_KEPT: Final = (
    rb'"kc":"' + HASH + rb'","nonce":"[A-Za-z0-9+/]{16}","ct":"' + HASH + rb'","len":(?:1[6-9]|[2-9]\d|[1-9]\d{2,15})'
)
_BLOB: Final = rb',"blob":"' + UUID + rb'","media":"[a-z0-9.+/-]+"'
SEALED: Final = re.compile(rb'\{"alg":"A256GCM(?:",' + _KEPT + rb'|-blob",' + _KEPT + _BLOB + rb")\}")
# What nearly every payload is: a flat object, its members at most lists of such. What matches is well-formed JSON
# without nulls or escapes, its type once and its sealed fields in order; the rest is read by `json`. (It spares the
# time of building objects nobody wants.)
_ONE: Final = rb'(?:"[^"\\\x00-\x1f]*+"|0|-?[1-9]\d{0,15}+|true|false)'
_MEMBER: Final = rb'"(?!type"|alg")\w++":'
_FLAT: Final = rb"\{" + _MEMBER + _ONE + rb"(?:," + _MEMBER + _ONE + rb")*+\}"
_ITEM: Final = rb"(?:" + _ONE + rb"|" + _FLAT + rb")"
_LIST: Final = rb"\[(?:" + _ITEM + rb"(?:," + _ITEM + rb")*+)?+\]"
_ANY: Final = rb"(?:" + _ONE + rb"|" + SEALED.pattern + rb"|" + _LIST + rb"|" + _FLAT + rb")"
USUAL: Final = re.compile(rb'\{"type":"[a-z0-9./-]++"(?:,' + _MEMBER + _ANY + rb")*+\}")


def payload_of(entry: bytes) -> bytes:
    return entry[26 + int.from_bytes(entry[24:26], "big") :]


@lru_cache(1024)
def payload_opening(kind: bytes) -> bytes:
    """How a payload of this type begins; nothing that could match when the type is malformed."""
    return b'{"type":"' + kind + b'"' if EVENT_TYPE.fullmatch(kind) else b"malformed"


def check_event(entry: bytes) -> None:
    """One event entry: stream (16) || version (8) || type length (2) || type || payload. Raises Bad."""
    start = 26 + int.from_bytes(entry[24:26], "big")
    opening, payload = payload_opening(entry[26:start]), entry[start:]
    if not payload.startswith(opening) or len(entry) > 65_536 or not is_nfc(payload):
        raise Bad("event-malformed")
    if not USUAL.fullmatch(payload):
        check_unusual(payload, opening)


def check_unusual(payload: bytes, opening: bytes) -> None:
    """Well-formed JSON, its type once, without nulls or NaN; sealed fields as they must be. Raises Bad."""
    algorithms: list[str] = []

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        algorithms.extend(name for name, _ in pairs if name == "alg")
        return dict(pairs)

    try:
        value = json.loads(payload, parse_constant=int, object_pairs_hook=members)  # int refuses NaN and the infinities
        rest = [value] if b"null" in payload else []
        while rest:
            item = rest.pop()
            rest.extend(item.values() if isinstance(item, dict) else item if isinstance(item, list) else ())
            if item is None:
                raise Bad("event-malformed")
        if value["type"].encode() != opening[9:-1]:
            raise Bad("event-malformed")
    except (ValueError, AttributeError, RecursionError):
        raise Bad("event-malformed") from None
    if len(SEALED.findall(payload)) != len(algorithms):
        raise Bad("event-sealed")
