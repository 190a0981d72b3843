"""How large a proof file is at the largest the ledger is made for: 10^9 acts, an act of 10,000 events."""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

import pytest

from signing.act import ActHeader, Basis, Seen, actor_key_name, open_act, sign_act
from signing.act_tree import span_of
from signing.checkpoint import MlDsa44Signer, cosign, sign_checkpoint, without_ml_dsa
from signing.event_entry import event_entry
from signing.inclusion_proof import root_from_inclusion
from signing.merkle import inclusion_ranges, leaf_hash
from signing.note import ED25519_COSIGNATURE, Ed25519Signer, Signer
from signing.tlog_proof import ActEvidence, prove_event, verify_event_proof
from signing.verification_error import VerificationError

ORIGIN = "hanoi.mocban/0011223344556677"
ACTS, EVENTS = 10**9, 10_000
INDEX, EVENT_INDEX = 777_777_777, 7_777
CLASSICAL_LIMIT, HYBRID_LIMIT = 4_000, 11_000
"""Bytes, beside the event entry."""
LOG = Ed25519Signer(ORIGIN, b"L" * 32)
LOG_PQ = MlDsa44Signer(ORIGIN, b"M" * 32)
WITNESSES = [Ed25519Signer(f"nhan-chung-{n}.example/witness", bytes([n]) * 32, ED25519_COSIGNATURE) for n in (1, 2)]
ENTRY = event_entry(UUID(int=5), 3, "file.registered/1", b'{"type":"file.registered/1","box":"' + b"x" * 500 + b'"}')


def path_of(what: str, index: int, size: int) -> tuple[bytes, ...]:
    """Hashes that could be the path of leaf `index`."""
    return tuple(sha256(f"{what} {start}".encode()).digest() for start, _ in inclusion_ranges(index, size))


def proof(signers: int) -> tuple[bytes, bytes]:
    """(hybrid, classical) proof of an event, signed, cosigned and true: its roots are those its paths lead to."""
    inner, outer = path_of("event", EVENT_INDEX, EVENTS), path_of("act", INDEX, ACTS)
    keys: list[Signer] = []
    for number in range(1, signers + 1):
        actor = str(UUID(int=number + (7 << 76) + (8 << 60)))
        keys.append(Ed25519Signer(actor_key_name(ORIGIN, actor), bytes([40 + number]) * 32))
    header = ActHeader(
        act="reorganization.enact",
        id=UUID(int=9 + (7 << 76) + (8 << 60)),
        actor=str(UUID(int=1 + (7 << 76) + (8 << 60))),
        at="2026-11-22T01:02:03.000004Z",
        basis=Basis(code="resolution", ref="1656/NQ-UBTVQH15"),
        events=EVENTS,
        root=root_from_inclusion(leaf_hash(ENTRY), EVENT_INDEX, EVENTS, inner),
        seen=Seen(size=ACTS - 5, root=bytes(range(32))),
    )
    act = sign_act(ORIGIN, header, keys)
    root = root_from_inclusion(leaf_hash(act), INDEX, ACTS, outer)
    note = sign_checkpoint(ORIGIN, ACTS, root, [LOG, LOG_PQ], 1_800_000_000)
    text = note.partition(b"\n\n")[0] + b"\n"
    note += b"".join(cosign(text, witness, 1_800_000_000) for witness in WITNESSES)
    evidence = ActEvidence(note=act, event_index=EVENT_INDEX, path=inner, event_entry=ENTRY)
    made = [
        prove_event(index=INDEX, path=outer, checkpoint=one, evidence=evidence) for one in (note, without_ml_dsa(note))
    ]
    assert (len(outer), len(inner)) == (30, 14)
    assert open_act(act, ORIGIN).header.events == EVENTS
    return made[0], made[1]


@pytest.mark.parametrize("signers", [1, 2])
def test_a_proof_stays_small_at_a_thousand_million_acts(signers: int) -> None:
    """Given 10^9 acts, 10,000 events in the act, two cosignatures, then 4 kB prove it; 11 kB with ML-DSA-44."""
    hybrid, classical = proof(signers)
    witnesses = [witness.verifier_key for witness in WITNESSES]
    proven = verify_event_proof(hybrid, [LOG.verifier_key, LOG_PQ.verifier_key, *witnesses])
    assert (proven.index, proven.event_index) == (INDEX, EVENT_INDEX)
    assert verify_event_proof(classical, [LOG.verifier_key, *witnesses]).event == proven.event
    assert len(classical) - len(ENTRY) <= CLASSICAL_LIMIT
    assert len(hybrid) - len(ENTRY) <= HYBRID_LIMIT


def test_who_asks_for_both_kinds_of_signature_refuses_a_classical_proof() -> None:
    """Given a proof without ML-DSA-44, when opened with both keys of the log, then it counts as unsigned."""
    _, classical = proof(1)
    with pytest.raises(VerificationError) as caught:
        verify_event_proof(classical, [LOG.verifier_key, LOG_PQ.verifier_key])
    assert caught.value.code == "unsigned"


def test_a_span_is_what_a_proof_reads() -> None:
    """Given an act of 10,000 events, then 256 of them at the most are hashed for one proof."""
    start, end = span_of(EVENT_INDEX, EVENTS)
    assert end - start == 256
    assert start <= EVENT_INDEX < end
    assert span_of(EVENTS - 1, EVENTS) == (9_984, 10_000)
