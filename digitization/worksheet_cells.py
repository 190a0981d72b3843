"""One row of a sheet, cell by cell: clean text, numbers, choices, partial dates; faults are noted, never raised."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final, Protocol

from digitization.worksheet_columns import Column
from domain.civil_date import PartialDate, partial_date
from domain.errors import Refusal

_FORBIDDEN: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})
"""Control, format (zero-width, bidirectional), private, surrogate and unassigned characters."""
_SPOKEN_DATE: Final = re.compile(r"(?:(?:(\d{1,2})[/.-])?(\d{1,2})[/.-])?(\d{4})")
_ISO_DATE: Final = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?")


class WrittenCell(Protocol):
    """A cell of a sheet: its value, None where it is empty, and openpyxl's letter for its type (`f`: formula)."""

    @property
    def value(self) -> Any:
        """What is written."""
        ...

    @property
    def data_type(self) -> str:
        """Of which type: `s` text, `n` number, `d` date, `f` formula, `e` error, ..."""
        ...


class RowCells:
    """The cells of one row. `refusals` gathers what is wrong; a field that is wrong reads as empty."""

    def __init__(
        self, sheet: str, row: int, columns: tuple[Column, ...], cells: Mapping[str, WrittenCell | str]
    ) -> None:
        """`cells`: field -> cell, or the text of a text cell; a field without a cell is empty."""
        self.sheet = sheet
        self.row = row
        self.refusals: list[Refusal] = []
        self.raw: dict[str, str] = {}
        self._columns = {column.field: column for column in columns}
        self._dates: dict[str, dt.date] = {}
        for column in columns:
            self.raw[column.field] = self._clean(column, cells.get(column.field))

    def refuse(self, code: str, field: str, **facts: object) -> None:
        """Note a fault of the row in a column."""
        header = self._columns[field].header
        self.refusals.append(Refusal(code, sheet=self.sheet, row=self.row, column=header, **facts))

    def text(self, field: str) -> str:
        """The clean text: NFC, single spaces, trimmed."""
        return self.raw[field]

    def integer(self, field: str, least: int = 0, greatest: int = 99_999) -> int | None:
        """A whole number within bounds, or None where the cell is empty or wrong."""
        text = self.raw[field]
        if not text:
            return None
        if not (text.isascii() and text.isdecimal() and least <= int(text) <= greatest):
            self.refuse("worksheet-number", field, least=least, greatest=greatest)
            return None
        return int(text)

    def choice(self, field: str) -> str:
        """The meaning of a cell with a fixed vocabulary, or empty."""
        text = self.raw[field]
        if not text:
            return ""
        meaning = self._columns[field].meaning(text)
        if not meaning:
            self.refuse("worksheet-vocabulary", field, allowed=", ".join(self._columns[field].values))
        return meaning

    def partial_date(self, day: str, month: str, year: str) -> PartialDate:
        """The date of three columns; what is missing stays missing."""
        before = len(self.refusals)
        numbers = (self.integer(year, 1, 9999), self.integer(month, 1, 12), self.integer(day, 1, 31))
        if len(self.refusals) > before:
            return ""
        return self._date(year, *numbers)

    def written_date(self, field: str) -> PartialDate:
        """The date of one column: a date cell, `d/m/y`, `m/y`, `y`, or ISO."""
        if field in self._dates:
            return self._dates[field].isoformat()
        text = self.raw[field]
        if not text:
            return ""
        if iso := _ISO_DATE.fullmatch(text):
            year, month, day = iso.groups()
        elif spoken := _SPOKEN_DATE.fullmatch(text):
            day, month, year = spoken.groups()
        else:
            self.refuse("worksheet-date", field)
            return ""
        return self._date(field, int(year), int(month) if month else None, int(day) if day else None)

    def _date(self, field: str, year: int | None, month: int | None, day: int | None) -> PartialDate:
        try:
            return partial_date(year, month, day)
        except Refusal:
            self.refuse("worksheet-date", field)
            return ""

    def _clean(self, column: Column, cell: WrittenCell | str | None) -> str:
        if not isinstance(cell, str):
            if cell is None or cell.value is None:
                return self._required(column, "")
            if cell.data_type in {"f", "e"}:
                self.refuse("worksheet-formula" if cell.data_type == "f" else "worksheet-cell-error", column.field)
                return ""
            if isinstance(cell.value, dt.date):  # a datetime is a date too
                day = cell.value.date() if isinstance(cell.value, dt.datetime) else cell.value
                self._dates[column.field] = day
                return day.isoformat()
            cell = _written(cell.value)
        text = " ".join((cell if cell.isascii() else unicodedata.normalize("NFC", cell)).split())
        if text and len(text) <= column.length and text.isprintable():
            return text
        # Printable text holds no letter of those categories: most cells need no look at each letter.
        strange = None if text.isprintable() else _strange(text)
        if strange is not None:
            self.refuse("worksheet-forbidden-character", column.field, character=f"U+{ord(strange):04X}")
            return ""
        if len(text) > column.length:
            self.refuse("worksheet-too-long", column.field, length=len(text), limit=column.length)
            return ""
        return self._required(column, text)

    def _required(self, column: Column, text: str) -> str:
        if column.obligatory and not text:
            self.refuse("worksheet-value-missing", column.field)
        return text


def _strange(text: str) -> str | None:
    return next((letter for letter in text if unicodedata.category(letter) in _FORBIDDEN), None)


def _written(value: object) -> str:
    """What the cell shows: a whole number without the decimals that spreadsheets keep."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
