"""Words for searching Vietnamese text: as written and without marks, at the same place of one vector.

The words are cut here and not by a text-search parser, so that both forms agree about places and a search for either
form is one index look-up.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import chain, repeat
from typing import Final

SHORT_TEXT: Final = 100_000
"""Bytes for titles and subjects."""
LONG_TEXT: Final = 800_000
"""Bytes for read text: some hundred pages. All vectors of an entry together must stay below PostgreSQL's megabyte."""

_ENTRY_BYTES: Final = 4
_LETTER_BYTES: Final = 4  # at most, in UTF-8
_PLACE_BYTES: Final = 2
_ROOM_PER_LETTER: Final = 25  # more bytes than a letter takes with its place, in both forms, one of them decomposed
_PLACES_PER_WORD: Final = 255
_WORD: Final = re.compile(r"\w{1,60}")
_LAST_PLACE: Final = 16_383  # PostgreSQL's limit of a place in a tsvector
_FIRST_PLACE: Final = 8  # a gap, so that no phrase runs over from one vector into the next that is joined to it
_REMEMBERED: Final = 32_768
_ORDINARY: Final = 60  # letters of a token that is worth remembering
_PHRASE: Final = re.compile(r'"([^"]*)"|([^"\s]+)')


@lru_cache(maxsize=65_536)
def fold(word: str) -> str:
    """A word in small letters without marks: `Quyết` -> `quyet`, `Đống` -> `dong`."""
    bare = "".join(mark for mark in unicodedata.normalize("NFD", word.lower()) if not unicodedata.combining(mark))
    return bare.replace("đ", "d")


def _words(text: str) -> list[str]:
    """The words of a text in small letters, NFC."""
    return _WORD.findall(unicodedata.normalize("NFC", text).lower())


def vector(text: str | None, weight: str = "D", room: int = SHORT_TEXT) -> str:
    """A tsvector literal over a text, each word in both forms. weight: `A` to `D`. room: bytes it may take.

    Words beyond `room` are not found.
    """
    if not text:
        return ""
    suffix = "" if weight == "D" else weight
    if len(text) * _ROOM_PER_LETTER < room:
        return _whole(text, suffix)
    return _cut(_words(text), suffix, room)


class _Entries(dict[str, tuple[str, ...]]):
    """By what stands between two blanks: the entries of its words, with `@` where their place belongs."""

    def __missing__(self, token: str) -> tuple[str, ...]:
        made = tuple([" ".join([f"'{form}':@" for form in _forms(word)]) for word in _words(token)])
        if len(self) >= _REMEMBERED:
            self.clear()
        if len(token) <= _ORDINARY:
            self[token] = made
        return made


_entries: Final = _Entries()


def _whole(text: str, suffix: str) -> str:
    """A text that has room enough. A word that it has twice stands there twice; PostgreSQL joins their places."""
    words = chain.from_iterable(map(_entries.__getitem__, unicodedata.normalize("NFC", text).split()))
    return " ".join(map(str.replace, words, repeat("@"), _places(suffix)))


@lru_cache
def _places(suffix: str) -> list[str]:
    return [f"{place}{suffix}" for place in range(_FIRST_PLACE, _LAST_PLACE)]


def _forms(word: str) -> tuple[str, ...]:
    folded = fold(word)
    return (word,) if folded == word else (word, folded)


def _cut(words: list[str], suffix: str, room: int) -> str:
    """As many words, from the first, as there is room for."""
    places: dict[str, list[str]] = {}
    for place, word in enumerate(words, _FIRST_PLACE):
        at = f"{min(place, _LAST_PLACE)}{suffix}"
        for form in _forms(word):
            if form not in places:
                room -= _LETTER_BYTES * len(form) + _ENTRY_BYTES
                if room < 0:
                    return _literal(places)
                places[form] = []
            if len(places[form]) < _PLACES_PER_WORD:
                room -= _PLACE_BYTES
                places[form].append(at)
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
