"""The table that was filled in, read as what it is: a file from a stranger. All rows are good, or none is taken."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec

from digitization.worksheet import MAX_COLUMNS, places_of
from digitization.worksheet_cells import RowCells
from digitization.worksheet_csv import csv_lines
from digitization.worksheet_sheet import Line
from digitization.worksheet_workbook import open_workbook
from digitization.worksheet_xml import DamagedPartError
from domain.audit import Outcome, outcome_of
from domain.errors import Refusal
from mocban.audit.columns import COLUMNS, MAX_SHEETS, SHEET
from mocban.audit.sample import Sample, SampledFile

MAX_BYTES: Final = 32 * 1024 * 1024
_SLACK: Final = 1000
"""Rows beyond the sample's that are looked at, so that faults can be named."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What was found about one file. counted: None where sheets were not counted."""

    file: UUID
    outcome: Outcome
    counted: int | None
    damaged: bool
    note: str


def read_results(path: Path, sample: Sample) -> tuple[list[Answer], list[Refusal]]:
    """An answer for each file of the sample, in its order; or everything that is wrong, by place.

    Raises Refusal for a table that cannot be read at all.
    """
    by_code: dict[str, list[SampledFile]] = {}
    for file in sample.drawn:
        by_code.setdefault(file.code, []).append(file)
    answers: dict[UUID, Answer] = {}
    rows: dict[UUID, int] = {}
    faults: list[Refusal] = []
    with _lines(path) as lines:
        for cells in _rows(lines, len(sample.drawn)):
            meant = _file_of(cells, by_code, rows, faults)
            if meant is not None:
                answers[meant.id] = _answer(cells, meant)
                rows[meant.id] = cells.row
            faults += cells.refusals
    faults += [
        Refusal("audit-row-unanswered", place=f"TT {file.number}", code=file.code)
        for file in sample.drawn
        if file.id not in rows
    ]
    return [answers[file.id] for file in sample.drawn if file.id in answers], faults


@contextmanager
def _lines(path: Path) -> Iterator[Iterator[Line]]:
    """Raises Refusal `audit-results-unreadable`, `audit-results-too-large`, and those of workbook and CSV."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Refusal("audit-results-too-large", path=path.name, limit=f"{MAX_BYTES} B")
    except OSError as error:
        raise Refusal("audit-results-unreadable", path=path.name) from error
    try:
        if path.suffix.lower() == ".csv":
            yield csv_lines(path)
            return
        with open_workbook(path) as workbook:
            named = workbook.named(SHEET)
            if named is None:
                raise Refusal("worksheet-sheet-missing", sheet=SHEET)
            yield workbook.lines(named, MAX_COLUMNS)
    except DamagedPartError as error:
        raise Refusal("audit-results-unreadable", path=path.name) from error


def _rows(lines: Iterator[Line], expected: int) -> Iterator[RowCells]:
    number, header = next(lines, (1, ()))
    places = places_of(header if number == 1 else (), COLUMNS, SHEET)
    seen = 0
    for number, line in lines:
        if not any(cell is not None for cell in line):
            continue
        seen += 1
        if seen > expected + _SLACK:
            raise Refusal("audit-results-too-large", path=SHEET, limit=expected + _SLACK)
        yield RowCells(
            SHEET, number, COLUMNS, {field: line[place] for field, place in places.items() if place < len(line)}
        )


def _file_of(
    cells: RowCells, by_code: dict[str, list[SampledFile]], rows: dict[UUID, int], faults: list[Refusal]
) -> SampledFile | None:
    """The file of a row; of several with one code the one of the same number."""
    code, place = cells.text("code").removeprefix("'"), f"{cells.sheet} {cells.row}"
    files = by_code.get(code, [])
    if len(files) > 1:
        files = [file for file in files if cells.text("number") == str(file.number)]
    if not files:
        if code:
            faults.append(Refusal("audit-row-file-unknown", place=place, code=code[:60]))
        return None
    if files[0].id in rows:
        faults.append(
            Refusal("audit-row-file-twice", place=place, code=code, before=f"{cells.sheet} {rows[files[0].id]}")
        )
        return None
    return files[0]


def _answer(cells: RowCells, file: SampledFile) -> Answer:
    """What the row says; its faults are in `cells.refusals`."""
    found = cells.choice("found") == "yes"
    counted = cells.integer("counted", 0, MAX_SHEETS)
    condition, note = cells.choice("condition"), cells.text("note")
    if not found and (counted or condition) and not cells.refusals:
        place = f"{cells.sheet} {cells.row}"
        cells.refusals.append(Refusal("audit-row-missing-but-counted", place=place, code=file.code))
    damaged = condition == "damaged"
    return Answer(
        file=file.id,
        outcome=outcome_of(file.sheets, found=found, counted=counted, damaged=damaged),
        counted=counted if found else None,
        damaged=damaged,
        note=note,
    )
