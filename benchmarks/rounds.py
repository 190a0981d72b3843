"""Interleaved rounds: every contestant runs once a round, so that a busy neighbour slows all of them alike.

A figure is the median over the rounds, with the least and the most beside it; a ratio is the median of the rounds' own
ratios, each from two runs that lay seconds apart.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from threading import Barrier
from time import perf_counter
from typing import Any, Final

import msgspec

from benchmarks.machine import CpuMeter, CpuSpent

ROUNDS: Final = 5


class Work(msgspec.Struct, frozen=True):
    """done: how many acts, rows or events in `seconds`."""

    done: int
    seconds: float


class Lap(msgspec.Struct, frozen=True):
    """One run of one contestant."""

    work: Work
    cpu: CpuSpent

    @property
    def rate(self) -> float:
        """Per second."""
        return self.work.done / self.work.seconds


Run = Callable[[], Work]
Contestant = Callable[[int], Run]
"""Makes ready for one run, off the clock; told the number of the round, from 0."""
Step = Callable[[], None]
"""Does one thing once."""


class Outcome(msgspec.Struct, frozen=True):
    """laps: of each contestant, round by round."""

    laps: dict[str, list[Lap]]

    def figures(self) -> dict[str, Any]:
        """Per contestant: rate, its range, and processor time by item of client and server."""
        return {name: _figure(laps) for name, laps in self.laps.items()}

    def ratio(self, ours: str, other: str) -> float:
        """How many times as fast as the other, larger is better."""
        return _rounded(median(self._ratios(ours, other)))

    def ratio_range(self, ours: str, other: str) -> list[float]:
        """The least and the most of the rounds' ratios: the machine's noise."""
        ratios = self._ratios(ours, other)
        return [_rounded(min(ratios)), _rounded(max(ratios))]

    def _ratios(self, ours: str, other: str) -> list[float]:
        return [one.rate / peer.rate for one, peer in zip(self.laps[ours], self.laps[other], strict=True)]


def race(
    contestants: Mapping[str, Contestant], rounds: int, meter: CpuMeter, told: Callable[[], None] = lambda: None
) -> Outcome:
    """Run all, round by round; every other round in the opposite order. told: after each run."""
    laps: dict[str, list[Lap]] = {name: [] for name in contestants}
    for number in range(rounds):
        names = list(contestants)[:: 1 if number % 2 == 0 else -1]
        for name in names:
            run = contestants[name](number)
            gc.collect()
            before = meter.read()
            work = run()
            laps[name].append(Lap(work, meter.read() - before))
            told()
    return Outcome(laps)


def writers(steps: Sequence[Step], seconds: float) -> Work:
    """Each step over and over in a thread of its own for `seconds`; what all did together."""
    start = Barrier(len(steps) + 1)

    def write(step: Step) -> int:
        start.wait()
        until, done = perf_counter() + seconds, 0
        while perf_counter() < until:
            step()
            done += 1
        return done

    with ThreadPoolExecutor(len(steps)) as threads:
        counting = [threads.submit(write, step) for step in steps]
        start.wait()
        began = perf_counter()
        done = sum(counted.result() for counted in counting)
    return Work(done, perf_counter() - began)


def _figure(laps: Sequence[Lap]) -> dict[str, Any]:
    rates = [lap.rate for lap in laps]
    return {
        "per_second": round(median(rates)),
        "range": [round(min(rates)), round(max(rates))],
        "client_cpu_us": round(median(lap.cpu.client / lap.work.done * 1e6 for lap in laps), 1),
        "server_cpu_us": round(median(lap.cpu.server / lap.work.done * 1e6 for lap in laps), 1),
    }


def _rounded(ratio: float) -> float:
    return round(ratio, 3 if ratio < 10 else 1)
