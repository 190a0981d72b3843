"""Lots by number: the place of a lot key in `ALL_LOT_KEYS`, and sets of them as bits of one integer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from domain.file import FileRegistered, lot_key
from domain.lot import ALL_LOT_KEYS, Carrier, LotKey

LOT_NUMBER: Final = {key: number for number, key in enumerate(ALL_LOT_KEYS)}
ALL_LOTS: Final = (1 << len(ALL_LOT_KEYS)) - 1

_BY_TEXT: Final = {key.text: 1 << number for key, number in LOT_NUMBER.items()}


def lot_number(registered: FileRegistered, carrier: Carrier) -> int:
    """The number of the lot that a file's carrier is in."""
    return LOT_NUMBER[lot_key(registered, carrier)]


def lot_bits(lots: Iterable[str]) -> int:
    """The set of lots named by their texts; a text that is no lot's is passed over, as in `FondsAssigned.receivers`."""
    bits = 0
    for text in lots:
        bits |= _BY_TEXT.get(text, 0)
    return bits


def lot_of(number: int) -> LotKey:
    """The key of a lot number."""
    return ALL_LOT_KEYS[number]
