"""One part of a long worksheet, judged row by row as `read_worksheet` judges a whole one.

What needs more than the part (a file named in two parts, a document's file) is judged by the ledger when the part is
recorded: it knows every file that came before.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from digitization.worksheet import MAX_FAULTS, Remarks, Worksheet
from digitization.worksheet_cells import RowCells, WrittenCell
from digitization.worksheet_columns import DOCUMENT_COLUMNS, FILE_COLUMNS, Column
from digitization.worksheet_parts import Part, Row
from digitization.worksheet_rows import DocumentRow, FileRow, Known, document_row, file_row
from domain.errors import Refusal
from domain.identifiers import FileCode

_YEARS: Final = range(1800, 2201)


def judge(part: Part, known: Known) -> tuple[Worksheet, Mapping[str, FileCode]]:
    """The rows that may go on, a refusal for each fault, and the codes of the files that documents name."""
    refusals: list[Refusal] = []
    files: list[FileRow] = []
    documents: list[DocumentRow] = []
    first_rows: dict[str, int] = {}
    codes = _Codes(known.agencies)
    remarks = Remarks()
    columns = FILE_COLUMNS if part.is_files else DOCUMENT_COLUMNS
    for line in part.rows:
        cells = _cells(part, line, columns, brief=len(refusals) >= MAX_FAULTS)
        if part.is_files:
            row = file_row(cells, known, first_rows)
            files += [] if row is None else [row]
        else:
            document = document_row(cells, codes, first_rows)
            documents += [] if document is None else [document]
        refusals += cells.refusals
        remarks.note(cells)
    if part.fault is not None:
        code, facts = part.fault
        refusals.append(Refusal(code, **facts))
    links = (Refusal("worksheet-links-dropped", file="", links=part.links),) if part.links else ()
    sheet = Worksheet(
        files=tuple(files),
        documents=tuple(documents),
        refusals=tuple(refusals),
        remarks=(*links, *remarks.told()),
    )
    return sheet, codes.found


def _cells(part: Part, line: Row, columns: tuple[Column, ...], *, brief: bool) -> RowCells:
    """brief: so many faults were told of that one for each further row is enough."""
    number, written = line
    cells: dict[str, WrittenCell | str] = {}
    for field, place in part.places.items():
        if place < len(written) and (cell := written[place]) is not None:
            cells[field] = cell
    return RowCells(part.sheet, number, columns, cells, first_fault_only=brief)


class _Codes:
    """Texts that are the code of a file, of whatever part; what they mean is kept in `found`."""

    def __init__(self, agencies: Collection[str] | None) -> None:
        self.found: dict[str, FileCode] = {}
        self._agencies = agencies

    def __contains__(self, text: object) -> bool:
        if text in self.found:
            return True
        parts = str(text).split(".")
        meanings = [
            FileCode(organ, int(parts[at]), ".".join(parts[at + 1 :]))
            for at in range(1, len(parts) - 1)
            if self._is_year(parts[at]) and self._may_be(organ := ".".join(parts[:at]))
        ]
        if len(meanings) == 1:
            self.found[str(text)] = meanings[0]
        return len(meanings) == 1

    def _is_year(self, text: str) -> bool:
        return len(text) == 4 and text.isascii() and text.isdecimal() and int(text) in _YEARS

    def _may_be(self, organ: str) -> bool:
        return self._agencies is None or organ in self._agencies
