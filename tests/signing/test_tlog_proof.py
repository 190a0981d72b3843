"""Proof files: whatever is changed in one, it proves nothing more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signing.genesis import log_keys
from signing.tlog_proof import (
    ActEvidence,
    TlogProof,
    encode_evidence,
    encode_proof,
    parse_evidence,
    parse_proof,
    verify_event_proof,
)
from signing.verification_error import VerificationError
from tests.vectors.regenerate import FOLDER, GENESIS, log

PROOF = (FOLDER / "event.tlog-proof").read_bytes()
KEYS = log_keys(GENESIS)
HASH = st.binary(min_size=32, max_size=32)


@given(
    st.integers(0, 2**63 - 1), st.lists(HASH, max_size=63), st.none() | st.binary(max_size=99), st.binary(max_size=99)
)
def test_proofs_go_round(index: int, path: list[bytes], extra: bytes | None, checkpoint: bytes) -> None:
    """Given any parts, when written and parsed, then they come back."""
    proof = TlogProof(index=index, path=tuple(path), checkpoint=checkpoint, extra=extra)
    assert parse_proof(encode_proof(proof)) == proof


@given(st.binary(max_size=99), st.integers(0, 2**32 - 1), st.lists(HASH, max_size=255), st.binary(max_size=99))
def test_evidence_goes_round_and_every_cut_is_refused(note: bytes, at: int, path: list[bytes], entry: bytes) -> None:
    """Given an act and an event, when written and parsed, then they come back; cut or lengthened they are refused."""
    evidence = ActEvidence(note=note, event_index=at, path=tuple(path), event_entry=entry)
    data = encode_evidence(evidence)
    assert parse_evidence(data) == evidence
    for bad in (data[:-1], data + b"\x00", data[:1], data[: len(data) // 2]):
        with pytest.raises(VerificationError):
            parse_evidence(bad)


def altered(**changes: object) -> bytes:
    """The golden proof with other evidence."""
    proof = parse_proof(PROOF)
    assert proof.extra is not None
    parts = parse_evidence(proof.extra)
    fields = {
        "note": parts.note,
        "event_index": parts.event_index,
        "path": parts.path,
        "event_entry": parts.event_entry,
    }
    evidence = ActEvidence(**{**fields, **changes})  # type: ignore[arg-type]  # the cases below keep the types
    extra = encode_evidence(evidence)
    return encode_proof(TlogProof(index=proof.index, path=proof.path, checkpoint=proof.checkpoint, extra=extra))


ACTS, EVENTS = log()
WHOLE = parse_proof(PROOF)


@pytest.mark.parametrize(
    "data",
    {
        "another act": altered(note=ACTS[4]),
        "another event": altered(event_entry=EVENTS[5][0]),
        "another place in the act": altered(event_index=0),
        "no path in the act": altered(path=()),
        "another index": PROOF.replace(b"index 5", b"index 4"),
        "an index with a zero": PROOF.replace(b"index 5", b"index 05"),
        "an index with a sign": PROOF.replace(b"index 5", b"index +5"),
        "a huge index": PROOF.replace(b"index 5", b"index " + b"9" * 5000),
        "another version": PROOF.replace(b"proof@v1", b"proof@v2"),
        "no blank line": PROOF.replace(b"\n\n", b"\n"),
        "no extra": encode_proof(TlogProof(index=5, path=WHOLE.path, checkpoint=WHOLE.checkpoint)),
        "no path": encode_proof(TlogProof(index=5, path=(), checkpoint=WHOLE.checkpoint, extra=WHOLE.extra)),
        "a path too long": encode_proof(
            TlogProof(index=5, path=(bytes(32),) * 64, checkpoint=WHOLE.checkpoint, extra=WHOLE.extra)
        ),
        "an unsigned checkpoint": PROOF[: PROOF.rfind(b"\n\n") + 1],
        "another size": PROOF.replace(b"\n6\n", b"\n7\n"),
        "nothing": b"",
    }.items(),
    ids=lambda case: case[0],
)
def test_altered_proofs_are_refused(data: tuple[str, bytes]) -> None:
    """Given a proof with one part changed, when verified, then refused."""
    assert data[1] != PROOF
    with pytest.raises(VerificationError):
        verify_event_proof(data[1], KEYS)


def test_the_unchanged_proof_holds_and_only_for_its_log() -> None:
    """Given the golden proof, when verified with the log's keys, then it holds; with others it does not."""
    assert verify_event_proof(PROOF, KEYS).index == 5
    with pytest.raises(VerificationError):
        verify_event_proof(PROOF, KEYS[2:])
    with pytest.raises(VerificationError):
        verify_event_proof(PROOF, [])


def test_parts_too_large_for_their_lengths_are_not_written() -> None:
    """Given an act over 65,535 bytes or a path over 255 hashes, when written, then refused."""
    for evidence in (
        ActEvidence(note=bytes(65_536), event_index=0, path=(), event_entry=b""),
        ActEvidence(note=b"", event_index=0, path=(bytes(32),) * 256, event_entry=b""),
        ActEvidence(note=b"", event_index=2**32, path=(), event_entry=b""),
    ):
        with pytest.raises(VerificationError):
            encode_evidence(evidence)
