"""Texts and lists made to harm or to mislead: letters nobody sees, letters of another kind, old encodings."""

from __future__ import annotations

import csv
import io
import unicodedata
from pathlib import Path

import pytest

from digitization import worksheet_csv
from digitization.worksheet import Worksheet
from digitization.worksheet_columns import FILE_COLUMNS
from digitization.worksheet_part import judge
from digitization.worksheet_parts import read_parts
from digitization.worksheet_rows import Known
from domain.errors import Refusal
from tests.digitization.test_worksheet import FILE

HEADER = [column.header for column in FILE_COLUMNS]


def _list(*rows: dict[str, str]) -> str:
    """A CSV of the good row with changes."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(HEADER)
    writer.writerows([{**FILE, **row}.get(column.field, "") for column in FILE_COLUMNS] for row in rows)
    return written.getvalue()


def _read(path: Path, data: bytes) -> Worksheet:
    path.write_bytes(data)
    (part,) = read_parts(path)
    return judge(part, Known())[0]


LETTERS = [
    ({"title": "\u200b"}, "worksheet-forbidden-character"),
    ({"title": "\ufeff"}, "worksheet-forbidden-character"),
    ({"title": "a\u200db"}, "worksheet-forbidden-character"),
    ({"title": "a\u202eb"}, "worksheet-forbidden-character"),
    ({"title": "a\u2067b\u2069"}, "worksheet-forbidden-character"),
    ({"title": "a\U000e0041"}, "worksheet-forbidden-character"),
    ({"title": "\u3164"}, "worksheet-forbidden-character"),
    ({"title": "\u2800"}, "worksheet-forbidden-character"),
    ({"title": "a\u034fb"}, "worksheet-forbidden-character"),
    ({"title": "a\ufe0f"}, "worksheet-forbidden-character"),
    ({"title": "a\x00b"}, "worksheet-forbidden-character"),
    ({"title": "\x1b[2J"}, "worksheet-forbidden-character"),
    ({"title": " \u00a0 "}, "worksheet-value-missing"),
    ({"title": "Hå s¬ thu thËp tµi liÖu"}, "worksheet-legacy-font"),
    ({"title": "QuyÕt ®Þnh cña Uû ban"}, "worksheet-legacy-font"),
    ({"title": "Hoà sô thu thaäp vaø chænh lyù"}, "worksheet-legacy-font"),
    ({"title": "Quyeát ñònh cuûa quaän"}, "worksheet-legacy-font"),
    ({"title": "HôÌ sõ thu thâòp vaÌ chiÒnh lyì"}, "worksheet-legacy-font"),
    ({"title": "BÃ¡o cÃ¡o tÃ¬nh hÃ¬nh"}, "worksheet-legacy-font"),
    ({"title": "H\ufffd s\ufffd"}, "worksheet-forbidden-character"),
    ({"title": "Dự án Müller & Söhne, ông Núñez"}, None),
    ({"title": "Señor Núñez – Citroën, coût de l'aéroport"}, None),
    ({"title": "Báo cáo quá trình thuê khoá, toà án quân khu"}, None),
    ({"title": "Thửa đất 50 m², 3 µg «mẫu»"}, None),
    ({"title": "- Quyết định +84 (bản sao)"}, "worksheet-formula"),
    ({"title": "- Quyết định +84"}, None),
    ({"title": "=cmd|' /C calc'!A0"}, "worksheet-formula"),
    ({"title": "\t=1+1"}, "worksheet-formula"),
    ({"title": "+cmd|' /C calc'!A0"}, "worksheet-formula"),
    ({"title": "-2+3+cmd|' /C calc'!A0"}, "worksheet-formula"),
    ({"title": "@SUM(1)"}, "worksheet-formula"),
    ({"title": "＝1"}, "worksheet-formula"),
    ({"notation": "０５"}, "worksheet-lookalike-character"),
    ({"notation": "٠٥"}, "worksheet-lookalike-character"),
    ({"notation": "05/QĐ-\u0410"}, "worksheet-lookalike-character"),
    ({"notation": "05/QĐ–ỦB №1"}, None),
    ({"start_year": "٢٠١٩"}, "worksheet-number"),
    ({"appraised_on": "٢٠١٩"}, "worksheet-date"),
    ({"appraised_on": "１/２/２０１９"}, "worksheet-date"),
]


@pytest.mark.parametrize(("change", "code"), LETTERS, ids=[ascii(row[0]) for row in LETTERS])
def test_misleading_letters_are_refused(tmp_path: Path, change: dict[str, str], code: str | None) -> None:
    """Given a cell with letters that hide, turn, look like others or are computed, then its row is refused."""
    sheet = _read(tmp_path / "a.csv", _list(change).encode())
    assert [one.code for one in sheet.refusals][:1] == ([code] if code else [])
    assert len(sheet.files) == (0 if code else 1)


def test_one_code_composed_and_decomposed_is_one_file(tmp_path: Path) -> None:
    """Given a file code in NFC and again in NFD, when read, then the second is the same file, and NFC was remarked."""
    code = "05/QĐÂ"
    sheet = _read(
        tmp_path / "a.csv", _list({"notation": code}, {"notation": unicodedata.normalize("NFD", code)}).encode()
    )
    assert [row.notation for row in sheet.files] == [code]
    assert [one.code for one in sheet.refusals] == ["worksheet-file-twice"]
    assert [one.code for one in sheet.remarks] == ["worksheet-letters-composed"]


GOOD = _list({})
ENCODINGS = {
    "UTF-16": (GOOD.encode("utf-16"), "worksheet-encoding"),
    "UTF-16 without mark": (GOOD.encode("utf-16-le"), "worksheet-encoding"),
    "UTF-32": (GOOD.encode("utf-32"), "worksheet-encoding"),
    "windows-1258": (GOOD.encode("cp1258", errors="replace"), "worksheet-encoding"),
    "TCVN3": ((",".join(HEADER) + "\n").encode() + b"H\xe5 s\xac thu th\xcbp t\xb5i li\xd6u\n", "worksheet-encoding"),
    "VISCII": ((",".join(HEADER) + "\n").encode() + b"H\xb0 s\xbd t\xe0i li\xaeu\n", "worksheet-encoding"),
    "an endless line": (b"a" * (3 << 20), "worksheet-too-large"),
    "an endless line below": (GOOD.encode() + b"a" * (3 << 20), "worksheet-too-large"),
    "nothing but empty lines": (GOOD.encode() + b"\n" * 2_000, "worksheet-too-large"),
    "nothing but commas": (GOOD.encode() + b",,\n" * 2_000, "worksheet-too-large"),
    "a quote left open": (GOOD.encode() + b'"abc,1\n2,3\n', "worksheet-sheet-damaged"),
    "an endless cell": (GOOD.encode() + b'"' + b"a" * 200_000 + b'"\n', "worksheet-sheet-damaged"),
}


@pytest.mark.parametrize("name", ENCODINGS)
def test_a_list_in_another_encoding_is_refused(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given bytes that are no UTF-8 list, when read, then a code says so, whole or as the fault of the sheet."""
    monkeypatch.setattr(worksheet_csv, "MAX_IDLE_LINES", 1_000)
    data, code = ENCODINGS[name]
    try:
        codes = [one.code for one in _read(tmp_path / "a.csv", data).refusals]
    except Refusal as refusal:
        codes = [refusal.code]
    assert codes[-1] == code
