"""A workbook that would be costly to open, or hides a document type, is refused before it is opened."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from mocban.plan_file import workbook_form
from mocban.plan_file.reading import read_plan_file, write_plan_file
from reference.plan import load_plan

SHEET = "xl/worksheets/sheet1.xml"
END = b"</sheetData>"
HOSTILE = [  # what stands after the rows of the first sheet; code
    (b"<row/>" * 20_001 + END, "plan-sheet-too-large"),
    (END + b"<x/>" * 1_000_001, "plan-sheet-too-large"),
    (END + b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>', "plan-sheet-too-large"),
    (END + b'<hyperlinks><hyperlink ref="B9:ZZ99999"/></hyperlinks>', "plan-sheet-too-large"),
    (END + b'<mergeCells><mergeCell ref="A:B"/></mergeCells>', "plan-sheet-too-large"),
    (END + b'<mergeCells><mergeCell ref="?"/></mergeCells>', "plan-workbook-unreadable"),
    (END + b"<x>" * 100 + b"</x>" * 100, "plan-workbook-unreadable"),
    (END + b"<x>", "plan-workbook-unreadable"),
]


def respelt(path: Path, old: bytes, new: bytes) -> None:
    """Write the workbook anew with other text in its first sheet."""
    with zipfile.ZipFile(path) as archive:
        parts = {one.filename: archive.read(one) for one in archive.infolist()}
    assert parts[SHEET].count(old) == 1
    parts[SHEET] = parts[SHEET].replace(old, new)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


def codes(path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The codes told, where opening the workbook would fail the test."""

    def opened(_: Path) -> None:
        raise AssertionError("opened")

    monkeypatch.setattr(workbook_form, "load_workbook", opened)
    return [fault.code for fault in read_plan_file(path).faults]


@pytest.mark.parametrize(("end", "code"), HOSTILE, ids=range(len(HOSTILE)))
def test_a_costly_workbook_is_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: bytes, code: str
) -> None:
    """Given a small file of very many rows, elements or cells, when it is read, it is refused unopened."""
    path = tmp_path / "plan.xlsx"
    write_plan_file(load_plan(), path)
    respelt(path, END, end)
    assert codes(path, monkeypatch) == [code]


def test_a_document_type_after_much_space_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a document type after 100,000 spaces, when the workbook is read, it is refused unopened."""
    path = tmp_path / "plan.xlsx"
    write_plan_file(load_plan(), path)
    respelt(path, b"<worksheet ", b" " * 100_000 + b'<!DOCTYPE worksheet [<!ENTITY a "b">]><worksheet ')
    assert codes(path, monkeypatch) == ["plan-workbook-unreadable"]


def test_pictures_and_small_merges_are_passed_over(tmp_path: Path) -> None:
    """Given a picture that is no XML and two merged cells, when the workbook is read, the plan is whole."""
    path = tmp_path / "plan.xlsx"
    write_plan_file(load_plan(), path)
    respelt(path, END, END + b'<mergeCells><mergeCell ref="H40:I40"/></mergeCells>')
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/media/image1.png", b"\x89PNG\r\n")
    assert read_plan_file(path).plan == load_plan()
