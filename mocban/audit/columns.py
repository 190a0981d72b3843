"""The columns of the table that is filled in on the spot: the same in XLSX, CSV and on the printed checklist."""

from __future__ import annotations

from typing import Final

from digitization.worksheet_columns import YES_NO, Column

SHEET: Final = "Kết quả"
CONDITIONS: Final = {"tốt": "good", "hỏng": "damaged", "good": "good", "damaged": "damaged"}
MAX_NOTE: Final = 500
MAX_SHEETS: Final = 99_999
COLUMNS: Final[tuple[Column, ...]] = (
    Column("number", "TT", "number on the checklist", 6),
    Column("code", "Mã hồ sơ", "file code", 60, True),
    Column("title", "Tiêu đề hồ sơ", "title, where it was asked for", 1000),
    Column("place", "Kho, giá", "place", 200),
    Column("box", "Hộp", "box", 60),
    Column("holder", "Đang giữ", "held by, as the ledger has it", 300),
    Column("sheets", "Số tờ theo sổ", "sheets, as the ledger has them", 6),
    Column("found", "Thấy hồ sơ", "found: có / không", 10, True, YES_NO),
    Column("counted", "Số tờ đếm được", "sheets counted", 6),
    Column("condition", "Tình trạng", "condition: tốt / hỏng", 10, values=CONDITIONS),
    Column("note", "Ghi chú", "notes; sealed with the file", MAX_NOTE),
)
FILLED_IN: Final = frozenset({"found", "counted", "condition", "note"})
