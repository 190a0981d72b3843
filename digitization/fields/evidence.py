"""Weighing several readings of one place: agreement makes sure, handwriting and dissent make doubtful."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from digitization.reading import Box, Reading, State

SURE: Final = 80.0
"""Confidence from which a printed reading that nothing contradicts is taken as sure."""
_DOUBTED: Final = 55.0


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """One reading of a value. confidence: 0..100; page, box: upright evidence; clean: nothing had to be repaired."""

    value: str
    confidence: float
    page: int
    box: Box
    clean: bool = True


def weigh(field: str, candidates: Sequence[Candidate], *, doubted: bool = False) -> Reading:
    """The value with most confidence behind it. doubted: a reason outside the readings to ask a person.

    Two agreeing clean readings are sure at a lower confidence than one alone; any dissent is doubtful.
    """
    if not candidates:
        return unread(field)
    support: dict[str, float] = {}
    for one in candidates:
        support[one.value] = support.get(one.value, 0.0) + max(one.confidence, 1.0) * (1.0 if one.clean else 0.5)
    value = max(support, key=lambda text: support[text])
    best = max((one for one in candidates if one.value == value), key=lambda one: one.confidence)
    agreed = sum(one.value == value for one in candidates)
    share = support[value] / sum(support.values())
    certain = best.clean and share == 1.0 and not doubted
    enough = best.confidence >= (SURE - 20 if agreed > 1 else SURE)
    state: State = "sure" if certain and enough else "doubtful"
    confidence = best.confidence * share
    if state == "doubtful":
        confidence = min(confidence, _DOUBTED)
    return Reading(field=field, value=value, confidence=round(confidence, 1), state=state, page=best.page, box=best.box)


def unread(field: str) -> Reading:
    """Nothing was read there."""
    return Reading(field=field, value="", confidence=0.0, state="unread")
