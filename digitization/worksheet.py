"""Read the worksheet (bảng kê hồ sơ, văn bản) that comes with paper or scans: an XLSX of two sheets.

A wrong column refuses its sheet; a wrong cell refuses its row; the rest goes through. A bad cell never raises.
Partial dates stay partial: an unknown day is never made the first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import msgspec
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.workbook.workbook import Workbook

from digitization.worksheet_cells import RowCells, WrittenCell
from digitization.worksheet_columns import DOCUMENT_COLUMNS, DOCUMENTS_SHEET, FILE_COLUMNS, FILES_SHEET, Column
from digitization.worksheet_rows import DocumentRow, FileRow, Known, document_row, file_row
from digitization.worksheet_workbook import MAX_ROWS, open_workbook
from domain.errors import Refusal

MAX_COLUMNS = 64


class Worksheet(msgspec.Struct, frozen=True, kw_only=True):
    """What a worksheet says. Every row of the sheets is in exactly one of the three lists (or is empty)."""

    files: tuple[FileRow, ...] = ()
    documents: tuple[DocumentRow, ...] = ()
    refusals: tuple[Refusal, ...] = ()


def read_worksheet(path: Path, known: Known | None = None) -> Worksheet:
    """The rows of `path` that may go on, and a refusal for each fault, in row order.

    known: agencies, fonds and retention rules that rows may name; without it they are not looked up.
    """
    try:
        with open_workbook(path) as workbook:
            return _read(workbook, known or Known())
    except Refusal as refusal:
        return Worksheet(refusals=(refusal,))


def _read(workbook: Workbook, known: Known) -> Worksheet:
    refusals: list[Refusal] = []
    first_rows: dict[str, int] = {}
    files: list[FileRow] = []
    for cells in _rows(workbook, FILES_SHEET, FILE_COLUMNS, refusals):
        row = file_row(cells, known, first_rows)
        refusals += cells.refusals
        if row is not None:
            files.append(row)
    accepted = {row.file_code for row in files}
    documents: list[DocumentRow] = []
    first_rows.clear()
    for cells in _rows(workbook, DOCUMENTS_SHEET, DOCUMENT_COLUMNS, refusals):
        document = document_row(cells, accepted, first_rows)
        refusals += cells.refusals
        if document is not None:
            documents.append(document)
    return Worksheet(files=tuple(files), documents=tuple(documents), refusals=tuple(refusals))


def _rows(workbook: Workbook, title: str, columns: tuple[Column, ...], refusals: list[Refusal]) -> Iterator[RowCells]:
    """The rows of a sheet that are not empty; nothing where the sheet or its columns are wrong."""
    if title not in workbook.sheetnames:
        refusals.append(Refusal("worksheet-sheet-missing", sheet=title))
        return
    try:
        lines = workbook[title].iter_rows(max_row=MAX_ROWS + 1, max_col=MAX_COLUMNS)
        header: tuple[Cell | MergedCell, ...] = next(lines, ())
        places = places_of(header, columns, title)
        for number, line in enumerate(lines, start=2):
            found = {field: line[place] for field, place in places.items() if place < len(line)}
            if any(cell.value is not None for cell in line):
                yield RowCells(title, number, columns, found)
    except Refusal as refusal:
        refusals.append(refusal)
    except Exception:  # noqa: BLE001  # a damaged sheet raises whatever openpyxl's parser met; rows read so far stand
        refusals.append(Refusal("worksheet-sheet-damaged", sheet=title))


def places_of(header: Collection[WrittenCell], columns: tuple[Column, ...], sheet: str) -> Mapping[str, int]:
    """Field -> position. Raises Refusal `worksheet-columns` on a missing, unknown or repeated header."""
    names = [" ".join(str(cell.value).split()).casefold() if cell.value is not None else "" for cell in header]
    fields = {column.header.casefold(): column.field for column in columns}
    missing = [column.header for column in columns if column.header.casefold() not in names]
    unknown = [str(place + 1) for place, name in enumerate(names) if name and name not in fields]
    repeated = [column.header for column in columns if names.count(column.header.casefold()) > 1]
    if missing or unknown or repeated:
        raise Refusal(
            "worksheet-columns",
            sheet=sheet,
            missing=", ".join(missing) or "-",
            unknown=", ".join(unknown) or "-",
            repeated=", ".join(repeated) or "-",
        )
    return {fields[name]: place for place, name in enumerate(names) if name}
