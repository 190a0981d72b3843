"""Read the worksheet (bảng kê hồ sơ, văn bản) that comes with paper or scans: an XLSX of two sheets.

A wrong column refuses its sheet; a wrong cell refuses its row; the rest goes through. A bad cell never raises.
Partial dates stay partial: an unknown day is never made the first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from digitization.worksheet_cells import RowCells, WrittenCell
from digitization.worksheet_columns import DOCUMENT_COLUMNS, DOCUMENTS_SHEET, FILE_COLUMNS, FILES_SHEET, Column
from digitization.worksheet_rows import DocumentRow, FileRow, Known, document_row, file_row
from digitization.worksheet_workbook import Workbook, open_workbook
from digitization.worksheet_xml import DamagedPartError
from domain.errors import Refusal
from domain.identifiers import nfc

MAX_COLUMNS = 64
MAX_FAULTS: Final = 5_000
"""Of one sheet; who wrote more has to mend it anyway, and no person reads further."""


class Worksheet(msgspec.Struct, frozen=True, kw_only=True):
    """What a worksheet says. Every row of the sheets is in exactly one of the first three lists (or is empty).

    remarks: what was taken otherwise than as written, with how many cells of which column; nothing was refused for it.
    """

    files: tuple[FileRow, ...] = ()
    documents: tuple[DocumentRow, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    remarks: tuple[Refusal, ...] = ()


class Remarks:
    """Counts what was evened out, by sheet, column and code."""

    def __init__(self) -> None:
        self._cells: Counter[tuple[str, str, str]] = Counter()
        self._first: dict[tuple[str, str, str], int] = {}

    def note(self, cells: RowCells) -> None:
        """Count a row's remarks."""
        for code, header in cells.remarks:
            key = (cells.sheet, header, code)
            self._first.setdefault(key, cells.row)
            self._cells[key] += 1

    def told(self) -> tuple[Refusal, ...]:
        """One remark for each column and code."""
        return tuple(
            Refusal(code, sheet=sheet, column=header, cells=count, row=self._first[(sheet, header, code)])
            for (sheet, header, code), count in self._cells.items()
        )


def read_worksheet(path: Path, known: Known | None = None) -> Worksheet:
    """The rows of `path` that may go on, and a refusal for each fault, in row order.

    known: agencies, fonds and retention rules that rows may name; without it they are not looked up.
    """
    try:
        with open_workbook(path) as workbook:
            return _read(workbook, known or Known(), path.name)
    except Refusal as refusal:
        return Worksheet(refusals=(refusal,))


def _read(workbook: Workbook, known: Known, name: str) -> Worksheet:
    refusals: list[Refusal] = []
    remarks = Remarks()
    first_rows: dict[str, int] = {}
    files: list[FileRow] = []
    for cells in _rows(workbook, FILES_SHEET, FILE_COLUMNS, refusals):
        row = file_row(cells, known, first_rows)
        refusals += cells.refusals
        remarks.note(cells)
        if row is not None:
            files.append(row)
    accepted = {row.file_code for row in files}
    documents: list[DocumentRow] = []
    first_rows.clear()
    for cells in _rows(workbook, DOCUMENTS_SHEET, DOCUMENT_COLUMNS, refusals):
        document = document_row(cells, accepted, first_rows)
        refusals += cells.refusals
        remarks.note(cells)
        if document is not None:
            documents.append(document)
    links = (Refusal("worksheet-links-dropped", file=name, links=workbook.links),) if workbook.links else ()
    return Worksheet(
        files=tuple(files),
        documents=tuple(documents),
        refusals=tuple(refusals),
        remarks=(*links, *remarks.told()),
    )


def _rows(workbook: Workbook, title: str, columns: tuple[Column, ...], refusals: list[Refusal]) -> Iterator[RowCells]:
    """The rows of a sheet that are not empty; nothing where the sheet or its columns are wrong."""
    named = workbook.named(title)
    if named is None:
        refusals.append(Refusal("worksheet-sheet-missing", sheet=title))
        return
    before = len(refusals)
    try:
        lines = workbook.lines(named, MAX_COLUMNS)
        number, header = next(lines, (1, ()))
        places = places_of(header if number == 1 else (), columns, title)
        for number, line in lines:
            cells = {field: line[place] for field, place in places.items() if place < len(line)}
            yield RowCells(title, number, columns, cells)
            if len(refusals) - before > MAX_FAULTS:
                refusals.append(Refusal("worksheet-too-many-faults", sheet=title, limit=MAX_FAULTS, row=number))
                return
    except Refusal as refusal:
        refusals.append(refusal)
    except DamagedPartError:
        refusals.append(Refusal("worksheet-sheet-damaged", sheet=title))


def places_of(header: Sequence[WrittenCell | str | None], columns: tuple[Column, ...], sheet: str) -> Mapping[str, int]:
    """Field -> position. Raises Refusal `worksheet-columns` on a missing, unknown or repeated header."""
    names = [header_name(cell) for cell in header]
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


def header_name(cell: WrittenCell | str | None) -> str:
    """A header for comparing: NFC, single spaces, no case."""
    written = cell if cell is None or isinstance(cell, str) else cell.value
    return "" if written is None else " ".join(nfc(str(written)).split()).casefold()
