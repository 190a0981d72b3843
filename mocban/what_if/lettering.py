"""How wide a text may become in whatever sans-serif a reader has: never less than in DejaVu Sans, a wide one."""

from __future__ import annotations

import unicodedata
from typing import Final

_NARROW: Final = frozenset("iIlj.,;:'|!()[]/ ftrí\u00ec\u1ecb\u1ec9\u0129")
_WIDE: Final = frozenset("mwMW@%…—")


def advance(text: str, size: float) -> float:
    """The width of one line, px, at most."""
    return size * sum(_em(character) for character in text)


def wrapped(text: str, width: float, size: float) -> list[str]:
    """The text in lines that fit; a word that does not fit alone is broken."""
    lines: list[str] = []
    line = ""
    for word in unicodedata.normalize("NFC", text).split():
        for piece in _pieces(word, width, size):
            longer = f"{line} {piece}".strip()
            if line and advance(longer, size) > width:
                lines.append(line)
                line = piece
            else:
                line = longer
    return [*lines, line] if line else lines


def _pieces(word: str, width: float, size: float) -> list[str]:
    pieces = [""]
    for character in word:
        if advance(pieces[-1] + character, size) > width:
            pieces.append("")
        pieces[-1] += character
    return pieces


def _em(character: str) -> float:
    """Widths of DejaVu Sans, rounded up by class; a full-width character of the East takes a whole em."""
    if character in _WIDE or unicodedata.east_asian_width(character) in "WF":
        return 1.0
    if character in _NARROW:
        return 0.42
    return 0.79 if character.isupper() else 0.64
