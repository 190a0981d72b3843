"""How a list to be ticked is laid out, as a workbook and as pages: heads, Vietnamese and English, and widths."""

from __future__ import annotations

from typing import Final

SHEET: Final = "Danh mục"
TITLE: Final = ("DANH MỤC HỒ SƠ BÀN GIAO", "List of files of a hand-over")
HANDOVER: Final = ("Mã đợt bàn giao", "Hand-over")
ROOT: Final = ("Gốc danh mục", "Inventory root")
GIVER: Final = ("Bên giao", "Giver")
RECEIVER: Final = ("Bên nhận", "Receiver")
BASIS: Final = ("Căn cứ", "Basis")
FONDS: Final = ("Phông", "Fonds")
NUMBER: Final = ("TT", "No.")
CODE: Final = ("Mã hồ sơ", "File code")
NAME: Final = ("Tiêu đề hồ sơ", "Title")
PERIOD: Final = ("Thời gian", "Dates")
RETENTION: Final = ("Thời hạn", "Retention")
SHEETS: Final = ("Số tờ", "Sheets")
BOX: Final = ("Hộp", "Box")
RESULT: Final = ("Kết quả", "Result")
REASON: Final = ("Lý do không nhận", "Reason")
NOTE: Final = ("Ghi chú", "Note")
COLUMNS: Final = (NUMBER, CODE, NAME, PERIOD, RETENTION, SHEETS, BOX, RESULT, REASON, NOTE)
WIDTHS: Final = (6, 28, 60, 22, 14, 8, 12, 14, 24, 40)
"""Of the workbook's columns, in letters."""
HOW: Final = (
    "Cột Kết quả: ghi «nhận» hoặc «không nhận» cho từng hồ sơ; không nhận thì ghi lý do. Không thêm, bớt dòng.",
    "Result: «nhận» (taken) or «không nhận» (not taken) for every file, with a reason. Add and remove no lines.",
)
SEALED: Final = ("niêm phong", "sealed")
