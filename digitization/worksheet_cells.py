"""One row of a sheet, cell by cell: clean text, numbers, choices, partial dates; faults are noted, never raised."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final, NamedTuple, Protocol

from digitization.worksheet_columns import Column
from digitization.worksheet_letters import is_formula, is_legacy, is_plain, strange, stranger_in_code
from domain.civil_date import PartialDate, partial_date
from domain.errors import Refusal

_SPOKEN_DATE: Final = re.compile(r"(?:(?:(\d{1,2})[/.-])?(\d{1,2})[/.-])?(\d{4})", re.ASCII)
_ISO_DATE: Final = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?", re.ASCII)

_FIRST_LOSSY: Final = 10**15
"""Spreadsheets keep fifteen digits of a number."""


class WrittenCell(Protocol):
    """A cell of a sheet: its value, None where it is empty, and openpyxl's letter for its type.

    `f`: formula; `m`: ours, for a cell under a merged one.
    """

    @property
    def value(self) -> Any:
        """What is written."""
        ...

    @property
    def data_type(self) -> str:
        """Of which type: `s` text, `n` number, `d` date, `f` formula, `e` error, ..."""
        ...


class Written(NamedTuple):
    """A cell as written, fit to be sent to another process."""

    value: Any
    data_type: str = "s"


class RowCells:
    """The cells of one row. `refusals` gathers what is wrong; a field that is wrong reads as empty.

    remarks: code and header of each cell that was taken otherwise than as written.
    """

    def __init__(
        self,
        sheet: str,
        row: int,
        columns: tuple[Column, ...],
        cells: Mapping[str, WrittenCell | str | None],
        *,
        first_fault_only: bool = False,
    ) -> None:
        """`cells`: field -> cell, or the text of a text cell; a field without a cell is empty."""
        self._first_fault_only = first_fault_only
        self.sheet = sheet
        self.row = row
        self.refusals: list[Refusal] = []
        self.remarks: list[tuple[str, str]] = []
        self.raw: dict[str, str] = {}
        self._columns = {column.field: column for column in columns}
        self._dates: dict[str, dt.date] = {}
        for column in columns:
            self.raw[column.field] = self._clean(column, cells.get(column.field))

    def refuse(self, code: str, field: str, **facts: object) -> None:
        """Note a fault of the row in a column."""
        if self._first_fault_only and self.refusals:
            return
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
            if cell.data_type == "m":
                return self._covered(column)
            if cell.data_type in {"f", "e"}:
                self.refuse("worksheet-formula" if cell.data_type == "f" else "worksheet-cell-error", column.field)
                return ""
            if _is_changed(cell.value, column):
                self.refuse("worksheet-cell-changed", column.field)
                return ""
            if isinstance(cell.value, dt.date):  # a datetime is a date too
                day = cell.value.date() if isinstance(cell.value, dt.datetime) else cell.value
                self._dates[column.field] = day
                return day.isoformat()
            cell = _written(cell.value)
        composed = cell if cell.isascii() else unicodedata.normalize("NFC", cell)
        text = " ".join(composed.split())
        if text != cell:
            self._remark(column, cell, composed)
        if text and len(text) <= column.length and text.isascii() and text.isprintable() and text[0] not in "=@+-":
            return text  # most cells need no look at each letter
        return self._judged(column, text)

    def _covered(self, column: Column) -> str:
        """A cell under a merged one; one such fault a row is enough."""
        if all(one.code != "worksheet-cells-merged" for one in self.refusals):
            self.refuse("worksheet-cells-merged", column.field)
        return ""

    def _judged(self, column: Column, text: str) -> str:
        fault: tuple[str, dict[str, object]] | None = None
        if is_formula(text):
            fault = "worksheet-formula", {}
        elif not (plain := is_plain(text)) and is_legacy(text):
            fault = "worksheet-legacy-font", {}
        elif not plain and (letter := strange(text)) is not None:
            fault = "worksheet-forbidden-character", {"character": f"U+{ord(letter):04X}"}
        elif column.is_code and (letter := stranger_in_code(text)) is not None:
            fault = "worksheet-lookalike-character", {"character": f"U+{ord(letter):04X}"}
        elif len(text) > column.length:
            fault = "worksheet-too-long", {"length": len(text), "limit": column.length}
        if fault is None:
            return self._required(column, text)
        self.refuse(fault[0], column.field, **fault[1])
        return ""

    def _remark(self, column: Column, written: str, composed: str) -> None:
        if composed != written:
            self.remarks.append(("worksheet-letters-composed", column.header))
        if " ".join(composed.split()) != composed:
            self.remarks.append(("worksheet-spaces-evened", column.header))

    def _required(self, column: Column, text: str) -> str:
        if column.obligatory and not text:
            self.refuse("worksheet-value-missing", column.field)
        return text


def _is_changed(value: object, column: Column) -> bool:
    """Whether a spreadsheet holds something else than was typed: `5/12` as a day of this year, `1.10` as 1.1, `1:30`
    as a time, a number of more digits than it keeps."""
    if isinstance(value, dt.date):
        return not column.is_date
    if isinstance(value, float) and not value.is_integer():
        return True
    if isinstance(value, (int, float)):
        return abs(value) >= _FIRST_LOSSY
    return isinstance(value, (dt.time, dt.timedelta))


def _written(value: object) -> str:
    """What the cell shows: a whole number without the decimals that spreadsheets keep."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
