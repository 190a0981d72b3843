"""Words for searching Vietnamese text: as written and without marks, at the same place of one vector.

The words are cut here and not by a text-search parser, so that both forms agree about places and a search for either
form is one index look-up.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Final

MAX_WORDS: Final = 50_000
"""Words of one text that are indexed; enough for some hundred pages, and below the megabyte a vector may have."""

_WORD: Final = re.compile(r"\w{1,60}")
_LAST_PLACE: Final = 16_383  # PostgreSQL's limit of a place in a tsvector
_FIRST_PLACE: Final = 8  # a gap, so that no phrase runs over from one vector into the next that is joined to it
_PLACES_PER_WORD: Final = 255
_PHRASE: Final = re.compile(r'"([^"]*)"|([^"\s]+)')


@lru_cache(maxsize=65_536)
def fold(word: str) -> str:
    """A word in small letters without marks: `Quyết` -> `quyet`, `Đống` -> `dong`."""
    bare = "".join(mark for mark in unicodedata.normalize("NFD", word.lower()) if not unicodedata.combining(mark))
    return bare.replace("đ", "d")


def words(text: str) -> Iterator[str]:
    """The words of a text in small letters, NFC."""
    for found in _WORD.finditer(unicodedata.normalize("NFC", text).lower()):
        yield found.group()


def vector(*texts: str | None, weight: str = "D") -> str:
    """A tsvector literal over texts, each word in both forms. weight: `A` to `D`."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    place = _FIRST_PLACE
    for text in texts:
        for word in islice(words(text or ""), MAX_WORDS):
            at = min(place, _LAST_PLACE)
            for form in {word, fold(word)}:
                if len(places[form]) < _PLACES_PER_WORD:
                    places[form].append(at)
            place += 1
        place += _FIRST_PLACE
    suffix = "" if weight == "D" else weight
    return " ".join(
        f"'{word}':" + ",".join(f"{at}{suffix}" for at in found) for word, found in sorted(places.items()) if word
    )


def query(text: str, *, exact: bool) -> str:
    """A tsquery literal: all words of the text, and those in quotation marks as a phrase; empty without a word.

    exact: with marks as written; else folded, which also finds words typed without marks.
    """
    parts = []
    for quoted, single in _PHRASE.findall(text):
        found = [word if exact else fold(word) for word in words(quoted or single)]
        parts += ["(" + " <-> ".join(f"'{word}'" for word in found if word) + ")"] if any(found) else []
    return " & ".join(parts)
