"""What a benchmark's questions tell apart: those that are slow by themselves, and a machine that stalled."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.questions import Questions

NOBODY = 0
WARMING, COUNTED = 4, 40
NAMES = {"of_p50_ms", "of_p99_ms", "of_p99_again_ms", "of_slow_again"}


class Stalling:
    """Time that passes by questions alone: 1 ms each, and 50 for those of `slow`, pass by pass."""

    def __init__(self, *slow: tuple[int, ...]) -> None:
        self.now = 0.0
        self._slow = slow
        self._asked = 0

    def question(self, number: int) -> Callable[[], object]:
        def ask() -> None:
            turn, self._asked = (self._asked - WARMING) // COUNTED, self._asked + 1
            self.now += 0.05 if turn >= 0 and number in self._slow[turn] else 0.001

        return ask

    def figures(self, backend: int = NOBODY) -> dict[str, float]:
        numbers = [*([-1] * WARMING), *range(COUNTED)]
        return Questions(backend, lambda: self.now).asked("of", [self.question(one) for one in numbers], WARMING)


@pytest.mark.parametrize(
    ("slow", "part"),
    [(((7, 30), (7, 30)), 1.0), (((7, 30), (8, 30)), 0.5), (((7, 30), (8, 31)), 0.0)],
    ids=["the question's own", "one of two", "the machine's"],
)
def test_what_is_slow_by_itself_is_slow_again(slow: tuple[tuple[int, ...], ...], part: float) -> None:
    """Given two slow ones of forty, and two when asked again, then the part is told of which it was the same ones."""
    figures = Stalling(*slow).figures()
    assert (figures["of_p50_ms"], figures["of_p99_ms"], figures["of_p99_again_ms"]) == (1, 50, 50)
    assert figures["of_slow_again"] == part


def test_processor_time_stands_beside_where_the_system_tells_it() -> None:
    """Given a backend that the system does not know, nothing is said of processor time; else two figures more."""
    assert set(Stalling((), ()).figures()) == NAMES
    if Path("/proc/self/schedstat").exists():
        assert set(Stalling((), ()).figures(os.getpid())) >= NAMES
