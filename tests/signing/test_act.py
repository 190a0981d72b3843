"""Acts and event entries: canonical lines, exact signers, one spelling."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
import pytest

from signing.act import (
    NOTHING_SEEN,
    ActHeader,
    Basis,
    Seen,
    act_root,
    actor_key_name,
    open_act,
    sign_act,
    verify_act_signatures,
)
from signing.event_entry import event_entry, parse_event_entry
from signing.merkle import leaf_hash, root
from signing.note import ED25519_COSIGNATURE, Ed25519Signer, parse_note, sign_note
from signing.verification_error import VerificationError
from tests.vectors.regenerate import ORIGIN, act, actor, log, signer

STREAM = UUID(int=7)
ENTRY = event_entry(STREAM, 1, "a.b/1", b'{"type":"a.b/1"}')
HEADER = ActHeader(
    act="a.do",
    id=UUID("0198dddd-0000-7000-8000-00000000ac00"),
    actor=actor(1),
    at="2026-11-22T01:02:03.000004Z",
    events=1,
    root=act_root([ENTRY]),
    seen=NOTHING_SEEN,
)
KEYS = {signer(number).verifier_key.kid: signer(number).verifier_key.encoded for number in range(1, 5)}


def signed(**changes: Any) -> bytes:
    """The act with some header fields changed."""
    return sign_act(ORIGIN, msgspec.structs.replace(HEADER, **changes), [signer(1)])


def resigned(line: str, *, head: str = f"{ORIGIN}/act/v1", number: int = 1) -> bytes:
    """A note over any line at all, properly signed."""
    return sign_note(f"{head}\n{line}\n".encode(), [signer(number)])


LINE = parse_note(signed()).text.decode().split("\n")[1]


def test_an_act_goes_round() -> None:
    """Given a header with everything in it, when signed and opened, then it is the same and its signatures hold."""
    more = {
        "for_": "chị Hoà \U0001f5c4",
        "basis": Basis(code="decision", ref='12/QĐ-UBND "\\\n\u007f'),
        "seen": Seen(size=2**53 - 1, root=bytes(32)),
    }
    header = msgspec.structs.replace(HEADER, **more)
    data = sign_act(ORIGIN, header, [signer(1), signer(2)])
    opened = open_act(data, ORIGIN)
    verify_act_signatures(opened, KEYS)
    assert msgspec.structs.replace(opened.header, kids=()) == header
    assert opened.kids == (signer(1).verifier_key.kid, signer(2).verifier_key.kid)
    assert opened.signers == (actor(1), actor(2))
    assert opened.leaf_hash == leaf_hash(data)


def test_the_root_of_one_event_is_its_hash() -> None:
    """Given one event or more, when the act root is made, then it is the event's leaf hash or the tree's root."""
    assert act_root([ENTRY]) == leaf_hash(ENTRY)
    assert act_root([ENTRY] * 3) == root([leaf_hash(ENTRY)] * 3)
    with pytest.raises(VerificationError):
        act_root([])


@pytest.mark.parametrize(
    "line",
    {
        "a space": LINE.replace('":', '": ', 1),
        "keys out of order": '{"actor"' + LINE.removeprefix('{"act":"a.do","actor"')[:-1] + ',"act":"a.do"}',
        "a key twice": LINE.replace('{"act":', '{"act":"a.do","act":'),
        "a null": LINE.replace('"events"', '"basis":null,"events"'),
        "an unknown key": LINE.replace('"events"', '"even":1,"events"'),
        "a float": LINE.replace('"events":1', '"events":1.0'),
        "an exponent": LINE.replace('"events":1', '"events":1e0'),
        "no events": LINE.replace('"events":1', '"events":0'),
        "a negative": LINE.replace('"events":1', '"events":-1'),
        "a large integer": LINE.replace('"size":0', '"size":9007199254740992'),
        "a huge integer": LINE.replace('"size":0', '"size":99999999999999999999999'),
        "a string for a number": LINE.replace('"events":1', '"events":"1"'),
        "an escape that is not needed": LINE.replace("a.do", "a\\u002edo"),
        "an upper-case id": LINE.replace("0198dddd", "0198DDDD"),
        "an id without hyphens": LINE.replace(
            "0198dddd-0000-7000-8000-00000000ac00", "0198dddd000070008000" + "0" * 8 + "ac00"
        ),
        "another base64 spelling": LINE.replace('=","seen"', '","seen"'),
        "a short root": LINE.replace('"root":"' + LINE.split('"root":"')[1][:44], '"root":"AAAA'),
        "text not NFC": LINE.replace("a.do", "a.e\u0301"),
        "an empty name": LINE.replace("a.do", ""),
        "a time without fraction": LINE.replace(".000004Z", "Z"),
        "a time with offset": LINE.replace(".000004Z", ".000004+00:00"),
        "an impossible day": LINE.replace("2026-11-22", "2026-02-30"),
        "a time with a space": LINE.replace("22T01", "22 01"),
        "a week date": LINE.replace("2026-11-22", "2026-W47-7"),
        "a comma fraction": LINE.replace("03.0000", "03,0000"),
        "other digits": LINE.replace("2026", "\u0662026"),
        "a missing key": LINE.replace('"events":1,', ""),
        "an array": "[]",
        "nothing": "",
        "two lines": LINE + "\n" + LINE,
        "a trailing space": LINE + " ",
        "deep nesting": "[" * 30_000,
        "an empty principal": LINE.replace('"id"', '"for":"","id"'),
    }.items(),
    ids=lambda case: case[0],
)
def test_a_line_that_is_not_canonical_is_refused(line: tuple[str, str]) -> None:
    """Given a well-signed note whose line is written otherwise, when opened, then refused."""
    assert line[1] != LINE
    with pytest.raises(VerificationError):
        open_act(resigned(line[1]), ORIGIN)


def test_the_unchanged_line_is_accepted() -> None:
    """Given the line that the table above spoils, when signed the same way, then it opens."""
    verify_act_signatures(open_act(resigned(LINE), ORIGIN), KEYS)


@pytest.mark.parametrize(
    "data",
    {
        "another log's": resigned(LINE, head="other.example/act/v1"),
        "the access log's": resigned(LINE, head=f"{ORIGIN}/access/act/v1"),
        "another version": resigned(LINE, head=f"{ORIGIN}/act/v2"),
        "another actor's key name": resigned(LINE, number=2),
        "a signature line too many": signed() + signed()[signed().rfind(b"\n\n") + 2 :],
        "a kid too many": resigned(LINE.replace('"kids":["', '"kids":["' + "A" * 43 + '=","')),
        "too large": resigned(LINE.replace("a.do", "a" * 66_000)),
    }.items(),
    ids=lambda case: case[0],
)
def test_a_note_that_is_not_this_logs_act_is_refused(data: tuple[str, bytes]) -> None:
    """Given a signed note that is no act of this log, when opened, then refused."""
    with pytest.raises(VerificationError):
        open_act(data[1], ORIGIN)


def test_signatures_are_bound_to_kids_and_names() -> None:
    """Given an unknown key, swapped keys, or a changed signature, when verified, then refused."""
    opened = open_act(act(5, "a.do", [ENTRY], [signer(1), signer(2)]), ORIGIN)
    one, two = opened.kids
    data = bytearray(opened.data)
    data[-10] = ord("A") if data[-10] != ord("A") else ord("B")
    for bad, keys in [
        (opened, {}),
        (opened, {one: KEYS[one]}),
        (opened, {one: KEYS[two], two: KEYS[one]}),
        (open_act(bytes(data), ORIGIN), KEYS),
    ]:
        with pytest.raises(VerificationError):
            verify_act_signatures(bad, keys)


def test_only_actors_keys_sign_acts() -> None:
    """Given a key of another type, another actor's, another log's, twice, or an over-long act: nothing is signed."""
    cosigner = Ed25519Signer(actor_key_name(ORIGIN, actor(1)), bytes(32), ED25519_COSIGNATURE)
    foreign = signer(1).named(f"other.example/{actor(1)}")
    access = signer(1).named(f"{ORIGIN}/access/{actor(1)}")
    for signers in ([cosigner], [foreign], [access], [signer(2)], [signer(1), signer(1)], []):
        with pytest.raises(VerificationError):
            sign_act(ORIGIN, HEADER, signers)
    with pytest.raises(VerificationError):
        signed(for_="x" * 66_000)


@pytest.mark.parametrize(
    "change",
    [{"at": "2026-11-22"}, {"events": 0}, {"root": b"x"}, {"act": ""}, {"for_": "e\u0301"}, {"actor": "someone"}],
)
def test_a_bad_header_is_not_signed(change: dict[str, Any]) -> None:
    """Given a header that would not open again, when signed, then refused before any signature."""
    with pytest.raises(VerificationError):
        signed(**change)


def test_event_entries_go_round() -> None:
    """Given the events of a whole log, when parsed, then the same entry is made of the parts."""
    for entry in [entry for entries in log()[1] for entry in entries]:
        event = parse_event_entry(entry)
        assert event_entry(event.stream, event.version, event.type, event.payload) == entry


@pytest.mark.parametrize(
    ("version", "kind", "payload"),
    [
        (0, "a/1", b'{"type":"a/1"}'),
        (2**64, "a/1", b'{"type":"a/1"}'),
        (-1, "a/1", b'{"type":"a/1"}'),
        (1, "", b'{"type":""}'),
        (1, "é/1", '{"type":"é/1"}'.encode()),
        (1, 'a"/1', b'{"type":"a\\"/1"}'),
        (1, "a/1", b'{"type":"a/2"}'),
        (1, "a/1", b'{"x":1,"type":"a/1"}'),
        (1, "a/1", b'{"type":"a/1"'),
        (1, "a/1", b'{"type":"a/1"}x'),
        (1, "a/1", b'{"type":"a/1",}'),
        (1, "a/1", b'{"type":"a/1","x":' + b"[" * 5000),
        (1, "a/1", b'{"type":"a/1","type":"a/2"}'),
        (1, "a/1", b'{"type":"a/1","x":null}'),
        (1, "a/1", '{"type":"a/1","x":"e\u0301"}'.encode()),
        (1, "a/1", b'{"type":"a/1","x":"\xff"}'),
        (1, "a/1", b'{"type":"a/1","x":"' + b"y" * 65_536 + b'"}'),
    ],
)
def test_bad_events_are_refused(version: int, kind: str, payload: bytes) -> None:
    """Given an event the format does not allow, when its entry is made, then refused."""
    with pytest.raises(VerificationError):
        event_entry(STREAM, version, kind, payload)


def test_null_in_a_text_is_no_null() -> None:
    """Given the letters of null inside a text, or a newline before a combining mark, when written, then accepted."""
    for text in ("null", "nullità", "\\n\u0303"):
        payload = f'{{"type":"a/1","x":"{text}"}}'.encode()
        assert parse_event_entry(event_entry(STREAM, 1, "a/1", payload)).payload == payload
