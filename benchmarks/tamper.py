"""Tamper: what share of 10,000 falsifications both verifiers reject, and place, and how long one takes.

The falsifications and what the auditor holds against each are those of `./run drill tamper`; the seed is always the
same. A ratio below 1 is a falsification that somebody would have believed.
"""

from __future__ import annotations

from typing import Final

import msgspec

from benchmarks.machine import load, machine
from benchmarks.report import Report, Size, Told
from mocban.drills.tampering.drill import MUTATIONS, tamper

NAME: Final = "tamper"
SEED: Final = 1656


def run(size: Size, told: Told) -> Report:
    """Falsify. Raises EnvironmentProblem when the server cannot start."""
    before = load()
    report = tamper(size.of(MUTATIONS), SEED, told)
    ratios = {
        name: share / report.tried for name, share in (("rejected", report.rejected), ("located", report.located))
    }
    return Report(
        name=NAME,
        figures={
            "mutations": report.tried,
            "untouched_accepted": report.untouched,
            "seconds": report.seconds,
            "kinds": msgspec.to_builtins(report.kinds),
            "ratio_ranges": {name: [ratio, ratio] for name, ratio in ratios.items()},
        },
        ratios=ratios,
        machine=machine(None, before),
    )
