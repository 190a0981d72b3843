"""Write a worksheet: an empty one with a legend for those who deliver, or one with rows given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from digitization.worksheet_columns import (
    DOCUMENT_COLUMNS,
    DOCUMENTS_SHEET,
    FILE_COLUMNS,
    FILES_SHEET,
    LEGEND_SHEET,
    Column,
)

_HEADER_FONT = Font(bold=True)
_HEADER_FILL = PatternFill("solid", fgColor="E8E2D0")
_TEXT_FORMAT = "@"
"""Cells are text, so that a spreadsheet keeps leading zeros and does not make dates of numbers."""


def write_template(path: Path) -> None:
    """An empty worksheet at `path`, replaced if there: the two sheets with their headers, and a legend."""
    write_worksheet(path, (), ())


def write_worksheet(path: Path, files: Iterable[Mapping[str, str]], documents: Iterable[Mapping[str, str]]) -> None:
    """A worksheet at `path` with rows given as field -> text; an absent field is an empty cell."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    _write_sheet(workbook, FILES_SHEET, FILE_COLUMNS, files)
    _write_sheet(workbook, DOCUMENTS_SHEET, DOCUMENT_COLUMNS, documents)
    _write_legend(workbook)
    workbook.save(path)


def _write_sheet(
    workbook: Workbook, title: str, columns: tuple[Column, ...], rows: Iterable[Mapping[str, str]]
) -> None:
    widths = [min(max(len(column.header) + 2, 8), 40) for column in columns]
    sheet = _sheet(workbook, title, [column.header for column in columns], widths)
    for number, row in enumerate(rows, start=2):
        _write_row(sheet, number, [row.get(column.field, "") for column in columns])


def _write_legend(workbook: Workbook) -> None:
    titles = ["Bảng", "Cột", "Column", "Bắt buộc", "Độ dài", "Giá trị"]
    sheet = _sheet(workbook, LEGEND_SHEET, titles, [12, 26, 48, 12, 12, 60])
    number = 1
    for name, columns in ((FILES_SHEET, FILE_COLUMNS), (DOCUMENTS_SHEET, DOCUMENT_COLUMNS)):
        for column in columns:
            number += 1
            needed = "có" if column.obligatory else ""
            cells = [name, column.header, column.gloss, needed, str(column.length), "; ".join(column.values)]
            _write_row(sheet, number, cells)


def _sheet(workbook: Workbook, title: str, headers: list[str], widths: list[int]) -> Worksheet:
    sheet: Worksheet = workbook.create_sheet(title)
    sheet.freeze_panes = "A2"
    for place, (header, width) in enumerate(zip(headers, widths, strict=True), start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
        cell = sheet.cell(1, place, header)
        cell.font, cell.fill, cell.alignment = _HEADER_FONT, _HEADER_FILL, Alignment(wrap_text=True, vertical="top")
    return sheet


def _write_row(sheet: Worksheet, number: int, texts: list[str]) -> None:
    for place, text in enumerate(texts, start=1):
        cell = sheet.cell(number, place)
        assert isinstance(cell, Cell)  # nothing is merged here
        cell.number_format = _TEXT_FORMAT
        if text:
            cell.value = text
            cell.data_type = "s"  # a text that begins with `=` is no formula
