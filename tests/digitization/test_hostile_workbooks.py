"""A table of workbooks made to harm: each is refused by its code, or read with a remark, in a blink."""

from __future__ import annotations

import os
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from digitization import worksheet_xml
from digitization.worksheet import MAX_FAULTS, read_worksheet
from digitization.worksheet_columns import FILE_COLUMNS
from digitization.worksheet_part import judge
from digitization.worksheet_parts import read_parts
from digitization.worksheet_rows import Known
from digitization.worksheet_template import write_worksheet
from domain.errors import Refusal
from tests.digitization.test_worksheet import FILE

SHEET = "xl/worksheets/sheet1.xml"
BOOK_RELATIONS = "xl/_rels/workbook.xml.rels"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TEXTS = f'<Relationship Id="t" Type="{RELATION}/sharedStrings" Target="sharedStrings.xml"/>'.encode()
OUTSIDE = f'<Relationship Id="o" Type="{RELATION}/%s" Target="file:///etc/passwd" TargetMode="External"/>'
LINKS = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>'

Parts = dict[str, bytes]


def _parts(folder: Path) -> Parts:
    write_worksheet(folder / "whole.xlsx", [FILE], [])
    with zipfile.ZipFile(folder / "whole.xlsx") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _inline(column: int, row: int, text: str) -> str:
    letters = chr(64 + column) if column <= 26 else "A" + chr(38 + column)
    return f'<c r="{letters}{row}" t="inlineStr"><is><t>{text}</t></is></c>'


def _sheet(rows: str, dimension: str = "A1:AB2") -> bytes:
    header = "".join(_inline(at, 1, column.header) for at, column in enumerate(FILE_COLUMNS, start=1))
    return (
        f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="{dimension}"/>'
        f'<sheetData><row r="1">{header}</row>{rows}</sheetData></worksheet>'
    ).encode()


def _row(title: str = "", cell: str = "") -> str:
    """The good row, with another title or with another cell for it."""
    cells = [
        cell
        if cell and column.field == "title"
        else _inline(at, 2, title)
        if title and column.field == "title"
        else _inline(at, 2, FILE[column.field])
        for at, column in enumerate(FILE_COLUMNS, start=1)
        if column.field in FILE
    ]
    return f'<row r="2">{"".join(cells)}</row>'


def _formula(inner: str) -> Parts:
    return {SHEET: _sheet(_row(cell=f'<c r="F2" t="str">{inner}</c>'))}


def _with(name: str, old: bytes, new: bytes) -> Callable[[Parts], Parts]:
    return lambda parts: {name: parts[name].replace(old, new)}


def _of_texts(body: bytes) -> Callable[[Parts], Parts]:
    return lambda parts: {
        BOOK_RELATIONS: parts[BOOK_RELATIONS].replace(b"</Relationships>", TEXTS + b"</Relationships>"),
        "xl/sharedStrings.xml": b"<sst>" + body + b"</sst>",
    }


def _saved(path: Path, parts: Parts) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


DISASTERS: dict[str, tuple[Callable[[Parts], Parts], str]] = {
    "DDE": (lambda _: _formula("<f>cmd|' /C calc'!A0</f>"), "worksheet-formula"),
    "DDE with a value": (lambda _: _formula("<f>cmd|' /C calc'!A0</f><v>Hồ sơ</v>"), "worksheet-formula"),
    "an empty formula with a value": (lambda _: _formula("<f/><v>Hồ sơ</v>"), "worksheet-formula"),
    "a shared formula": (lambda _: _formula('<f t="shared" si="0">A1</f><v>x</v>'), "worksheet-formula"),
    "a data table": (lambda _: _formula('<f t="dataTable" ref="F2" r1="A1"/><v>x</v>'), "worksheet-formula"),
    "a text that is computed": (lambda _: {SHEET: _sheet(_row("@SUM(1)"))}, "worksheet-formula"),
    "an entity": (lambda _: {SHEET: b'<!DOCTYPE a [<!ENTITY b "c">]>' + _sheet(_row())}, "worksheet-unsafe"),
    "an entity where nobody looks": (lambda _: {"xl/x.vml": b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'}, "worksheet-unsafe"),
    "an entity in UTF-16": (lambda _: {"a.xml": '<!DOCTYPE a SYSTEM "b"><a/>'.encode("utf-16")}, "worksheet-unsafe"),
    "a relation to a file": (
        _with(BOOK_RELATIONS, b"</Relationships>", (OUTSIDE % "externalLink").encode() + b"</Relationships>"),
        "worksheet-unsafe",
    ),
    "a template on the net": (
        lambda _: {"xl/_rels/x.rels": LINKS % (OUTSIDE % "attachedTemplate").encode()},
        "worksheet-unsafe",
    ),
    "a part above the archive": (lambda _: {"../../evil.xml": b"<a/>"}, "worksheet-unsafe"),
    "a part at the root": (lambda _: {"/evil.xml": b"<a/>"}, "worksheet-unsafe"),
    "a part by drive": (lambda _: {"C:\\evil.xml": b"<a/>"}, "worksheet-unsafe"),
    "two parts of one name": (lambda _: {SHEET.upper(): b"<a/>"}, "worksheet-unsafe"),
    "too many parts": (lambda _: {f"a{number}": b"" for number in range(501)}, "worksheet-too-large"),
    "more than may be unpacked": (
        lambda _: {f"a{number}.bin": bytes(45 << 20) for number in range(6)},
        "worksheet-too-large",
    ),
    "empty cells": (lambda _: {SHEET: _sheet('<row r="2">' + "<c/>" * 16_385 + "</row>")}, "worksheet-too-large"),
    "empty rows": (lambda _: {SHEET: _sheet("<row/>" * 100_001)}, "worksheet-too-large"),
    "a row far below": (lambda _: {SHEET: _sheet('<row r="999999999"/>')}, "worksheet-too-large"),
    "nothing but tags": (lambda _: {SHEET: _sheet("<a/>" * 10_100)}, "worksheet-too-large"),
    "elements in elements": (lambda _: {SHEET: _sheet("<a>" * 80 + "</a>" * 80)}, "worksheet-too-large"),
    "a tag without an end": (lambda _: {SHEET: _sheet('<row a="' + "x" * (3 << 20))}, "worksheet-too-large"),
    "one text of a million runs": (_of_texts(b"<si>" + b"<t/>" * 10_100 + b"</si>"), "worksheet-too-large"),
    "styles without number": (
        _with("xl/styles.xml", b"</cellXfs>", b"<xf/>" * 100_100 + b"</cellXfs>"),
        "worksheet-too-large",
    ),
    "sheets without number": (
        _with("xl/workbook.xml", b"</sheets>", b"<sheet/>" * 501 + b"</sheets>"),
        "worksheet-too-large",
    ),
    "an unknown encoding": (lambda _: {SHEET: b'<?xml version="1.0" encoding="x"?><a/>'}, "worksheet-sheet-damaged"),
    "UTF-7": (lambda _: {SHEET: b'<?xml version="1.0" encoding="UTF-7"?><a/>'}, "worksheet-sheet-damaged"),
    "a sheet that breaks off": (lambda _: {SHEET: _sheet(_row())[:-30]}, "worksheet-sheet-damaged"),
    "a text that is not there": (
        lambda _: {SHEET: _sheet(_row(cell='<c r="F2" t="s"><v>9</v></c>'))},
        "worksheet-cell-error",
    ),
    "NUL as an escape": (lambda _: {SHEET: _sheet(_row("a_x0000_b"))}, "worksheet-forbidden-character"),
    "half a surrogate": (lambda _: {SHEET: _sheet(_row("a_xD800_b"))}, "worksheet-forbidden-character"),
}  # fmt: skip


@pytest.mark.parametrize("name", DISASTERS)
def test_a_hostile_workbook_is_refused_by_its_code(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a workbook made to harm, when read whole or in parts, then its code tells why and nothing raises."""
    monkeypatch.setattr(worksheet_xml, "MAX_IDLE_TAGS", 10_000)
    change, code = DISASTERS[name]
    parts = _parts(tmp_path)
    path = _saved(tmp_path / "x.xlsx", {**parts, **change(parts)})
    assert code in [refusal.code for refusal in read_worksheet(path).refusals]
    assert code in _codes_of_parts(path)


def _codes_of_parts(path: Path) -> list[str]:
    try:
        return [one.code for part in read_parts(path) for one in judge(part, Known())[0].refusals]
    except Refusal as refusal:
        return [refusal.code]


HARMLESS: dict[str, tuple[Callable[[Parts], Parts], list[str]]] = {
    "a whole sheet claimed": (lambda _: {SHEET: _sheet(_row(), "A1:XFD1048576")}, []),
    "no dimension": (lambda _: {SHEET: _sheet(_row()).replace(b'<dimension ref="A1:AB2"/>', b"")}, []),
    "UTF-16": (lambda _: {SHEET: _sheet(_row()).decode().encode("utf-16")}, []),
    "a link in a cell": (
        lambda _: {"xl/worksheets/_rels/sheet1.xml.rels": LINKS % (OUTSIDE % "hyperlink").encode()},
        ["worksheet-links-dropped"],
    ),
    "letters decomposed": (lambda _: {SHEET: _sheet(_row("Hô\u0300 sơ"))}, ["worksheet-letters-composed"]),
    "odd spaces": (lambda _: {SHEET: _sheet(_row("Hồ\u2028\u00a0sơ"))}, ["worksheet-spaces-evened"]),
    "an escaped new line": (lambda _: {SHEET: _sheet(_row("Hồ_x000D_sơ"))}, ["worksheet-spaces-evened"]),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_evened_out_is_remarked(tmp_path: Path, name: str) -> None:
    """Given an odd but harmless workbook, when read, then its row is taken and what was evened out is said."""
    change, remarks = HARMLESS[name]
    parts = _parts(tmp_path)
    sheet = read_worksheet(_saved(tmp_path / "x.xlsx", {**parts, **change(parts)}))
    assert (len(sheet.files), [one.code for one in sheet.remarks]) == (1, remarks)
    assert "?" not in "".join(one.vi + one.en for one in sheet.remarks)


def test_a_lying_size_is_damage(tmp_path: Path) -> None:
    """Given an archive whose index says less than a part unpacks to, when read, then it is refused."""
    path = _saved(tmp_path / "x.xlsx", _parts(tmp_path))
    data = bytearray(path.read_bytes())
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 5)
    path.write_bytes(data)
    assert [one.code for one in read_worksheet(path).refusals] == ["worksheet-unreadable"]


def test_an_index_beyond_measure_is_not_read(tmp_path: Path) -> None:
    """Given an archive that claims an index of gigabytes, when read, then it is refused by the claim alone."""
    path = _saved(tmp_path / "x.xlsx", _parts(tmp_path))
    data = bytearray(path.read_bytes())
    at = data.rfind(b"PK\x05\x06")
    data[at + 12 : at + 16] = struct.pack("<I", 3 << 30)
    path.write_bytes(data)
    assert [one.code for one in read_worksheet(path).refusals] == ["worksheet-too-large"]


def test_a_sheet_of_nothing_but_faults_is_given_up(tmp_path: Path) -> None:
    """Given more faulty rows than anyone mends by hand, when read, then reading stops and says where."""
    rows = "".join(f'<row r="{number}"><c><v>1</v></c></row>' for number in range(2, MAX_FAULTS))
    sheet = read_worksheet(_saved(tmp_path / "x.xlsx", {**_parts(tmp_path), SHEET: _sheet(rows)}))
    assert MAX_FAULTS < len(sheet.refusals) < MAX_FAULTS + 20
    assert sheet.refusals[-1].code in {"worksheet-too-many-faults", "worksheet-sheet-missing"}


@pytest.mark.parametrize("make", ["fifo", "folder", "device", "nothing", "sparse"])
def test_what_is_no_regular_file_is_never_opened(tmp_path: Path, make: str) -> None:
    """Given a pipe, a folder, a device, nothing or a terabyte of holes, when read, then it is refused at once."""
    path = tmp_path / "x.xlsx"
    makers: dict[str, Callable[[], object]] = {
        "fifo": lambda: os.mkfifo(path),
        "folder": path.mkdir,
        "device": lambda: path.symlink_to("/dev/zero"),
        "nothing": lambda: None,
        "sparse": lambda: path.open("wb").truncate(1 << 40),
    }
    makers[make]()
    expected = "worksheet-too-large" if make == "sparse" else "worksheet-unreadable"
    assert [one.code for one in read_worksheet(path).refusals] == [expected]
    with pytest.raises(Refusal, match=expected):
        list(read_parts(path.rename(tmp_path / "x.csv") if make == "fifo" else path))
