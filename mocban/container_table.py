"""Containers as a workbook: a row each, Vietnamese heads, English beneath."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill

Cell = str | float | None
HEADS: Final = (
    ("Phông", "Fonds", 20),
    ("Nhãn", "Label", 16),
    ("Loại", "Kind", 18),
    ("Kho của", "Store of", 44),
    ("Kho", "Repository", 24),
    ("Phòng", "Room", 12),
    ("Giá", "Shelf", 12),
    ("Từ ngày", "Since", 12),
    ("Số niêm phong", "Seal", 14),
    ("Tình trạng", "Condition", 12),
    ("Hồ sơ", "Files", 8),
    ("Mét giá", "Shelf metres", 10),
    ("Cho mượn", "Lent to", 44),
    ("Hạn trả", "Due back", 12),
    ("Hành vi", "Act", 8),
    ("Mã", "Id", 38),
)


def workbook(rows: Iterable[Sequence[Cell]]) -> bytes:
    """The bytes of the workbook; a row has a value for each of HEADS."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Hộp, bó, tập")
    for at, (_, _, width) in enumerate(HEADS):
        sheet.column_dimensions[chr(ord("A") + at)].width = width
    sheet.freeze_panes = "A3"
    for words in (0, 1):
        cells = [WriteOnlyCell(sheet, value=head[words]) for head in HEADS]
        for cell in cells:
            cell.font = Font(bold=not words, italic=bool(words), color="6B6259" if words else None)
            cell.fill, cell.alignment = (
                PatternFill("solid", fgColor="F3EDE4"),
                Alignment(wrap_text=True, vertical="top"),
            )
        sheet.append(cells)
    for row in rows:
        cells = [WriteOnlyCell(sheet, value=value) for value in row]
        for cell, value in zip(cells, row, strict=True):
            if isinstance(value, str):
                cell.data_type = "s"  # text that a spreadsheet would take for a formula stays text
        sheet.append(cells)
    out = BytesIO()
    book.save(out)
    return out.getvalue()
