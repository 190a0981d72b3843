"""Questions asked one after another: how long each took, by the clock and of processor time; then all of them again.

Where a question is slow by itself, it is slow again and takes processor time. Where the machine stalls, it is some
other question's turn the second time, and no processor time went by.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from time import perf_counter, thread_time
from typing import Final

SLOWEST: Final = 20
"""One in so many counts as slow: the slowest twentieth."""


class Questions:
    """Asks over one connection. backend: process id of the server's end of it. clock: seconds."""

    def __init__(self, backend: int, clock: Callable[[], float] = perf_counter) -> None:
        self._schedstat = Path(f"/proc/{backend}/schedstat")
        self._clock = clock

    def asked(self, name: str, questions: Sequence[Callable[[], object]], warming: int) -> dict[str, float]:
        """The figures of one kind of question, ms. The first `warming` of them fill the caches and are not counted.

        p50, p99: by the clock, each asked once. cpu: processor time, client and server together; absent where the
        system does not tell it. p99_again: all of them once more. slow_again: which part of the slowest is so again.
        """
        for question in questions[:warming]:
            question()
        counted = questions[warming:]
        times, spent = zip(*map(self._one, counted), strict=True)
        again, _ = zip(*map(self._one, counted), strict=True)
        figures = {"p50_ms": _percentile(times, 50), "p99_ms": _percentile(times, 99)}
        if all(spent):
            figures |= {"cpu_p50_ms": _percentile(spent, 50), "cpu_p99_ms": _percentile(spent, 99)}
        figures |= {"p99_again_ms": _percentile(again, 99), "slow_again": _slow_again(times, again)}
        return {f"{name}_{key}": round(value, 2) for key, value in figures.items()}

    def _one(self, question: Callable[[], object]) -> tuple[float, float]:
        """Milliseconds by the clock, and of processor time; 0 of these where the system does not tell."""
        server, client, began = self._server(), thread_time(), self._clock()
        question()
        passed, client = self._clock() - began, thread_time() - client
        spent = self._server() - server
        return passed * 1e3, (client + spent) * 1e3 if spent else 0.0

    def _server(self) -> float:
        """Seconds for which the backend has been on a processor (Linux, sched-stats: the first number, ns)."""
        with suppress(OSError, ValueError, IndexError):
            return int(self._schedstat.read_text().split()[0]) / 1e9
        return 0.0


def _percentile(times: Sequence[float], percent: int) -> float:
    return sorted(times)[len(times) * percent // 100]


def _slow_again(times: Sequence[float], again: Sequence[float]) -> float:
    most = max(len(times) // SLOWEST, 1)
    slow, slow_then = (_slowest(some, most) for some in (times, again))
    return len(slow & slow_then) / most


def _slowest(times: Sequence[float], most: int) -> set[int]:
    return set(sorted(range(len(times)), key=times.__getitem__)[-most:])
