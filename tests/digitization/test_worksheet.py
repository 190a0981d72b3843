"""A worksheet goes in: good rows come out parsed, each bad one is named, and nothing a stranger wrote does harm."""

from __future__ import annotations

import datetime as dt
import unicodedata
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from digitization.worksheet import Worksheet, read_worksheet
from digitization.worksheet_columns import DOCUMENT_COLUMNS, DOCUMENTS_SHEET, FILE_COLUMNS, FILES_SHEET, LEGEND_SHEET
from digitization.worksheet_rows import Known
from digitization.worksheet_template import write_template, write_worksheet
from domain.agency import Block
from domain.lot import WorkState

FILE = {
    "organ_id": "H26.41",
    "fonds": "P-H2641",
    "catalog": "2019",
    "notation": "05/QĐ",
    "title": "Hồ sơ thu thập tài liệu",
    "start_year": "2019",
    "start_month": "5",
    "end_day": "17",
    "end_month": "6",
    "end_year": "2019",
    "state": "Đã kết thúc",
    "block": "Chính quyền",
    "arranged": "Có",
    "holder": "H26.41",
}
DOCUMENT = {"file_code": "H26.41.2019.05/QĐ", "ordinal": "1", "subject": "Về việc thu thập tài liệu", "scan": "a.pdf"}
KNOWN = Known(agencies={"H26.41"}, fonds={"P-H2641": "H26.41"}, rules={"TT09-2011/002"})


def _read(folder: Path, files: Sequence[Mapping[str, str]], documents: Sequence[Mapping[str, str]] = ()) -> Worksheet:
    path = folder / "bang-ke.xlsx"
    write_worksheet(path, files, documents)
    return read_worksheet(path, KNOWN)


def _codes(sheet: Worksheet) -> list[str]:
    return [refusal.code for refusal in sheet.refusals]


def test_a_good_row_is_parsed_with_its_gaps_kept(tmp_path: Path) -> None:
    """Given a row without the day of its start, when read, then the date has no day and all else its meaning."""
    sheet = _read(tmp_path, [FILE], [DOCUMENT])
    assert _codes(sheet) == []
    (row,) = sheet.files
    assert (row.row, row.file_code, row.start, row.end) == (2, "H26.41.2019.05/QĐ", "2019-05", "2019-06-17")
    assert (row.state, row.block, row.arranged, row.damaged) == (WorkState.FINISHED, Block.GOVERNMENT, True, False)
    assert row.raw["state"] == "Đã kết thúc"
    (document,) = sheet.documents
    assert (document.file_code, document.ordinal, document.scan, document.issued) == (row.file_code, 1, "a.pdf", "")


@pytest.mark.parametrize(
    ("change", "code", "column"),
    [
        ({"title": ""}, "worksheet-value-missing", "Tiêu đề hồ sơ"),
        ({"holder": ""}, "worksheet-value-missing", "Cơ quan đang giữ"),
        ({"catalog": "20x9"}, "worksheet-number", "Năm"),
        ({"catalog": "1234"}, "worksheet-number", "Năm"),
        ({"sheets": "-5"}, "worksheet-number", "Số tờ"),
        ({"sheets": "٣"}, "worksheet-number", "Số tờ"),
        ({"end_day": "31", "end_month": "6"}, "worksheet-date", "Năm kết thúc"),
        ({"end_day": "29", "end_month": "2", "end_year": "2019"}, "worksheet-date", "Năm kết thúc"),
        ({"start_day": "5", "start_month": ""}, "worksheet-date", "Năm bắt đầu"),
        ({"start_year": ""}, "worksheet-date", "Năm bắt đầu"),
        ({"start_month": "13"}, "worksheet-number", "Tháng bắt đầu"),
        ({"start_year": "2020"}, "worksheet-date-order", "Năm kết thúc"),
        ({"appraised_on": "31/2/2020"}, "worksheet-date", "Ngày xác định giá trị"),
        ({"appraised_on": "hôm qua"}, "worksheet-date", "Ngày xác định giá trị"),
        ({"state": "xong"}, "worksheet-vocabulary", "Tình trạng hồ sơ"),
        ({"block": "quân đội"}, "worksheet-vocabulary", "Khối"),
        ({"rights": "Tuyệt mật"}, "worksheet-secret", "Chế độ sử dụng"),
        ({"notation": "x" * 21}, "worksheet-too-long", "Số và ký hiệu hồ sơ"),
        ({"title": "Hồ\u200bsơ"}, "worksheet-forbidden-character", "Tiêu đề hồ sơ"),
        ({"title": "Hồ sơ \u202egnoàh"}, "worksheet-forbidden-character", "Tiêu đề hồ sơ"),
        ({"title": "Hồ sơ \ue000"}, "worksheet-forbidden-character", "Tiêu đề hồ sơ"),
        ({"organ_id": "H99"}, "worksheet-agency-unknown", "Mã định danh cơ quan"),
        ({"holder": "H99"}, "worksheet-agency-unknown", "Cơ quan đang giữ"),
        ({"fonds": "P-X"}, "worksheet-fonds-unknown", "Phông"),
        ({"retention_rule": "TT09-2011/999"}, "worksheet-rule-unknown", "Căn cứ thời hạn"),
    ],
)  # fmt: skip
def test_a_bad_cell_refuses_its_row_alone(tmp_path: Path, change: dict[str, str], code: str, column: str) -> None:
    """Given one bad row between two good ones, when read, then it is named and the good ones go through."""
    rows = [FILE | {"notation": "01"}, FILE | change, FILE | {"notation": "03"}]
    sheet = _read(tmp_path, rows)
    assert [row.notation for row in sheet.files] == ["01", "03"]
    assert [(refusal.code, refusal.facts["row"], refusal.facts["column"]) for refusal in sheet.refusals] == [
        (code, 3, column)
    ]
    assert "dòng 3" in sheet.refusals[0].vi
    assert "row 3" in sheet.refusals[0].en


def test_all_faults_of_a_row_are_named_at_once(tmp_path: Path) -> None:
    """Given a row with three faults, when read, then three refusals name it."""
    sheet = _read(tmp_path, [FILE | {"title": "", "state": "?", "sheets": "nhiều"}])
    assert sorted(_codes(sheet)) == ["worksheet-number", "worksheet-value-missing", "worksheet-vocabulary"]


def test_the_second_of_two_rows_with_one_file_code_is_refused(tmp_path: Path) -> None:
    """Given a file code twice, when read, then the first stands and the second names it."""
    sheet = _read(tmp_path, [FILE, FILE | {"title": "Khác"}])
    assert [row.row for row in sheet.files] == [2]
    assert (_codes(sheet), sheet.refusals[0].facts["first"]) == (["worksheet-file-twice"], 2)


@pytest.mark.parametrize(("first", "second"), [("1A", "1a"), ("1a", "1A"), ("05.đ", "05.Đ")])
def test_a_code_that_differs_by_capitals_only_is_refused(tmp_path: Path, first: str, second: str) -> None:
    """Given two codes that only capitals tell apart, when read, then the first stands and the second names it."""
    sheet = _read(tmp_path, [FILE | {"notation": first}, FILE | {"notation": second}])
    assert [row.notation for row in sheet.files] == [first]
    assert (_codes(sheet), sheet.refusals[0].facts["first"]) == (["worksheet-file-letters"], 2)


def test_decomposed_letters_and_spaces_are_normalized(tmp_path: Path) -> None:
    """Given NFD text with hard and double spaces, when read, then it is NFC with single ones."""
    title = unicodedata.normalize("NFD", "Hồ sơ") + " \u00a0 quản lý\nđất đai "
    (row,) = _read(tmp_path, [FILE | {"title": title}]).files
    assert row.title == "Hồ sơ quản lý đất đai"


@pytest.mark.parametrize(
    ("written", "read"),
    [("17/5/2021", "2021-05-17"), ("5/2021", "2021-05"), ("2021", "2021"), ("2021-05-17", "2021-05-17"), ("", "")],
)
def test_a_written_date_keeps_what_it_says(tmp_path: Path, written: str, read: str) -> None:
    """Given a date in one cell, when read, then its parts are kept and none is added."""
    (row,) = _read(tmp_path, [FILE | {"appraised_on": written}]).files
    assert row.appraised_on == read


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"file_code": "H26.41.2019.99"}, "worksheet-document-without-file"),
        ({"ordinal": "0"}, "worksheet-number"),
        ({"ordinal": "2"}, "worksheet-document-twice"),
        ({"day": "30", "month": "2", "year": "2019"}, "worksheet-date"),
        ({"subject": ""}, "worksheet-value-missing"),
        ({"scan": "../a.pdf"}, "worksheet-scan-name"),
        ({"scan": "C:\\a.pdf"}, "worksheet-scan-name"),
        ({"scan": "/a.pdf"}, "worksheet-scan-name"),
        ({"scan": ".pdf"}, "worksheet-scan-name"),
        ({"scan": "a.exe"}, "worksheet-scan-name"),
        ({"scan": "NUL.pdf"}, "worksheet-scan-name"),
        ({"scan": "com1.x.pdf"}, "worksheet-scan-name"),
        ({"scan": "a .pdf"}, "worksheet-scan-name"),
        ({"scan": "a..pdf"}, "worksheet-scan-name"),
        ({"scan": "x" * 117 + ".pdf"}, "worksheet-too-long"),
        ({"signer": "x" * 51}, "worksheet-too-long"),
    ],
)
def test_a_bad_document_row_is_refused_alone(tmp_path: Path, change: dict[str, str], code: str) -> None:
    """Given one bad document row, when read, then it is named and the other goes through."""
    sheet = _read(tmp_path, [FILE], [DOCUMENT | {"ordinal": "2"}, DOCUMENT | {"ordinal": "3"} | change])
    assert [row.row for row in sheet.documents] == [2]
    assert _codes(sheet) == [code]


def test_documents_of_a_refused_file_are_refused_too(tmp_path: Path) -> None:
    """Given a file row that is refused, when its document is read, then it says that its file is not there."""
    assert _codes(_read(tmp_path, [FILE | {"title": ""}], [DOCUMENT]))[-1] == "worksheet-document-without-file"


def damaged(change: Callable[[Workbook], None], path: Path) -> Worksheet:
    """A good worksheet with something changed in it, as it is read."""
    write_worksheet(path, [FILE], [DOCUMENT])
    workbook = load_workbook(path)
    change(workbook)
    workbook.save(path)
    return read_worksheet(path, KNOWN)


def _set(sheet: str, cell: str, value: str | float | dt.date | None) -> Callable[[Workbook], None]:
    return lambda workbook: workbook[sheet].__setitem__(cell, value)


@pytest.mark.parametrize(
    ("change", "codes", "files"),
    [
        (_set(FILES_SHEET, "C1", "Danh mục"), ["worksheet-columns", "worksheet-document-without-file"], 0),
        (_set(FILES_SHEET, "C1", "Phông"), ["worksheet-columns", "worksheet-document-without-file"], 0),
        (_set(FILES_SHEET, "AF1", "Thêm"), ["worksheet-columns", "worksheet-document-without-file"], 0),
        (_set(DOCUMENTS_SHEET, "A1", None), ["worksheet-columns"], 1),
        (lambda workbook: workbook.remove(workbook[DOCUMENTS_SHEET]), ["worksheet-sheet-missing"], 1),
        (_set(FILES_SHEET, "C2", '=HYPERLINK("x")'), ["worksheet-formula", "worksheet-document-without-file"], 0),
        (_set(FILES_SHEET, "C2", "#REF!"), ["worksheet-cell-error", "worksheet-document-without-file"], 0),
        (_set(FILES_SHEET, "D2", 2019.0), [], 1),
        (_set(FILES_SHEET, "D2", dt.datetime(2019, 1, 1)), ["worksheet-cell-changed"], 0),  # noqa: DTZ001
        (_set(FILES_SHEET, "P2", dt.date(2021, 5, 17)), [], 1),
        (_set(FILES_SHEET, "A200", "H26.41"), ["worksheet-value-missing"] * 5, 1),
    ],
)
def test_columns_formulas_and_types(
    tmp_path: Path, change: Callable[[Workbook], None], codes: list[str], files: int
) -> None:
    """Given a workbook changed by hand, when read, then what is wrong is named and the rest goes through."""
    sheet = damaged(change, tmp_path / "a.xlsx")
    assert _codes(sheet)[: len(codes)] == codes
    assert len(sheet.files) == files


def _zip(path: Path, **parts: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return path


def _with_part(path: Path, name: str, content: bytes) -> Path:
    write_worksheet(path, [FILE], [DOCUMENT])
    with zipfile.ZipFile(path) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, written in {**parts, name: content}.items():
            archive.writestr(part, written)
    return path


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda path: path, "worksheet-unreadable"),
        (lambda path: (path.write_bytes(b"") and path) or path, "worksheet-unreadable"),
        (lambda path: path.write_bytes(b"%PDF-1.4") and path, "worksheet-unreadable"),
        (lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0" + b"0" * 600) and path, "worksheet-encrypted"),
        (lambda path: _zip(path, hello=b"x"), "worksheet-unreadable"),
        (lambda path: _with_part(path, "xl/vbaProject.bin", b"x"), "worksheet-unsafe"),
        (lambda path: _with_part(path, "xl/externalLinks/externalLink1.xml", b"<a/>"), "worksheet-unsafe"),
        (lambda path: _with_part(path, "xl/x.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "worksheet-unsafe"),
        (lambda path: _with_part(path, "xl/media/bomb.bin", b"0" * (49 << 20)), "worksheet-too-large"),
    ],
)
def test_a_harmful_or_damaged_workbook_is_refused_whole(
    tmp_path: Path, make: Callable[[Path], Path], code: str
) -> None:
    """Given a workbook that is no workbook, or a bomb, when read, then one refusal names it and nothing is parsed."""
    sheet = read_worksheet(make(tmp_path / "x.xlsx"), KNOWN)
    assert (_codes(sheet), sheet.files, sheet.documents) == ([code], (), ())
    assert sheet.refusals[0].vi != sheet.refusals[0].en


def test_a_truncated_workbook_is_refused(tmp_path: Path) -> None:
    """Given every tenth prefix of a workbook, when read, then it is refused, never raised."""
    path = tmp_path / "a.xlsx"
    write_worksheet(path, [FILE], [DOCUMENT])
    whole = path.read_bytes()
    for length in range(0, len(whole), len(whole) // 10):
        path.write_bytes(whole[:length])
        assert _codes(read_worksheet(path)) == ["worksheet-unreadable"]


def test_no_refusal_repeats_what_the_cell_said(tmp_path: Path) -> None:
    """Given faults in cells that may hold names, when refused, then no text repeats the cell."""
    sheet = _read(tmp_path, [FILE | {"title": "Nguyễn Bí Mật\u200b", "state": "Nguyễn Bí Mật"}])
    assert len(sheet.refusals) == 2
    assert not [refusal for refusal in sheet.refusals if "Bí Mật" in str(refusal)]


def test_the_template_is_an_empty_worksheet_with_a_legend(tmp_path: Path) -> None:
    """Given a template, when read, then nothing is in it and nothing is wrong; its legend names every column."""
    write_template(tmp_path / "mau.xlsx")
    assert read_worksheet(tmp_path / "mau.xlsx") == Worksheet()
    legend = load_workbook(tmp_path / "mau.xlsx")[LEGEND_SHEET]
    named = {(row[0].value, row[1].value) for row in legend.iter_rows(min_row=2)}
    assert named == {(FILES_SHEET, column.header) for column in FILE_COLUMNS} | {
        (DOCUMENTS_SHEET, column.header) for column in DOCUMENT_COLUMNS
    }


def test_text_that_looks_like_a_date_or_a_list_item_stays_text(tmp_path: Path) -> None:
    """Given texts such as `- a` and `05/6`, when written and read, then they come back as they were."""
    sheet = _read(tmp_path, [FILE | {"title": "- Quyết định +84", "notation": "05/6"}])
    assert [(row.title, row.notation) for row in sheet.files] == [("- Quyết định +84", "05/6")]
