"""Every benchmark runs and answers in the one shape; nothing here asks how fast."""

from __future__ import annotations

import json
import math
import os
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import pytest

from benchmarks import custody, proof
from benchmarks.machine import CpuMeter, CpuSpent
from benchmarks.report import FULL, QUICK
from benchmarks.rounds import Lap, Outcome, Work, race, writers
from benchmarks.suite import BENCHMARKS, EVENTS_IN_ALL, FILES_IN_ALL, size_in_all
from mocban.__main__ import main
from mocban.cli.bench import NAMES

RATIOS = {
    "append": {"stock_1", "stock_4", "raw_32"},
    "import": {"copy", "copy_sealed"},
    "proof": {"limit", "aim"},
    "rebuild": {"stock"},
    "verify": {"ed25519_one", "ed25519_fifty", "two_cores"},
}


@pytest.mark.parametrize("name", sorted(RATIOS))
def test_a_benchmark_answers_in_one_object(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Given nothing, when a small variant is run, then one object with a positive ratio beside each peer comes out."""
    before = _grounds()
    assert main(["bench", name, "--json", "--quick"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    report: dict[str, Any] = json.loads(line)
    assert set(report) == {"name", "figures", "ratios", "machine"}
    assert report["name"] == name
    assert RATIOS[name] <= set(report["ratios"])
    for key, ratio in report["ratios"].items():
        assert math.isfinite(ratio)
        assert ratio > 0, key
        least, most = report["figures"]["ratio_ranges"][key]
        assert least <= ratio <= most
    assert {"cores", "load_before", "load_after", "python", "postgresql"} <= set(report["machine"])
    assert report["machine"]["fsync"] == report["machine"]["synchronous_commit"] == "on"
    assert _grounds() <= before, "what a benchmark made is gone"


def test_the_command_offers_every_benchmark() -> None:
    """The words of the command are the suite's, and `all`."""
    assert set(NAMES) == {*BENCHMARKS, "all"}


def test_all_is_smaller_than_each_by_name() -> None:
    """Given full size, `all` has a tenth of the events and files; given fewer, as few."""
    within = size_in_all(FULL)
    assert (within.events, within.files) == (EVENTS_IN_ALL, FILES_IN_ALL)
    assert (proof.events_of(FULL), custody.files_of(FULL)) == (10 * EVENTS_IN_ALL, 10 * FILES_IN_ALL)
    quick = size_in_all(QUICK)
    assert (quick.events, quick.files) == (proof.events_of(QUICK), custody.files_of(QUICK))


def test_rounds_are_interleaved_and_turn_about() -> None:
    """Given two contestants and three rounds, when they race, then each runs once a round and the order turns."""
    order: list[str] = []

    def contestant(name: str) -> Any:
        def run() -> Work:
            order.append(name)
            return Work(10, 1.0)

        return lambda _round: run

    race({"ours": contestant("ours"), "peer": contestant("peer")}, 3, CpuMeter(0))
    assert order == ["ours", "peer", "peer", "ours", "ours", "peer"]


def test_a_ratio_is_the_median_of_the_rounds_own() -> None:
    """Given a slow third round for both, when compared, then the ratio does not move and its range is told."""
    nothing = CpuSpent(0.0, 0.0)

    def laps(*rates: int) -> list[Lap]:
        return [Lap(Work(rate, 1.0), nothing) for rate in rates]

    outcome = Outcome({"ours": laps(200, 210, 20), "peer": laps(100, 100, 10)})
    assert outcome.ratio("ours", "peer") == 2.0
    assert outcome.ratio_range("ours", "peer") == [2.0, 2.1]
    assert outcome.figures()["ours"]["per_second"] == 200


def test_what_a_writer_raises_is_not_lost() -> None:
    """Given a writer that fails, when the writers are run, then the failure comes out."""

    def fail() -> None:
        raise OSError("full")

    with pytest.raises(OSError, match="full"):
        writers([fail, lambda: None], 0.01)


def _grounds() -> set[Path]:
    """This process's own throwaway folders; another's benchmark may be running."""
    return set(Path(gettempdir()).glob(f"mocban-bench-{os.getpid()}-*"))
