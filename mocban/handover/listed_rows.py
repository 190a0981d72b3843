"""Rows of a list that people keep in a workbook or in comma-separated values: each cell with its place."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from digitization.worksheet_archive import DAMAGES, open_archive
from digitization.worksheet_xml import DamagedPartError
from domain.errors import Refusal
from domain.identifiers import nfc
from mocban.plan_file.form import Place
from mocban.plan_file.workbook_gate import require_modest

MOST_BYTES: Final = 16 * 1024 * 1024
_BROKEN: Final = (
    *DAMAGES,
    DamagedPartError,
    ArithmeticError,
    InvalidFileException,
    LookupError,
    TypeError,
    AttributeError,
    ValueError,
    zipfile.LargeZipFile,
)
Cell = tuple[str, Place, bool]
"""Text in form C, where it stands, whether it is a formula."""


def listed_rows(path: Path, sheet: str) -> Iterator[list[Cell]]:
    """Row by row. sheet: the one to read of a workbook; its first where it has none of that name.

    Raises Refusal `input-unreadable`, `ticked-too-large`, `ticked-unreadable`, and those of `worksheet_archive`.
    """
    return _csv_rows(path) if path.suffix.lower() in {".csv", ".tsv"} else _xlsx_rows(path, sheet)


def _csv_rows(path: Path) -> Iterator[list[Cell]]:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Refusal("ticked-too-large", file=path.name)
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Refusal("input-unreadable", path=path) from error
    except UnicodeDecodeError as error:
        raise Refusal("ticked-unreadable", file=path.name) from error
    delimiter = max(",;\t", key=text[:20_000].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            place = Place(line=reader.line_num)
            yield [(nfc(cell.strip()), place, False) for cell in row] or [("", place, False)]
    except csv.Error as error:
        raise Refusal("ticked-unreadable", file=path.name) from error


def _xlsx_rows(path: Path, wanted: str) -> Iterator[list[Cell]]:
    if not path.is_file():
        raise Refusal("input-unreadable", path=path)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Refusal("ticked-too-large", file=path.name)
        with open_archive(path) as archive:
            require_modest(archive)
        book = load_workbook(path)
        sheet = book[wanted] if wanted in book.sheetnames else book.worksheets[0]
        rows = list(sheet.iter_rows())
    except _BROKEN as error:
        raise Refusal("ticked-unreadable", file=path.name) from error
    for row in rows:
        yield [_cell(sheet.title, cell) for cell in row]


def _cell(sheet: str, cell: Any) -> Cell:
    place = Place(sheet=sheet, cell=f"{get_column_letter(cell.column)}{cell.row}")
    value = cell.value
    text = "" if value is None else str(value)
    return nfc(text.strip()), place, cell.data_type == "f"
