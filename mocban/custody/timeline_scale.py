"""Days laid out from left to right: each that matters keeps its distance from the next, longer times get more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Final

_KEPT: Final = 0.62
"""Part of the width that is shared out evenly among the gaps; the rest goes by length."""


class Scale:
    """days: ISO days in order, each once; left, right: where the first and the last lie, px."""

    def __init__(self, days: Sequence[str], left: float, right: float) -> None:
        self.days = list(days)
        gaps = [max(1, (_day(after) - _day(before)).days) for before, after in pairwise(self.days)]
        whole, total = right - left, sum(gaps)
        self._places = {self.days[0]: left}
        at = left
        for day, gap in zip(self.days[1:], gaps, strict=True):
            at += whole * (_KEPT / len(gaps) + (1 - _KEPT) * gap / total)
            self._places[day] = at

    def x(self, day: str) -> float:
        """Where the day lies, px."""
        return self._places[day]


def rows_without_overlap(places: Sequence[float], room: float) -> list[int]:
    """For places in order, the row of each, such that within a row none is nearer to the last than `room`."""
    ends: list[float] = []
    rows = []
    for place in places:
        row = next((at for at, end in enumerate(ends) if place - end >= room), len(ends))
        if row == len(ends):
            ends.append(place)
        ends[row] = place
        rows.append(row)
    return rows


def _day(text: str) -> date:
    """The first day that a civil date can mean, for its place only."""
    parts = [int(part) for part in text.split("-")]
    return date(parts[0], *(parts[1:] + [1] * (3 - len(parts))))
