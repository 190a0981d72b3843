"""Shelf metres in words: what is measured, what more there is, and what nobody has measured."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from mocban.grouped import grouped
from mocban.what_if.report import Amount

UNKNOWN: Final = "chưa biết"


class Measured(StrEnum):
    """Of how many boxes the length is recorded: of all, of some, of none."""

    KNOWN = "known"
    PARTLY = "partly"
    UNKNOWN = "unknown"


WORDS: Final = {
    Measured.KNOWN: ("mọi hộp đều đã đo", "every box is measured"),
    Measured.PARTLY: ("≥: còn hộp chưa đo", "some boxes are not measured"),
    Measured.UNKNOWN: ("chưa hộp nào được đo", "no box has a recorded length"),
}


def measured(boxes: int, unmeasured: int) -> Measured:
    """Of so many boxes."""
    if not unmeasured:
        return Measured.KNOWN
    return Measured.UNKNOWN if unmeasured == boxes else Measured.PARTLY


def said_metres(amount: Amount) -> str:
    """`1 234.50`, `≥ 1 234.50` where some boxes are not measured, or that it is unknown; a dash without boxes."""
    if amount.metres is None:
        return UNKNOWN
    return f"{'≥ ' if amount.unmeasured else ''}{grouped(amount.metres, 2)}" if amount.boxes else "-"


def metres_between(one: Amount, other: Amount) -> float | None:
    """How many more or fewer, of what is measured; None where one of them is unknown."""
    if one.metres is None or other.metres is None:
        return None
    return round(one.metres - other.metres, 3)


def together(amounts: Iterable[Amount]) -> Amount:
    """Boxes and metres of several, of different fonds or receivers; the rest is left out."""
    told = list(amounts)
    boxes, unmeasured = sum(one.boxes for one in told), sum(one.unmeasured for one in told)
    known = [one.metres for one in told if one.metres is not None]
    metres = None if boxes and boxes == unmeasured else round(sum(known), 3)
    return Amount(boxes=boxes, unmeasured=unmeasured, metres=metres)
