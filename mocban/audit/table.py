"""The table to be filled in on the spot, as XLSX or CSV."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from io import BytesIO, StringIO
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from mocban.audit.columns import COLUMNS, FILLED_IN, SHEET
from mocban.audit.sample import Sample, SampledFile

_WIDTHS: Final = {"number": 6, "code": 30, "title": 46, "place": 24, "box": 12, "holder": 36, "sheets": 9, "note": 44}
_HEAD: Final = Font(bold=True)
_FILL: Final = PatternFill("solid", fgColor="F3EDE4")
_TO_FILL: Final = PatternFill("solid", fgColor="FFF8DC")
_OLD: Final = datetime(2025, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_OF: Final = {"all": "toàn bộ / all", "holder": "đang giữ / held by:", "fonds": "phông / fonds:"}
_CHOICES: Final = {"found": '"có,không"', "condition": '"tốt,hỏng"'}


def csv_table(sample: Sample) -> bytes:
    """UTF-8 with a mark, so that spreadsheets read its letters."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.header for column in COLUMNS])
    writer.writerows([[_plain(cell) for cell in _cells(file)] for file in sample.drawn])
    return "\ufeff".encode() + out.getvalue().encode()


def xlsx_table(sample: Sample) -> bytes:
    """A sheet with choices where there are any; a second one says what was drawn."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None, "a new workbook has a sheet"
    sheet.title = SHEET
    for at, column in enumerate(COLUMNS, start=1):
        head = sheet.cell(1, at, column.header)
        head.font, head.fill, head.alignment = _HEAD, _FILL, Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[get_column_letter(at)].width = _WIDTHS.get(column.field, 14)
        if column.field in _CHOICES:
            allowed = DataValidation(type="list", formula1=_CHOICES[column.field], allow_blank=True)
            sheet.add_data_validation(allowed)
            allowed.add(f"{get_column_letter(at)}2:{get_column_letter(at)}{len(sample.drawn) + 1}")
    for row, file in enumerate(sample.drawn, start=2):
        for at, (column, value) in enumerate(zip(COLUMNS, _cells(file), strict=True), start=1):
            cell = sheet.cell(row, at, value)
            if isinstance(value, str):
                cell.data_type = "s"  # a text that a spreadsheet would take for a formula stays text
            if column.field in FILLED_IN:
                cell.fill, cell.protection = _TO_FILL, Protection(locked=False)
    sheet.freeze_panes = "C2"
    _say_what_was_drawn(book.create_sheet("Mẫu"), sample)
    book.properties.created = book.properties.modified = _OLD
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def facts_of(sample: Sample) -> list[tuple[str, str, str]]:
    """What the draw rests on, in words: Vietnamese, English, value."""
    stratum = " ".join((_OF[sample.stratum.kind], sample.stratum.name)).strip()
    return [
        ("Sổ cái", "Ledger", sample.origin),
        ("Hạt giống", "Seed", sample.seed),
        ("Điểm kiểm", "Checkpoint", f"{sample.checkpoint.size}"),
        ("Gốc của điểm kiểm", "Its root", sample.checkpoint.root),
        ("Phạm vi", "Drawn from", stratum),
        ("Số hồ sơ trong phạm vi", "Files in it", f"{sample.files}"),
        ("SHA-256 của danh sách mã", "SHA-256 of their ids", sample.digest),
        ("Số hồ sơ rút ra", "Files drawn", f"{len(sample.drawn)}"),
        ("Ngưỡng", "Threshold", sample.threshold),
        ("Nơi giữ tính đến ngày", "Holders as of", sample.on),
    ]


def _say_what_was_drawn(sheet: Any, sample: Sample) -> None:
    sheet.column_dimensions["A"].width = sheet.column_dimensions["B"].width = 28
    sheet.column_dimensions["C"].width = 80
    for vi, en, value in facts_of(sample):
        sheet.append([vi, en, value])
        sheet.cell(sheet.max_row, 3).data_type = "s"


def _cells(file: SampledFile) -> list[str | int | None]:
    known: dict[str, str | int | None] = {
        "number": file.number,
        "code": file.code,
        "title": file.title,
        "place": file.place or None,
        "box": file.box or None,
        "holder": file.holder or None,
        "sheets": file.sheets or None,
    }
    return [known.get(column.field) for column in COLUMNS]


def _plain(value: str | int | None) -> str | int:
    """A CSV knows no types: what a spreadsheet would take for a formula is written as text."""
    if isinstance(value, str) and value[:1] in {"=", "+", "-", "@"}:
        return f"'{value}"
    return "" if value is None else value
