"""The tamper drill: so many falsifications, of every kind in its share, each put before both verifiers.

One is the file that travels in every bundle, the other what `verify` runs: each must reject and place it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Final

import msgspec

from mocban.bootstrap import open_product
from mocban.drills.ground import ground
from mocban.drills.tampering import spoilt_files, spoilt_rows, stolen_keys
from mocban.drills.tampering.field import set_out
from mocban.drills.tampering.forged import Forger, Kind
from mocban.drills.tampering.held_log import CHECKPOINT, Exported
from mocban.drills.tampering.spoilt_rows import SpoiltRows
from signing import standalone_verifier
from signing.checkpoint import cosign
from signing.log_verifier import LogKey, Trust, verify_log
from signing.note import ED25519_COSIGNATURE, Ed25519Signer, parse_note

MUTATIONS: Final = 10_000
ROWS_SHARE: Final = 60
"""Of a thousand falsifications, those of database rows; the kinds of the export share the rest."""
Told = Callable[[int, int], None]


class KindReport(msgspec.Struct, kw_only=True):
    """A kind's falsifications: tried, rejected, and with the right place named. missed: which were not, by ordinal."""

    name: str
    evidence: str
    tried: int = 0
    rejected: int = 0
    located: int = 0
    missed: list[int] = msgspec.field(default_factory=list)

    def count(self, ordinal: int, rejected: bool, located: bool) -> None:
        """One more."""
        self.tried += 1
        self.rejected += rejected
        self.located += located
        if not (rejected and located):
            self.missed.append(ordinal)


class TamperReport(msgspec.Struct, frozen=True, kw_only=True):
    """seed: gives the same falsifications again. untouched: the log as it was is good in every auditor's eyes.

    twice: how many were put before both verifiers; they count as rejected and located only where both said so.
    """

    seed: int
    untouched: bool
    twice: int = 0
    kinds: list[KindReport]
    seconds: float

    @property
    def tried(self) -> int:
        """How many falsifications there were."""
        return sum(kind.tried for kind in self.kinds)

    @property
    def rejected(self) -> int:
        """How many were rejected."""
        return sum(kind.rejected for kind in self.kinds)

    @property
    def located(self) -> int:
        """For how many the right place was named."""
        return sum(kind.located for kind in self.kinds)

    @property
    def passed(self) -> bool:
        """Everything tried was rejected and located, and nothing but that."""
        return self.untouched and 0 < self.tried == self.rejected == self.located


def tamper(mutations: int, seed: int, told: Told) -> TamperReport:
    """Falsify `mutations` times. told: falsifications done, and of how many. Raises EnvironmentProblem."""
    began, dice = time.monotonic(), Random(seed)  # noqa: S311  not a secret: the same dice must fall again
    with ground() as field, open_product(field.settings) as product:
        forger = set_out(product, field.folder, dice)
        auditors = _Auditors(forger, field.folder / "trust.json", dice)
        rows = SpoiltRows(product, forger.log, dice)
        reports: dict[str, KindReport] = {}
        try:
            for ordinal, kind in enumerate(_plan(mutations, dice)):
                if isinstance(kind, Kind):
                    report = reports.setdefault(kind.name, KindReport(name=kind.name, evidence=kind.evidence))
                    report.count(ordinal, *auditors.judge(forger, kind))
                else:
                    report = reports.setdefault(kind, KindReport(name=kind, evidence=spoilt_rows.EVIDENCE))
                    report.count(ordinal, *rows.is_named(kind))
                told(ordinal + 1, mutations)
        finally:
            rows.close()
        untouched = auditors.accept_all(forger)
    kinds = sorted(reports.values(), key=lambda one: (one.evidence, one.name))
    seconds = round(time.monotonic() - began, 1)
    return TamperReport(seed=seed, untouched=untouched, twice=auditors.twice, kinds=kinds, seconds=seconds)


def _plan(mutations: int, dice: Random) -> Iterator[Kind | str]:
    """Every kind once, then each by its share."""
    kinds = [*spoilt_files.KINDS, *stolen_keys.KINDS]
    every: list[Kind | str] = [*kinds, *spoilt_rows.KINDS]
    weights = [kind.share for kind in kinds] + [ROWS_SHARE / len(spoilt_rows.KINDS)] * len(spoilt_rows.KINDS)
    yield from every[:mutations]
    yield from dice.choices(every, weights, k=max(0, mutations - len(every)))


class _Auditors:
    """Three auditors, by what each holds beside the trust file. twice: how many both verifiers judged."""

    def __init__(self, forger: Forger, trust_file: Path, dice: Random) -> None:
        witness = Ed25519Signer("witness.example/drill", dice.randbytes(32), ED25519_COSIGNATURE)
        self._trust_file, self._witness, self.twice = trust_file, witness, 0
        files = forger.log.files
        self._checkpoints = [
            files[CHECKPOINT],
            *(data for name, data in files.items() if name.startswith("checkpoints/")),
        ]
        text = parse_note(files[CHECKPOINT]).text
        self._witnessed = {**files, CHECKPOINT: files[CHECKPOINT] + cosign(text, witness, int(time.time()))}

    def judge(self, forger: Forger, kind: Kind) -> tuple[bool, bool]:
        """Whether the auditor with the kind's evidence rejects one such falsification, and names its place."""
        forged = None
        while forged is None:
            forged = kind.forge(forger)
        self.twice += 1
        reports = self._reports(forged.files, kind.evidence)
        rejected = all(report["verdict"] == "invalid" for report in reports)
        return rejected, rejected and all(forged.place.is_named(report) for report in reports)

    def accept_all(self, forger: Forger) -> bool:
        """Whether each finds the log good as it was."""
        shown = {"trust-file": forger.log.files, "earlier-checkpoint": forger.log.files, "cosignature": self._witnessed}
        reports = [self._reports(files, evidence) for evidence, files in shown.items()]
        return all(report["verdict"] == "valid" for both in reports for report in both)

    def _reports(self, files: dict[str, bytes], evidence: str) -> list[dict[str, Any]]:
        """What each verifier says, given the same evidence."""
        held, trust = self._trust(evidence), standalone_verifier.Trust(json.loads(self._trust_file.read_bytes()))
        trust.checkpoints, trust.quorum = held.checkpoints, held.quorum
        trust.witnesses = [standalone_verifier.parse_vkey(self._witness.verifier_key.text())] if held.quorum else []
        alone = standalone_verifier.verify({name: partial(files.get, name) for name in files}, trust)
        return [verify_log(Exported(files), held, 1, lambda *_: None), alone]

    def _trust(self, evidence: str) -> Trust:
        trust = Trust.load(self._trust_file)
        if evidence == "earlier-checkpoint":
            trust.checkpoints = list(self._checkpoints)
        elif evidence == "cosignature":
            trust.quorum, trust.witnesses = 1, [LogKey.parse(self._witness.verifier_key.text())]
        return trust
