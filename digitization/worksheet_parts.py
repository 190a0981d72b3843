"""A worksheet of any length, part by part: XLSX sheets or CSV with the same headers, never held whole.

A workbook's sheets of files are `Hồ sơ`, `Hồ sơ 2`, `Hồ sơ (3)`, ...; a CSV is one sheet, of files or of documents as
its headers say. Rows are handed on as written; `worksheet_part` judges them, in another process if need be.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Final

import msgspec

from digitization.worksheet import MAX_COLUMNS, header_name, places_of
from digitization.worksheet_cells import Written
from digitization.worksheet_columns import DOCUMENT_COLUMNS, DOCUMENTS_SHEET, FILE_COLUMNS, FILES_SHEET, Column
from digitization.worksheet_csv import csv_lines
from digitization.worksheet_sheet import Line
from digitization.worksheet_workbook import open_workbook
from digitization.worksheet_xml import DamagedPartError
from domain.errors import Refusal
from domain.identifiers import nfc

PART_ROWS: Final = 5_000
_TITLE: Final = re.compile(rf"({FILES_SHEET}|{DOCUMENTS_SHEET})(?: \d{{1,3}}| \(\d{{1,3}}\))?")
"""Titles go into the ledger in clear with the rows refused, so no other words are read."""
MOST_SEEN: Final = 50_000
"""Texts remembered while rows are read."""


Row = tuple[int, Sequence[str | Written | None]]
"""Row number and cells; a text stands for itself."""
Fault = tuple[str, dict[str, object]]
"""Code and facts of a refusal."""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of one sheet. number: counts the parts of the worksheet from 1; places: field -> column position.

    fault: why the sheet itself is refused, from here on. links: of the whole workbook, said with its first part.
    """

    number: int
    sheet: str
    is_files: bool
    places: dict[str, int]
    rows: Sequence[Row]
    fault: Fault | None = None
    links: int = 0


def read_parts(path: Path, rows: int = PART_ROWS) -> Iterator[Part]:
    """The parts of at most `rows` rows; those of files before those of documents.

    Raises Refusal for a worksheet that cannot be read at all.
    """
    number = 0
    for title, is_files, lines, links in _sheets(path):
        columns = FILE_COLUMNS if is_files else DOCUMENT_COLUMNS
        for places, chunk, fault in _chunks(title, columns, lines, rows):
            number += 1
            yield Part(
                number=number,
                sheet=title,
                is_files=is_files,
                places=places,
                rows=chunk,
                fault=fault,
                links=links if number == 1 else 0,
            )


def _sheets(path: Path) -> Iterator[tuple[str, bool, Iterator[Line], int]]:
    if path.suffix.lower() == ".csv":
        lines = csv_lines(path)
        header = next(lines, (1, []))
        is_files = not _is_of(DOCUMENT_COLUMNS, header[1])
        yield (FILES_SHEET if is_files else DOCUMENTS_SHEET), is_files, chain([header], lines), 0
        return
    with open_workbook(path) as workbook:
        titles = [(title, match[1]) for title in workbook.sheetnames if (match := _TITLE.fullmatch(nfc(title)))]
        if not titles:
            raise Refusal("worksheet-sheet-missing", sheet=FILES_SHEET)
        for kind in (FILES_SHEET, DOCUMENTS_SHEET):
            for title in (title for title, of in titles if of == kind):
                yield nfc(title), kind == FILES_SHEET, workbook.lines(title, MAX_COLUMNS), workbook.links


def _chunks(
    title: str, columns: tuple[Column, ...], lines: Iterator[Line], rows: int
) -> Iterator[tuple[dict[str, int], list[Row], Fault | None]]:
    places: dict[str, int] = {}
    chunk: list[Row] = []
    fault: Fault | None = None
    try:
        number, header = next(lines, (1, ()))
        places = dict(places_of(header if number == 1 else (), columns, title))
        for row in _written(lines):
            if len(chunk) == rows:
                yield places, chunk, None
                chunk = []
            chunk.append(row)
    except Refusal as refusal:
        fault = refusal.code, dict(refusal.facts)
    except DamagedPartError:
        fault = "worksheet-sheet-damaged", {"sheet": title}
    if chunk or fault is not None:
        yield places, chunk, fault


def _written(lines: Iterable[Line]) -> Iterator[Row]:
    """The rows that are not empty. Texts that repeat, as most do, are kept and sent once."""
    seen: dict[str, str] = {}
    for number, line in lines:
        if any(line):
            if len(seen) > MOST_SEEN:
                seen.clear()
            yield number, [seen.setdefault(cell, cell) if isinstance(cell, str) else cell for cell in line]


def _is_of(columns: Sequence[Column], header: Sequence[Written | str | None]) -> bool:
    """Whether a header has the first obligatory columns of a sheet, so that its faults are named as that sheet's."""
    names = {header_name(name) for name in header}
    return all(column.header.casefold() in names for column in columns if column.obligatory)
