"""Vietnamese text made plain for comparing: accents off, lower case, one space between words."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_BAR: Final = str.maketrans({"đ": "d", "Đ": "d", "Ð": "d", "ð": "d"})
_DASHES: Final = re.compile("[\u2010-\u2015\u2212]")
_SPACE: Final = re.compile(r"\s+")


def plain(text: str) -> str:
    """`ỦY BAN  NHÂN DÂN` -> `uy ban nhan dan`; every dash becomes `-`."""
    parted = unicodedata.normalize("NFD", _DASHES.sub("-", text).translate(_BAR))
    bare = "".join(char for char in parted if not unicodedata.combining(char))
    return _SPACE.sub(" ", bare).strip().lower()


def distance(one: str, other: str, *, most: int = 99) -> int:
    """Levenshtein distance; any number above `most` when it is larger than that."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        before, row[0] = row[0], i
        for j, b in enumerate(other, start=1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
        if min(row) > most:
            return most + 1
    return row[-1]
