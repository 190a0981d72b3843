"""Canonical JSON: the subset of RFC 8785 that signed lines and request digests use.

Keys sorted, ASCII, unique; no spaces; integers of magnitude below 2**53; no floats, no nulls; strings NFC and
escaped as RFC 8785 section 3.2.2.2 says. One value has one text, so whoever re-encodes gets the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from unicodedata import is_normalized

import msgspec

from signing.verification_error import VerificationError

INTEGER_LIMIT = 2**53

_encoder = msgspec.json.Encoder(order="sorted")
_decoder = msgspec.json.Decoder()
_ASCII = bytes(range(128))
_COMPOSED = re.compile("[\u00a0-\u02ff\u1e00-\u1eff\u2010-\u2027]*")
"""Characters that stay as they are beside any other of these or of ASCII: NFC_Quick_Check=Yes, combining class 0."""


def _refuse_float(_text: str) -> float:
    raise VerificationError("canonical", "a float where none is allowed")


_unreal_decoder = msgspec.json.Decoder(float_hook=_refuse_float)


def encode(value: Any) -> bytes:
    """Canonical UTF-8 bytes of dicts, lists, strings, booleans, integers, or Structs of these.

    Raises VerificationError `canonical` for what the subset cannot say (floats, nulls, large integers, text not NFC).
    """
    try:
        data = _encoder.encode(value)
        check_value(_decoder.decode(data))
    except (msgspec.MsgspecError, ValueError, TypeError, RecursionError, OverflowError) as error:
        raise VerificationError("canonical", "the value has no canonical JSON form") from error
    return data


def encode_present(value: Any) -> bytes:
    """As `encode`, of what msgspec can turn into JSON; a member that is null counts as absent.

    A Struct's own type keeps floats and large integers out, so only other values are searched for them. Raises
    VerificationError `canonical`.
    """
    try:
        data = _encoder.encode(value)
        if b"null" in data or not is_nfc(data):  # the slow look: only the value can say where they stand
            return encode(_without_nulls(msgspec.to_builtins(value)))
        if not isinstance(value, msgspec.Struct):
            _check_branch((_unreal_decoder.decode(data),))
    except (msgspec.MsgspecError, ValueError, TypeError, RecursionError, OverflowError) as error:
        raise VerificationError("canonical", "the value has no canonical JSON form") from error
    return data


def is_nfc(data: bytes) -> bool:
    """Whether UTF-8 text is in Unicode normalization form C; and so whatever is cut from it. Raises ValueError."""
    letters = data.translate(None, _ASCII)
    composed = _is_composed_again if len(letters) < 256 else _is_composed
    return not letters or composed(letters) or is_normalized("NFC", data.decode())


def _is_composed(letters: bytes) -> bool:
    """Whether letters that are not ASCII stay as they are, whatever stands between them. Raises ValueError."""
    return _COMPOSED.fullmatch(letters.decode()) is not None


_is_composed_again = lru_cache(maxsize=4096)(_is_composed)
"""The words of forms and fixed names come again and again."""


def decode(data: bytes) -> Any:
    """The value of canonical bytes; refuses bytes that would be written otherwise.

    Raises VerificationError `canonical`.
    """
    try:
        value = _decoder.decode(data)
        check_value(value)
        same = _encoder.encode(value) == data
    except (msgspec.MsgspecError, ValueError, TypeError, RecursionError, OverflowError) as error:
        raise VerificationError("canonical", "not JSON") from error
    if not same:
        raise VerificationError("canonical", "not in canonical form")
    return value


def check_value(value: Any) -> None:
    """Raise VerificationError `canonical` where a decoded JSON value leaves the subset."""
    match value:
        case bool():
            pass
        case str():
            check_text(value)
        case int():
            if not -INTEGER_LIMIT < value < INTEGER_LIMIT:
                raise VerificationError("canonical", "an integer of 2**53 or more")
        case list():
            for item in value:
                check_value(item)
        case dict():
            for key, item in value.items():
                if not key.isascii():
                    raise VerificationError("canonical", "a key that is not ASCII")
                check_value(item)
        case _:
            raise VerificationError("canonical", f"a {type(value).__name__} where none is allowed")


def check_text(text: str) -> None:
    """Raise VerificationError `canonical` unless the text is in Unicode normalization form C."""
    if not text.isascii() and not is_normalized("NFC", text):
        raise VerificationError("canonical", "text that is not NFC")


def _check_branch(items: Iterable[Any]) -> None:
    """As `check_value` for each, of values without floats, nulls and text that is not NFC."""
    for item in items:
        kind = type(item)
        if kind is dict:
            if not "".join(item).isascii():
                raise VerificationError("canonical", "a key that is not ASCII")
            _check_branch(item.values())
        elif kind is list:
            _check_branch(item)
        elif kind is int and not -INTEGER_LIMIT < item < INTEGER_LIMIT:
            raise VerificationError("canonical", "an integer of 2**53 or more")


def _without_nulls(value: Any) -> Any:
    match value:
        case dict():
            return {key: _without_nulls(item) for key, item in value.items() if item is not None}
        case list() | tuple():
            return [_without_nulls(item) for item in value]
        case _:
            return value
