"""Canonical JSON: one value, one text."""

from __future__ import annotations

import json
from functools import partial
from typing import Any
from unicodedata import is_normalized, normalize
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signing.base64_text import from_base64, to_base64
from signing.canonical import decode, encode, encode_present, is_nfc
from signing.verification_error import VerificationError

TEXT = st.text(st.characters(exclude_categories=["Cs"])).map(partial(normalize, "NFC"))
VALUES = st.recursive(
    st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcXYZ_09", max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_what_is_encoded_comes_back_and_is_plain_json(value: Any) -> None:
    """Given any value of the subset, when encoded, then it decodes to itself and any JSON reader agrees."""
    data = encode(value)
    assert decode(data) == value == json.loads(data)
    assert encode_present(value) == data
    assert data == json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@pytest.mark.parametrize(
    "data",
    [
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"a": 1}',
        b'{"a":1}\n',
        b"1.5",
        b"1e2",
        b"1.0",
        b"-0",
        b"01",
        b"null",
        b'{"a":null}',
        b"[1,]",
        b"9007199254740992",
        b"-9007199254740992",
        b'"\\u0041"',
        b'"\\/"',
        b'"\\u000A"',
        b'"\\ud800"',
        b'"\xed\xa0\x80"',
        '"e\u0301"'.encode(),
        '{"é":1}'.encode(),
        b"\xef\xbb\xbf1",
        b"NaN",
        b"",
        b"[" * 100_000,
        b"1 2",
    ],
)
def test_other_spellings_are_refused(data: bytes) -> None:
    """Given JSON written otherwise, or outside the subset, when decoded, then refused."""
    with pytest.raises(VerificationError):
        decode(data)


@pytest.mark.parametrize("value", [1.5, None, {"a": None}, 2**53, {"é": 1}, "e\u0301", "\ud800", object(), [2.0]])
def test_what_the_subset_cannot_say_is_refused(value: Any) -> None:
    """Given a value outside the subset, when encoded, then refused rather than written somehow."""
    with pytest.raises(VerificationError):
        encode(value)


@given(st.binary(max_size=100))
def test_base64_goes_round(data: bytes) -> None:
    """Given bytes, when written as base64, then they come back."""
    assert from_base64(to_base64(data), len(data)) == data


@pytest.mark.parametrize(
    "text", ["AA", "AA=", "AB==", "A A=", "AA==\n", "_-8=", "AAAA=", "=", "é", "AA==AA==", " AA=="]
)
def test_only_one_base64_spelling(text: str) -> None:
    """Given base64 with spaces, other alphabets, stray bits or padding, when read, then refused."""
    with pytest.raises(VerificationError):
        from_base64(text)
    with pytest.raises(VerificationError):
        from_base64("AAAA", 2)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": {"d": None, "c": [{"e": None}]}}, b'{"a":{"c":[{}]},"b":1}'),
        ([None], None),
        ({"b": "null", "a": "Quyết định số 2014.5"}, '{"a":"Quyết định số 2014.5","b":"null"}'.encode()),
        ({"a": None}, b"{}"),
        ({"id": UUID(int=12345678901234567890)}, b'{"id":"00000000-0000-0000-ab54-a98ceb1f0ad2"}'),
        ({"digits": "12345678901234567890", "n": 2**53 - 1}, b'{"digits":"12345678901234567890","n":9007199254740991}'),
        ({"n": 2**53}, None),
        ({"n": 1.0}, None),
        ({"n": float("nan")}, None),
        ({"khóa": 1}, None),
        ([[{"khóa": 1}]], None),
        ("e\u0323\u0302", None),
        (None, None),
    ],
)
def test_absent_members_leave_the_canonical_form(value: Any, text: bytes | None) -> None:
    """A member that is null is left out; everything else is said, or refused, as `encode` would."""
    if text is None:
        with pytest.raises(VerificationError) as refused:
            encode_present(value)
        assert refused.value.code == "canonical"
    else:
        assert encode_present(value) == text


@given(
    st.text(st.characters(exclude_categories=["Cs"]))
    | st.text("aeệưÊ\u0301\u0323\u0302\u02ff\u0340\u1eff\u2013\u1161가", max_size=8)
)
def test_the_quick_look_at_nfc_agrees_with_the_slow_one(text: str) -> None:
    """Given any text, Vietnamese letters in pieces above all, the answer is that of the Unicode tables."""
    assert is_nfc(text.encode()) == is_normalized("NFC", text)


def test_no_letter_passed_quickly_ever_combines() -> None:
    """Given each character taken for composed, after a letter it stays what it is."""
    for code in (*range(0xA0, 0x300), *range(0x1E00, 0x1F00), *range(0x2010, 0x2028)):
        assert all(is_normalized("NFC", base + chr(code)) for base in "aAeEoOuUdD<=")
