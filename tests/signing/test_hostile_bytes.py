"""Whatever bytes come in, a parser answers or raises VerificationError, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signing import canonical
from signing.act import open_act, verify_act_signatures
from signing.actor_key import parse_actor_key
from signing.base64_text import from_base64
from signing.checkpoint import open_checkpoint, parse_checkpoint_text
from signing.event_entry import parse_event_entry
from signing.genesis import log_keys
from signing.merkle import Frontier
from signing.note import VerifierKey, parse_note
from signing.registry_event import registry_events
from signing.tile import parse_tile_path
from signing.tlog_proof import parse_evidence, parse_proof, verify_event_proof
from signing.verification_error import VerificationError
from tests.vectors.regenerate import FOLDER, GENESIS, ORIGIN, key_text, log, signer

ACTS, EVENTS = log()
KEYS = log_keys(GENESIS)
ACTOR_KEYS = {signer(n).verifier_key.kid: signer(n).verifier_key.encoded for n in range(1, 5)}
PROOF = (FOLDER / "event.tlog-proof").read_bytes()
CHECKPOINT = (FOLDER / "checkpoint.note").read_bytes()
EXTRA = parse_proof(PROOF).extra or b""


def _verify_act(data: bytes) -> object:
    opened = open_act(data, ORIGIN)
    verify_act_signatures(opened, ACTOR_KEYS)
    return opened


def _text(parse: Callable[[str], Any]) -> Callable[[bytes], Any]:
    return lambda data: parse(data.decode("utf-8", "surrogateescape"))


PARSERS: dict[str, tuple[Callable[[bytes], Any], bytes]] = {
    "act": (_verify_act, ACTS[5]),
    "note": (parse_note, ACTS[4]),
    "canonical": (canonical.decode, b'{"a":[1,"x",{"b":true}]}'),
    "event": (parse_event_entry, EVENTS[5][1]),
    "registry event": (lambda data: registry_events([data], ORIGIN), EVENTS[0][0]),
    "checkpoint text": (parse_checkpoint_text, CHECKPOINT[: CHECKPOINT.find(b"\n\n") + 1]),
    "checkpoint": (lambda data: open_checkpoint(data, KEYS), CHECKPOINT),
    "proof": (lambda data: verify_event_proof(data, KEYS), PROOF),
    "evidence": (parse_evidence, EXTRA),
    "frontier": (Frontier.from_bytes, Frontier.from_peaks(3, [bytes(32), bytes(32)]).to_bytes()),
    "vkey": (_text(VerifierKey.parse), GENESIS.log_vkeys[0].encode()),
    "actor key": (_text(parse_actor_key), key_text(1).encode()),
    "base64": (_text(from_base64), b"AAECAw=="),
    "tile path": (_text(parse_tile_path), b"tile/entries/x001/234.p/17"),
}


@pytest.mark.parametrize("name", PARSERS)
@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=400))
def test_random_bytes_raise_one_family(name: str, data: bytes) -> None:
    """Given random bytes, when parsed, then an answer or VerificationError."""
    with suppress(VerificationError):
        PARSERS[name][0](data)


@pytest.mark.parametrize("name", PARSERS)
@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_mutated_bytes_raise_one_family(name: str, data: st.DataObject) -> None:
    """Given good bytes cut, spliced or overwritten somewhere, when parsed, then an answer or VerificationError."""
    parse, good = PARSERS[name]
    start = data.draw(st.integers(0, len(good)))
    end = data.draw(st.integers(start, min(len(good), start + 40)))
    middle = data.draw(
        st.binary(max_size=12) | st.sampled_from([b"\n\n", b"\xff" * 8, b"\x00" * 8, b"null", b'"', b"=" * 4])
    )
    with suppress(VerificationError):
        parse(good[:start] + middle + good[end:])


@pytest.mark.parametrize("name", ["act", "checkpoint", "proof"])
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_one_changed_byte_never_verifies(name: str, data: st.DataObject) -> None:
    """Given a signed thing with one byte changed, when verified, then refused."""
    parse, good = PARSERS[name]
    bound = len(good) if name == "act" else good.rfind(b"\n\n")  # a changed name makes a line a stranger's: ignored
    at = data.draw(st.integers(0, bound - 1))
    changed = bytes((good[at] ^ data.draw(st.integers(1, 255)),))
    with pytest.raises(VerificationError):
        parse(good[:at] + changed + good[at + 1 :])


@pytest.mark.parametrize("name", PARSERS)
def test_the_good_bytes_are_good(name: str) -> None:
    """Given the bytes that the tests above spoil, when parsed, then accepted."""
    assert PARSERS[name][0](PARSERS[name][1]) is not None
