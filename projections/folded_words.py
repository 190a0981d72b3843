"""Words for searching Vietnamese text: as written and without marks, at the same place of one vector.

The words are cut here and not by a text-search parser, so that both forms agree about places and a search for either
form is one index look-up.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import lru_cache
from typing import Final

SHORT_TEXT: Final = 100_000
"""Bytes for titles and subjects."""
LONG_TEXT: Final = 800_000
"""Bytes for read text: some hundred pages. All vectors of an entry together must stay below PostgreSQL's megabyte."""

_ENTRY_BYTES: Final = 4
_LETTER_BYTES: Final = 4  # at most, in UTF-8
_PLACE_BYTES: Final = 2
_NEVER_TOO_LONG: Final = 4_000  # characters whose words, in both forms, take no more than SHORT_TEXT
_PLACES_PER_WORD: Final = 255
_WORD: Final = re.compile(r"\w{1,60}")
_LAST_PLACE: Final = 16_383  # PostgreSQL's limit of a place in a tsvector
_FIRST_PLACE: Final = 8  # a gap, so that no phrase runs over from one vector into the next that is joined to it
_PHRASE: Final = re.compile(r'"([^"]*)"|([^"\s]+)')


@lru_cache(maxsize=65_536)
def fold(word: str) -> str:
    """A word in small letters without marks: `Quyết` -> `quyet`, `Đống` -> `dong`."""
    bare = "".join(mark for mark in unicodedata.normalize("NFD", word.lower()) if not unicodedata.combining(mark))
    return bare.replace("đ", "d")


def _words(text: str) -> list[str]:
    """The words of a text in small letters, NFC."""
    return _WORD.findall(unicodedata.normalize("NFC", text).lower())


def vector(*texts: str | None, weight: str = "D", room: int = SHORT_TEXT) -> str:
    """A tsvector literal over texts, each word in both forms. weight: `A` to `D`. room: bytes it may take.

    Words beyond `room` are not found.
    """
    suffix = "" if weight == "D" else weight
    places: dict[str, list[str]] = {}
    place = _FIRST_PLACE
    if sum(len(text or "") for text in texts) < _NEVER_TOO_LONG:
        room = sys.maxsize
    for text in texts:
        for word in _words(text) if text else ():
            at = f"{min(place, _LAST_PLACE)}{suffix}"
            folded = fold(word)
            for form in (word, folded) if folded != word else (word,):
                if form not in places:
                    room -= _LETTER_BYTES * len(form) + _ENTRY_BYTES
                    if room < 0:
                        return _literal(places)
                    places[form] = []
                if len(places[form]) < _PLACES_PER_WORD:
                    room -= _PLACE_BYTES
                    places[form].append(at)
            place += 1
        place += _FIRST_PLACE
    return _literal(places)


def _literal(places: dict[str, list[str]]) -> str:
    return " ".join([f"'{form}':{','.join(found)}" for form, found in places.items() if found])


def query(text: str, *, exact: bool) -> str:
    """A tsquery literal: all words of the text, and those in quotation marks as a phrase; empty without a word.

    exact: with marks as written; else folded, which also finds words typed without marks.
    """
    parts = []
    for quoted, single in _PHRASE.findall(text):
        found = [word if exact else fold(word) for word in _words(quoted or single)]
        parts += ["(" + " <-> ".join(f"'{word}'" for word in found if word) + ")"] if any(found) else []
    return " & ".join(parts)
