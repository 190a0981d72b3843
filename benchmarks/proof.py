"""Proof: how long the proof file of any event of a log of ten million takes, and how large it is.

Events are drawn at random over the whole log, each asked for once, as command and API ask; some of the proofs are then
verified. The limit is 20 ms for 99 of 100, the aim 5: a ratio above 1 is quicker than the limit.

bytes_classical, bytes_hybrid: beside the event entry, computed for 10^9 acts, an act of 10,000 events, two witnesses,
by the product's encoder from a proof of this log whose paths are filled up; without and with ML-DSA-44.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from statistics import quantiles
from time import perf_counter
from typing import Any, Final

import msgspec

from benchmarks.large_log import record_large_log
from benchmarks.machine import load, machine
from benchmarks.proving_ground import ProvingGround, proving_ground
from benchmarks.report import Report, Size, Told
from signing.checkpoint import cosign, without_ml_dsa
from signing.merkle import HASH_SIZE, inclusion_ranges
from signing.note import ED25519_COSIGNATURE, Ed25519Signer
from signing.tlog_proof import encode_evidence, encode_proof, parse_evidence, parse_proof, verify_event_proof

NAME: Final = "proof"
EVENTS: Final = 10_000_000
PROOFS: Final = 1_000
"""A round."""
LIMIT_MS: Final = 20.0
AIM_MS: Final = 5.0
_SEED: Final = 1656
_VERIFIED: Final = 100
_ACTS: Final = 10**9
_EVENTS_OF_ACT: Final = 10_000


def run(size: Size, told: Told) -> Report:
    """Measure. Raises EnvironmentProblem when the server cannot start."""
    before = load()
    with proving_ground() as ground:
        wanted = events_of(size)
        steps = wanted + wanted // 10  # the last tenth of the bar is asking
        events = record_large_log(ground, wanted, lambda done: told(min(done, wanted), steps))
        dice = random.Random(_SEED)  # noqa: S311  reproducible, not secret
        rounds = [_asked(ground, dice, events, size.of(PROOFS, 100)) for _ in range(size.rounds)]
        told(steps, steps)
        proofs = [_proof(ground, dice.randrange(events)) for _ in range(size.of(_VERIFIED, 10))]
        for proof in proofs:
            verify_event_proof(proof, ground.product.main.log_keys())
        return Report(
            name=NAME,
            figures=_figures(rounds) | _sizes(proofs) | {"events": events, "acts": ground.product.main.size()},
            ratios={"limit": _rounded(LIMIT_MS / _p99(_all(rounds))), "aim": _rounded(AIM_MS / _p99(_all(rounds)))},
            machine=machine(ground.admin, before),
        )


def events_of(size: Size) -> int:
    """How many events a log of this size has."""
    return size.events or size.of(EVENTS)


def _asked(ground: ProvingGround, dice: random.Random, events: int, count: int) -> list[float]:
    """Milliseconds of each of `count` proofs of events at random."""
    spent = []
    for position in [dice.randrange(events) for _ in range(count)]:
        began = perf_counter()
        _proof(ground, position)
        spent.append((perf_counter() - began) * 1000)
    return spent


def _proof(ground: ProvingGround, position: int) -> bytes:
    return ground.product.main_log.proof_for(position)


def _figures(rounds: Sequence[list[float]]) -> dict[str, Any]:
    every, p99s = _all(rounds), [_p99(spent) for spent in rounds]
    limits = [LIMIT_MS / p99 for p99 in p99s] + [LIMIT_MS / _p99(every)]
    aims = [AIM_MS / p99 for p99 in p99s] + [AIM_MS / _p99(every)]
    return {
        "p99_ms": round(_p99(every), 2),
        "p99_range": [round(min(p99s), 2), round(max(p99s), 2)],
        "p50_ms": round(quantiles(every, n=2)[0], 2),
        "max_ms": round(max(every), 2),
        "proofs": len(every),
        "ratio_ranges": {
            name: [_rounded(min(found)), _rounded(max(found))] for name, found in (("limit", limits), ("aim", aims))
        },
    }


def _sizes(proofs: Sequence[bytes]) -> dict[str, int]:
    """Bytes: of the largest proof here, with its event; and at the largest log, beside the event entry."""
    largest = max(proofs, key=len)
    event, hybrid, classical = _at_its_largest(largest)
    return {
        "bytes_classical": classical - event,
        "bytes_hybrid": hybrid - event,
        "bytes_event_entry": event,
        "bytes_here": len(largest),
    }


def _at_its_largest(data: bytes) -> tuple[int, int, int]:
    """(bytes of the event entry, of the hybrid proof, of the classical one) for 10^9 acts and 10,000 events an act."""
    proof = parse_proof(data)
    assert proof.extra is not None, "an event's proof holds its act"
    evidence = parse_evidence(proof.extra)
    text, _, lines = proof.checkpoint.partition(b"\n\n")
    origin, _, root = text.decode().split("\n")
    text = f"{origin}\n{_ACTS}\n{root}\n".encode()
    witnesses = [Ed25519Signer(f"witness-{n}.example/log", bytes([n]) * HASH_SIZE, ED25519_COSIGNATURE) for n in (1, 2)]
    note = text + b"\n" + lines + b"".join(cosign(text, witness, 1_800_000_000) for witness in witnesses)
    inner = (bytes(HASH_SIZE),) * len(inclusion_ranges(0, _EVENTS_OF_ACT))
    outer = (bytes(HASH_SIZE),) * len(inclusion_ranges(0, _ACTS))
    extra = encode_evidence(msgspec.structs.replace(evidence, path=inner))
    full = [
        encode_proof(msgspec.structs.replace(proof, index=_ACTS - 1, path=outer, extra=extra, checkpoint=checkpoint))
        for checkpoint in (note, without_ml_dsa(note))
    ]
    return len(evidence.event_entry), len(full[0]), len(full[1])


def _all(rounds: Sequence[list[float]]) -> list[float]:
    return [one for spent in rounds for one in spent]


def _p99(spent: Sequence[float]) -> float:
    return quantiles(spent, n=100, method="inclusive")[98]


def _rounded(ratio: float) -> float:
    return round(ratio, 3 if ratio < 10 else 1)
