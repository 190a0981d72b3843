"""What the cells of a workbook share: its texts (ECMA-376 part 1, 18.4.9) and how its styles show numbers (18.8)."""

from __future__ import annotations

import zipfile
from typing import Final, NamedTuple

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

from digitization.worksheet_archive import too_large
from digitization.worksheet_sheet import MAX_CELL_CHARACTERS
from digitization.worksheet_xml import elements

MAX_TEXTS: Final = 1_000_000
MAX_STYLES: Final = 100_000
_LONGEST_FORMAT: Final = 255
_MOST_DIGITS: Final = 15
"""Spreadsheets keep no more."""


class NumberStyles(NamedTuple):
    """Numbers of the cell styles. dates: those that show a number as a date; digits: those that put zeros before it
    (`00`) -> how many digits they show at the least."""

    dates: frozenset[int]
    digits: dict[int, int]


def shared_texts(archive: zipfile.ZipFile, part: str) -> list[str]:
    """The shared texts, without their phonetic guides. Raises Refusal `worksheet-too-large`; DamagedPartError."""
    texts = _Texts(str(archive.filename).rpartition("/")[2])
    for _ in elements(archive, part, texts.start, texts.end, texts.say, lambda: len(texts.found)):
        pass
    return texts.found


def number_styles(archive: zipfile.ZipFile, part: str) -> NumberStyles:
    """How the cell styles show numbers. Raises as `shared_texts` does."""
    styles = _Styles(str(archive.filename).rpartition("/")[2])
    for _ in elements(archive, part, styles.start, styles.end):
        pass
    dates = {key for key in set(styles.found) if _is_date(styles.formats.get(key, ""))}
    digits = {key: len(code) for key, code in styles.formats.items() if _is_zeros(code)}
    return NumberStyles(
        dates=frozenset(number for number, key in enumerate(styles.found) if key in dates),
        digits={number: digits[key] for number, key in enumerate(styles.found) if key in digits},
    )


class _Texts:
    """Gathers the texts; of an endless one, enough to be seen to be too long."""

    def __init__(self, name: str) -> None:
        self.found: list[str] = []
        self._name = name
        self._heard: list[str] = []
        self._length = 0
        self._listening, self._phonetic = False, False

    def start(self, name: str, _: dict[str, str]) -> None:
        if name == "t":
            self._listening = not self._phonetic
        elif name == "rPh":
            self._phonetic = True

    def say(self, text: str) -> None:
        if self._listening and self._length <= MAX_CELL_CHARACTERS:
            self._heard.append(text)
            self._length += len(text)

    def end(self, name: str) -> None:
        if name == "t":
            self._listening = False
        elif name == "rPh":
            self._phonetic = False
        elif name == "si":
            if len(self.found) >= MAX_TEXTS:
                raise too_large(self._name, f"> {MAX_TEXTS} texts")
            self.found.append("".join(self._heard))
            self._heard, self._length = [], 0


class _Styles:
    """Gathers the number format of each cell style."""

    def __init__(self, name: str) -> None:
        self.found: list[str] = []
        self.formats: dict[str, str] = {str(key): code for key, code in BUILTIN_FORMATS.items()}
        self._name = name
        self._of_cells = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt":
            self.formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self._of_cells = True
        elif name == "xf" and self._of_cells:
            self.found.append(attributes.get("numFmtId", "0"))
        if len(self.found) + len(self.formats) > MAX_STYLES:
            raise too_large(self._name, f"> {MAX_STYLES} styles")

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._of_cells = False


def _is_zeros(code: str) -> bool:
    return 1 < len(code) <= _MOST_DIGITS and set(code) == {"0"}


def _is_date(code: str) -> bool:
    return len(code) <= _LONGEST_FORMAT and is_date_format(code) and not is_timedelta_format(code)
