"""What spreadsheets do to cells by themselves, and what offices do to them: refused, or read as it shows."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from openpyxl import Workbook

from digitization.worksheet import read_worksheet
from digitization.worksheet_columns import DOCUMENTS_SHEET, FILE_COLUMNS, FILES_SHEET
from digitization.worksheet_part import judge
from digitization.worksheet_parts import read_parts
from digitization.worksheet_template import write_worksheet
from tests.digitization.test_worksheet import FILE, KNOWN, damaged

LINE = [FILE.get(column.field) for column in FILE_COLUMNS]


@pytest.mark.parametrize(
    ("sheet", "cell", "value"),
    [
        (FILES_SHEET, "E2", dt.date(2026, 12, 5)),
        (FILES_SHEET, "E2", 1.1),
        (FILES_SHEET, "E2", 12345678901234567890),
        (FILES_SHEET, "AA2", dt.time(1, 30)),
        (DOCUMENTS_SHEET, "D2", dt.date(2026, 3, 12)),
    ],
)
def test_what_a_spreadsheet_made_of_a_text_is_refused(
    tmp_path: Path, sheet: str, cell: str, value: float | dt.date | dt.time
) -> None:
    """Given `5/12`, `1.10`, a long number or `1:30` that a spreadsheet changed, when read, then its row is refused."""
    read = damaged(lambda workbook: workbook[sheet].__setitem__(cell, value), tmp_path / "a.xlsx")
    assert read.refusals[0].code == "worksheet-cell-changed"
    assert (len(read.files), len(read.documents)) == ((1, 0) if sheet == DOCUMENTS_SHEET else (0, 0))


def test_a_number_shown_with_zeros_before_it_is_read_as_it_shows(tmp_path: Path) -> None:
    """Given the number 7 in the format `00`, when read, then the symbol is `07`: it is what the archivist sees."""

    def change(workbook: Workbook) -> None:
        workbook[FILES_SHEET]["E2"] = 7
        workbook[FILES_SHEET]["E2"].number_format = "00"

    assert [row.notation for row in damaged(change, tmp_path / "a.xlsx").files] == ["07"]


def test_rows_of_spaces_are_empty_rows(tmp_path: Path) -> None:
    """Given fifty rows of spaces between two good ones, when read, then nothing is refused and nothing remarked."""
    blank = dict.fromkeys((column.field for column in FILE_COLUMNS), " \u00a0")
    path = tmp_path / "a.xlsx"
    write_worksheet(path, [FILE | {"notation": "01"}, *[blank] * 50, FILE | {"notation": "02"}], ())
    sheet = read_worksheet(path, KNOWN)
    assert ([row.row for row in sheet.files], sheet.refusals, sheet.remarks) == ([2, 53], (), ())


def _merged(workbook: Workbook) -> None:
    files = workbook[FILES_SHEET]
    for number in ("03", "04", "05", "06"):
        files.append([*LINE[:4], number, *LINE[5:]])
    for cells in ("Y3:Y5", "Z2:Z6", "A10:B12"):  # boxes; a shelf of which nothing is written; nothing at all
        files.merge_cells(cells)
    files["Y3"] = "12"


def test_a_row_under_a_merged_cell_is_refused_not_read_as_empty(tmp_path: Path) -> None:
    """Given one box merged down three rows, when read, then the first has it and the two below are named."""
    path = tmp_path / "a.xlsx"
    sheet = damaged(_merged, path)
    assert [(row.row, row.box) for row in sheet.files] == [(2, ""), (3, "12"), (6, "")]
    said = [(one.code, one.facts["row"], one.facts["column"]) for one in sheet.refusals]
    assert said == [("worksheet-cells-merged", row, "Hộp số") for row in (4, 5)]
    (part, *_) = read_parts(path)
    assert [str(one) for one in judge(part, KNOWN)[0].refusals] == [str(one) for one in sheet.refusals]
