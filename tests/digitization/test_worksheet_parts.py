"""A worksheet read part by part says what it says read whole; a stranger's CSV does no harm."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from openpyxl import load_workbook

from digitization.worksheet import read_worksheet
from digitization.worksheet_columns import DOCUMENT_COLUMNS, FILE_COLUMNS, FILES_SHEET, Column
from digitization.worksheet_part import judge
from digitization.worksheet_parts import Part, read_parts
from digitization.worksheet_template import write_worksheet
from domain.errors import Refusal
from domain.identifiers import FileCode
from tests.digitization.test_worksheet import DOCUMENT, FILE, KNOWN

FILES: Sequence[Mapping[str, str]] = [
    {**FILE, "notation": f"{number:02}/QĐ", **change}
    for number, change in enumerate(({}, {"catalog": "20x9"}, {"sheets": "1+1"}, {"title": ""}, {}), start=5)
]
HEADER = [column.header for column in FILE_COLUMNS]
LINE = [FILE.get(column.field, "") for column in FILE_COLUMNS]


def test_parts_say_what_the_whole_says(tmp_path: Path) -> None:
    """Given an XLSX with good and bad rows, when read in parts of two, then it says the same."""
    path = tmp_path / "bang-ke.xlsx"
    write_worksheet(path, FILES, [DOCUMENT, {**DOCUMENT, "ordinal": "0"}])
    whole = read_worksheet(path, KNOWN)
    sheets = [judge(part, KNOWN) for part in read_parts(path, 2)]
    assert [len(part.rows) for part in read_parts(path, 2)] == [2, 2, 1, 2]
    assert tuple(row for sheet, _ in sheets for row in sheet.files) == whole.files
    assert tuple(row for sheet, _ in sheets for row in sheet.documents) == whole.documents
    assert [str(one) for sheet, _ in sheets for one in sheet.refusals] == [str(one) for one in whole.refusals]
    assert sheets[-1][1] == {"H26.41.2019.05/QĐ": FileCode("H26.41", 2019, "05/QĐ")}


def test_a_csv_says_what_the_workbook_says(tmp_path: Path) -> None:
    """Given the same rows as CSV, whatever the delimiter or mark, when read, then they are the same rows."""
    write_worksheet(tmp_path / "a.xlsx", FILES, ())
    whole = read_worksheet(tmp_path / "a.xlsx", KNOWN)
    for encoding, delimiter in (("utf-8", ","), ("utf-8-sig", ";"), ("utf-8", "\t")):
        path = _csv(tmp_path, FILE_COLUMNS, FILES, encoding, delimiter)
        (part,) = read_parts(path)
        sheet, _ = judge(part, KNOWN)
        assert (sheet.files, [str(one) for one in sheet.refusals]) == (
            whole.files,
            [str(one) for one in whole.refusals],
        )
    (part,) = read_parts(_csv(tmp_path, DOCUMENT_COLUMNS, [DOCUMENT], "utf-8", ","))
    assert not part.is_files
    assert [row.scan for row in judge(part, KNOWN)[0].documents] == ["a.pdf"]


def test_files_may_fill_several_sheets(tmp_path: Path) -> None:
    """Given sheets `Hồ sơ` and `Hồ sơ 2`, when read, then both, each row named by its own sheet; others are left."""
    path = tmp_path / "bang-ke.xlsx"
    write_worksheet(path, FILES[:2], ())
    workbook = load_workbook(path)
    for title in (f"{FILES_SHEET} 2", f"{FILES_SHEET} của ông A"):
        workbook.copy_worksheet(workbook[FILES_SHEET]).title = title
    workbook.save(path)
    parts = list(read_parts(path))
    assert [(part.number, part.sheet, len(part.rows)) for part in parts if part.is_files] == [
        (1, FILES_SHEET, 2),
        (2, f"{FILES_SHEET} 2", 2),
    ]
    assert [one.facts["sheet"] for one in judge(parts[1], KNOWN)[0].refusals] == [f"{FILES_SHEET} 2"]


DISASTERS = {
    "another encoding": (",".join(HEADER).encode() + b"\nH\xf4 s\xec\n", "worksheet-encoding"),
    "another encoding, later": (",".join(HEADER).encode() + b"\n1" * 20_000 + b"\nH\xf4 s\xec\n", None),
    "UTF-16": (",".join(HEADER).encode("utf-16"), "worksheet-encoding"),
    "an endless line": (b"x" * (1 << 21), "worksheet-too-large"),
    "an open quote": (",".join(HEADER).encode() + b'\n"' + b"x\n" * 100_000, None),
    "other columns": (b"a,b,c\n1,2,3\n", None),
    "nothing": (b"", None),
}
FAULTS = {
    "another encoding, later": "worksheet-encoding",
    "an open quote": "worksheet-sheet-damaged",
    "other columns": "worksheet-columns",
    "nothing": "worksheet-columns",
}


@pytest.mark.parametrize("name", DISASTERS)
def test_a_hostile_csv_is_refused_with_a_code(tmp_path: Path, name: str) -> None:
    """Given bytes that are no worksheet, when read, then a refusal says so, whole or as the fault of a part."""
    data, code = DISASTERS[name]
    path = tmp_path / "bang-ke.csv"
    path.write_bytes(data)
    if code is not None:
        with pytest.raises(Refusal, match=code):
            list(read_parts(path))
        return
    faults: list[Part] = [part for part in read_parts(path) if part.fault]
    assert [part.fault[0] for part in faults if part.fault] == [FAULTS[name]]
    assert judge(faults[0], KNOWN)[0].refusals[-1].code == FAULTS[name]


def test_a_csv_formula_is_refused(tmp_path: Path) -> None:
    """Given a text that a spreadsheet would compute, when read, then its row is refused."""
    (part,) = read_parts(_csv(tmp_path, FILE_COLUMNS, [{**FILE, "title": "=cmd|' /C calc'!A0"}], "utf-8", ","))
    assert [one.code for one in judge(part, KNOWN)[0].refusals] == ["worksheet-formula"]


def _csv(
    folder: Path, columns: Sequence[Column], rows: Sequence[Mapping[str, str]], encoding: str, delimiter: str
) -> Path:
    path = folder / "bang-ke.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow([column.header for column in columns])
        writer.writerows([row.get(column.field, "") for column in columns] for row in rows)
    return path
