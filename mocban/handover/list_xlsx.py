"""A hand-over's list as a workbook, to be ticked line by line and read again."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from domain.handover import DisputeReason
from mocban.handover import list_layout as layout
from mocban.handover.listing import Listing
from mocban.handover.wording import NOT_TAKEN, REASONS, TAKEN, period, retention
from projections.handover_queries import ListedLine

_TITLE: Final = Font(bold=True, size=14)
_HEAD: Final = Font(bold=True)
_FILL: Final = PatternFill("solid", fgColor="F3EDE4")
_ASKED: Final = PatternFill("solid", fgColor="FFFBE6")
_WRAP: Final = Alignment(wrap_text=True, vertical="top")
_EDGE: Final = Border(*(Side(style="thin", color="C9BFB2"),) * 4)
_RESULT: Final = layout.COLUMNS.index(layout.RESULT) + 1


def list_workbook(listing: Listing) -> bytes:
    """The workbook. The cells that are to be filled are tinted; two of them offer their words."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None, "a new workbook has one sheet"
    sheet.title = layout.SHEET
    _top(sheet, listing)
    heads = sheet.max_row + 1
    for at, ((vi, en), width) in enumerate(zip(layout.COLUMNS, layout.WIDTHS, strict=True), 1):
        cell = sheet.cell(heads, at, f"{vi}\n{en}")
        cell.font, cell.fill, cell.alignment, cell.border = _HEAD, _FILL, _WRAP, _EDGE
        sheet.column_dimensions[get_column_letter(at)].width = width
    sheet.freeze_panes = f"C{heads + 1}"
    for number, line in enumerate(listing.lines, 1):
        _write_line(sheet, heads + number, number, line)
    _offer_words(sheet, heads + 1, heads + len(listing.lines))
    sheet.print_title_rows = f"{heads}:{heads}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = "landscape", 9, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def top_facts(listing: Listing) -> Iterator[tuple[tuple[str, str], str]]:
    """What stands above the lines, in order."""
    yield layout.HANDOVER, str(listing.row.id)
    yield layout.ROOT, listing.root
    yield layout.GIVER, listing.giver.name
    yield layout.RECEIVER, listing.receiver.name
    yield layout.BASIS, listing.cited
    yield layout.FONDS, "; ".join(f"{name} ({code})" for code, name in listing.fonds)


def _top(sheet: Any, listing: Listing) -> None:
    put_text(sheet, 1, 1, " · ".join(layout.TITLE)).font = _TITLE
    for row, ((vi, en), value) in enumerate(top_facts(listing), 2):
        put_text(sheet, row, 1, f"{vi} · {en}").font = _HEAD
        put_text(sheet, row, 3, value)
    put_text(sheet, sheet.max_row + 1, 1, layout.HOW[0])
    put_text(sheet, sheet.max_row + 1, 1, layout.HOW[1])


def _write_line(sheet: Any, row: int, number: int, line: ListedLine) -> None:
    sheets: object = layout.SEALED[0] if line.sealed_set else (line.sheets or "")
    values = (number, line.code, line.title or "", period(line), retention(line), sheets, line.box, "", "", "")
    for at, value in enumerate(values, 1):
        cell = put_text(sheet, row, at, value)
        cell.alignment, cell.border = _WRAP, _EDGE
        if at >= _RESULT:
            cell.fill = _ASKED


def put_text(sheet: Any, row: int, column: int, value: object) -> Any:
    """A cell; text that a spreadsheet would take for a formula stays text, control characters go."""
    if isinstance(value, str):
        value = "".join(one for one in value if one.isprintable() or one == "\n")
    cell = sheet.cell(row, column, value)
    if isinstance(value, str) and value.startswith("="):
        cell.data_type = "s"
    return cell


def _offer_words(sheet: Any, first: int, last: int) -> None:
    reasons = ",".join(REASONS[reason][0] for reason in DisputeReason)
    for column, words in ((_RESULT, f"{TAKEN[0]},{NOT_TAKEN[0]}"), (_RESULT + 1, reasons)):
        offered = DataValidation(type="list", formula1=f'"{words}"', allow_blank=True, showErrorMessage=False)
        letter = get_column_letter(column)
        offered.add(f"{letter}{first}:{letter}{last}")
        sheet.add_data_validation(offered)
