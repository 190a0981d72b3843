"""The rows of one sheet of a workbook (ECMA-376 part 1, 18.3.1), one after another."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from openpyxl.utils.datetime import from_excel

from digitization.worksheet_archive import too_large
from digitization.worksheet_cells import Written
from digitization.worksheet_merged import MergedCells
from digitization.worksheet_xml import DamagedPartError, elements

MAX_ROWS: Final = 100_000
"""Rows of one sheet below its header; a longer list is delivered in several worksheets."""
MAX_CELLS: Final = 16_384
"""Cells of a row, as spreadsheets have it."""
MAX_CELL_CHARACTERS: Final = 32_767
_ESCAPED: Final = re.compile("_x([0-9A-Fa-f]{4})_")
"""How a workbook writes a letter that XML forbids (ECMA-376 part 1, 22.9.2.19)."""

Line = tuple[int, Sequence["str | Written | None"]]
"""Number of a row, and its cells; a text stands for itself."""


class SheetForms(NamedTuple):
    """What the cells of a workbook are read by. name: of the file; dates: styles that show a number as a date; digits:
    styles that put zeros before a number -> how many digits they show at the least."""

    name: str
    texts: Sequence[str]
    dates: frozenset[int]
    digits: dict[int, int]
    epoch: dt.datetime


def sheet_lines(archive: zipfile.ZipFile, part: str, forms: SheetForms, most: int) -> Iterator[Line]:
    """The rows of a sheet that hold anything, at most `most` columns of each, in their order.

    Raises Refusal `worksheet-too-large`, `worksheet-unsafe`; DamagedPartError.
    """
    sheet = _Sheet(forms, most)
    merged = MergedCells(archive, part, most)
    for _ in elements(archive, part, sheet.start, sheet.end, sheet.say, lambda: sheet.found):
        for number, line in sheet.lines:
            merged.mark(number, line)
            yield number, line
        sheet.lines.clear()


class _Sheet:
    """Gathers the cells of the row that is being walked."""

    def __init__(self, forms: SheetForms, most: int) -> None:
        self.lines: list[tuple[int, list[str | Written | None]]] = []
        self.found = 0
        self._forms, self._most = forms, most
        self._columns: dict[str, int] = {}
        self._row = self._column = self._cells = 0
        self._line: list[str | Written | None] = []
        self._kind, self._style, self._formula = "n", 0, False
        self._listening, self._phonetic = False, False
        self._heard: list[str] = []
        self._length = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if name == "c":
            self._start_cell(attributes)
        elif name in {"v", "t"}:
            self._listening = not self._phonetic
        elif name == "f":
            self._formula = True
        elif name == "row":
            self._start_row(attributes.get("r", ""))
        elif name == "rPh":
            self._phonetic = True

    def say(self, text: str) -> None:
        """Text of the cell; an endless one is kept long enough to be seen to be too long."""
        if self._listening and self._length <= MAX_CELL_CHARACTERS:
            self._heard.append(text)
            self._length += len(text)

    def end(self, name: str) -> None:
        """An element ends."""
        if name == "c":
            self._end_cell()
        elif name in {"v", "t"}:
            self._listening = False
        elif name == "rPh":
            self._phonetic = False
        elif name == "row" and self._line:
            self.lines.append((self._row, self._line))
            self.found += 1

    def _start_row(self, number: str) -> None:
        row = int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else 0
        if number and row <= self._row:
            raise DamagedPartError(f"row {self._row}")
        self._row = row or self._row + 1
        self._line, self._column, self._cells = [], 0, 0
        if self._row > MAX_ROWS + 1:
            raise too_large(self._forms.name, f"> {MAX_ROWS} rows")

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._cells += 1
        if self._cells > MAX_CELLS:
            raise too_large(self._forms.name, f"> {MAX_CELLS} cells")
        reference = attributes.get("r")
        column = self._column + 1 if reference is None else self._place(reference)
        if column <= self._column:
            raise DamagedPartError(f"row {self._row}")
        self._column = column
        self._kind = attributes.get("t", "n")
        style = attributes.get("s", "0")
        self._style = int(style) if style.isdecimal() and len(style) < 10 else 0
        self._formula, self._length = False, 0
        self._heard = []

    def _place(self, reference: str) -> int:
        """`AB12` -> 28."""
        letters = reference.rstrip("0123456789")
        known = self._columns.get(letters)
        if known is None:
            if not (letters.isascii() and letters.isalpha() and len(letters) <= 3):
                raise DamagedPartError(f"row {self._row}")
            known = 0
            for letter in letters.upper():
                known = known * 26 + ord(letter) - 64
            self._columns[letters] = known
        return known

    def _end_cell(self) -> None:
        if self._column > self._most or not (self._heard or self._formula):
            return
        said = "".join(self._heard)
        value: str | Written | None = Written("=", "f") if self._formula else self._value(said)
        if value is None:
            return
        self._line += [None] * (self._column - 1 - len(self._line))
        self._line.append(value)

    def _value(self, said: str) -> str | Written | None:
        if self._kind == "s":
            place = int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else -1
            if not 0 <= place < len(self._forms.texts):
                return Written("#REF!", "e")
            said = self._forms.texts[place]
        elif self._kind == "e":
            return Written("#", "e")
        elif self._kind in {"n", "d", "b"}:
            return self._number(said.strip())
        if "_x" in said:
            said = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), said)
        return None if said.isspace() else said or None

    def _number(self, said: str) -> str | Written | None:
        """A number, a day, a yes or no; what cannot be one is an error of the cell."""
        if not said:
            return None
        try:
            if self._kind == "b":
                return Written(int(said) != 0, "b")
            if self._kind == "d":
                return Written(dt.datetime.fromisoformat(said), "d")
            if self._style in self._forms.dates:
                return Written(from_excel(float(said), self._forms.epoch), "d")
            if len(said) > 40:
                return Written("#NUM!", "e")
            if said.isdecimal() and said.isascii() and (digits := self._forms.digits.get(self._style)):
                return said.zfill(digits)
            return Written(int(said) if said.lstrip("-").isdecimal() and said.isascii() else float(said), "n")
        except (ValueError, OverflowError, TypeError):
            return Written("#VALUE!", "e")
