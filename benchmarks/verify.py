"""Verify: the verifier of `verify` over exported logs, in one process against bare Ed25519 verification, and in two.

One log of one-event acts, one of acts of 50 events, both recorded, sequenced and exported by the product. The limit
verifies the signatures of the first log's acts over the very texts they sign, with the key ready: nothing is read,
parsed, hashed or judged. `one` and `two_processes` (the same log) count acts, `fifty` counts events.
"""

from __future__ import annotations

from itertools import count
from pathlib import Path
from time import perf_counter
from typing import Final
from uuid import UUID, uuid4

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from benchmarks.file_rows import Deliveries, unsealed
from benchmarks.machine import CpuMeter, load, machine
from benchmarks.proving_ground import ProvingGround, proving_ground
from benchmarks.report import Report, Size, Told
from benchmarks.rounds import Contestant, Work, race
from domain.event import Event
from ledger.act_id import new_act_id
from ledger.prepared_act import PreparedAct
from ledger.proposal import Decision, Proposal
from mocban.publication import publish, write_trust
from signing.log_verifier import Trust, verify
from signing.note import parse_note

NAME: Final = "verify"
ONE_EVENT_ACTS: Final = 10_000
FIFTY_EVENT_ACTS: Final = 500
FIFTY: Final = 50
BARE: Final = 5_000
_AT_ONCE: Final = 256
RATIOS: Final = {
    "ed25519_one": ("one", "ed25519"),
    "ed25519_fifty": ("fifty", "ed25519"),
    "two_cores": ("two_processes", "one"),
}


class _Export(msgspec.Struct, frozen=True):
    """An exported log, and how to trust it. counted: what a run is credited with."""

    folder: Path
    trust: Path
    counted: int

    def verify(self, processes: int = 1) -> Work:
        """The whole check; it must find nothing bad."""
        began = perf_counter()
        found = verify(self.folder, Trust.load(self.trust), processes)
        seconds = perf_counter() - began
        assert found["verdict"] == "valid", found["bad"][:3]
        return Work(self.counted, seconds)


def run(size: Size, told: Told) -> Report:
    """Measure. Raises EnvironmentProblem when the server cannot start."""
    before = load()
    with proving_ground() as ground, proving_ground() as second:
        signed = _record(ground, size.of(ONE_EVENT_ACTS), 1)
        one = _export(ground, size.of(ONE_EVENT_ACTS))
        _record(second, size.of(FIFTY_EVENT_ACTS), FIFTY)
        fifty = _export(second, size.of(FIFTY_EVENT_ACTS) * FIFTY)
        public = Ed25519PublicKey.from_public_bytes(ground.clerk.signer.verifier_key.public)
        notes = [parse_note(act.note) for act in signed[: size.of(BARE)]]
        texts = [(note.signatures[0].signature, note.text) for note in notes]
        contestants: dict[str, Contestant] = {
            "ed25519": lambda _: lambda: _bare(public, texts),
            "one": lambda _: one.verify,
            "fifty": lambda _: fifty.verify,
            "two_processes": lambda _: lambda: one.verify(2),
        }
        runs, done = size.short_rounds * len(contestants), count(1)
        outcome = race(contestants, size.short_rounds, CpuMeter(0), lambda: told(next(done), runs))
        ranges = {name: outcome.ratio_range(*pair) for name, pair in RATIOS.items()}
        return Report(
            name=NAME,
            figures=outcome.figures() | {"ratio_ranges": ranges, "acts": one.counted, "fifty_events": fifty.counted},
            ratios={name: outcome.ratio(*pair) for name, pair in RATIOS.items()},
            machine=machine(ground.admin, before),
        )


def _bare(public: Ed25519PublicKey, texts: list[tuple[bytes, bytes]]) -> Work:
    began = perf_counter()
    for signature, text in texts:
        public.verify(signature, text)
    return Work(len(texts), perf_counter() - began)


def _record(ground: ProvingGround, acts: int, events: int) -> list[PreparedAct]:
    """Record acts of so many files each; by the arrays in which many writers' acts travel."""
    entries = Deliveries(ground.product.naming).entries(acts * events)
    ledger, prepared = ground.product.main, []
    for at in range(0, len(entries), events):
        decided: dict[UUID, list[Event]] = {uuid4(): [unsealed(one.fact)] for one in entries[at : at + events]}
        proposal = Proposal(
            act="accession.receive",
            id=new_act_id(),
            actor=ground.clerk,
            decide=_decision(decided),
            request=at,
        )
        prepared.append(ledger.prepare(proposal))
    for at in range(0, acts, _AT_ONCE):
        chunk = prepared[at : at + _AT_ONCE]
        for act, stored in zip(chunk, ledger.log_recorder.append(chunk), strict=True):
            stored.result().receipt(act.id)
    return prepared


def _decision(decided: dict[UUID, list[Event]]) -> Decision:
    return lambda _: decided


def _export(ground: ProvingGround, counted: int) -> _Export:
    publish(ground.product)
    export = _Export(ground.folder / "log", ground.folder / "trust.json", counted)
    ground.product.main_log.export(export.folder)
    write_trust(ground.product, export.trust)
    return export
