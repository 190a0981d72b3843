"""Waiting for a quorum: for what is taken away now and must hold under a trust file that asks for k of n witnesses."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

from domain.errors import Refusal
from mocban.witness.collecting import Collector, Round
from mocban.witness.policy import FILE, read_policy

AGAIN_SECONDS: Final = 0.5


def await_quorum(home: Path, seconds: float) -> Round | None:
    """Rounds over the served checkpoint until enough have cosigned it, or `seconds` have passed; the last round.

    At least one round; None without a policy, or where it asks for nobody. Raises Refusal `witness-policy-unfit`,
    `nothing-published`.
    """
    policy, until = read_policy(home / FILE), time.monotonic() + seconds
    if policy is None or policy.quorum == 0:
        return None
    while True:
        made = Collector(home).round(policy, enough=True)  # a fresh one waits for no witness that failed just now
        if made.met or time.monotonic() + AGAIN_SECONDS > until:
            return made
        time.sleep(AGAIN_SECONDS)


def not_cosigned(made: Round, path: Path) -> Refusal:
    """What to say of files at `path` whose checkpoint lacks its quorum: whom it lacks, and what to do."""
    lacking = ", ".join(one.witness for one in made.outcomes if not one.cosigned)
    return Refusal(
        "export-not-cosigned",
        size=made.size, cosigned=made.cosigned, quorum=made.quorum, lacking=lacking or "-", path=path,
    )  # fmt: skip
