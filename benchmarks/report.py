"""What a benchmark says: one object; and how it is run: its size, and who is told of progress."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec


class Size(msgspec.Struct, frozen=True, kw_only=True):
    """How much is measured. seconds: of one run of one contestant; scale: factor for what is counted in items.

    files, events: how many `custody` and `proof` have, where somebody says so.
    """

    rounds: int
    seconds: float
    scale: float
    files: int | None = None
    events: int | None = None

    @property
    def short_rounds(self) -> int:
        """Rounds of a benchmark whose runs are over in a second or two: a host that takes time away spoils some."""
        return 2 * self.rounds - 1

    def of(self, items: int, at_least: int = 1) -> int:
        """`items` at this scale."""
        return max(at_least, round(items * self.scale))


FULL = Size(rounds=5, seconds=1.0, scale=1.0)
QUICK = Size(rounds=1, seconds=0.05, scale=0.01)
"""Shows that a benchmark works; its figures say nothing."""

Told = Callable[[int, int], None]
"""Told of progress: runs done, and how many there will be."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """name, figures, ratios (ours over the peer or limit of the same run, larger is better), machine."""

    name: str
    figures: dict[str, Any]
    ratios: dict[str, float]
    machine: dict[str, Any]
