"""The record of hand-over and receipt as a workbook: its text, the list of files, the lines not taken."""

from __future__ import annotations

from io import BytesIO
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from mocban.handover import list_layout as layout
from mocban.handover.list_xlsx import put_text
from mocban.handover.minutes import TITLE, Minutes
from mocban.handover.minutes_words import (
    contents,
    dispute_words,
    ended_giver,
    grounds,
    issuer_lines,
    parties,
    place_and_day,
    remarks,
)
from mocban.handover.wording import LINE_STATES, line_state, period, retention
from mocban.state_paper import MOTTO, NATION
from projections.handover_queries import ListedLine

_BOLD: Final = Font(bold=True)
_SOFT: Final = Font(italic=True, color="6B6259")
_WRAP: Final = Alignment(wrap_text=True, vertical="top")
_LIST: Final = (
    layout.NUMBER, layout.BOX, layout.CODE, layout.NAME, layout.PERIOD, layout.RETENTION, layout.SHEETS,
    ("Trạng thái", "State"), layout.REASON,
)  # fmt: skip
_WIDTHS: Final = (6, 12, 28, 60, 22, 14, 12, 26, 44)


def minutes_workbook(minutes: Minutes) -> bytes:
    """The workbook."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None, "a new workbook has one sheet"
    sheet.title = "Biên bản"
    _text(sheet, minutes)
    _list(book.create_sheet(layout.SHEET), minutes, list(enumerate(minutes.listing.lines, 1)))
    disputed = [(number, line) for number, line in enumerate(minutes.listing.lines, 1) if line.reason is not None]
    if disputed:
        _list(book.create_sheet("Không nhận"), minutes, disputed)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _text(sheet: Any, minutes: Minutes) -> None:
    """Vietnamese in the first column, English in the second."""
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 100, 44
    rows: list[tuple[str, str]] = [
        (" ".join(issuer_lines(minutes.listing.receiver)), "receiver"),
        (f"{NATION} · {MOTTO}", ""),
        (place_and_day(minutes), "day of the hand-over"),
        (" ".join(TITLE), "Record of hand-over and receipt"),
        *((ground, "ground") for ground in grounds(minutes)),
    ]
    for name, lines in parties(minutes):
        rows.append(name)
        rows += [(f"{label}: {value}", english) for (label, english), value in lines]
    if ended := ended_giver(minutes):
        rows.append((ended, "the giver has ended"))
    rows += [*contents(minutes), *((f"Lưu ý: {vi}.", en) for vi, en in remarks(minutes))]
    rows += _proven(minutes)
    for at, (vi, en) in enumerate(rows, 1):
        for column, (value, font) in enumerate(((vi, None), (en, _SOFT)), 1):
            cell = put_text(sheet, at, column, value)
            cell.alignment = _WRAP
            if font is not None:
                cell.font = font
    sheet.cell(4, 1).font = Font(bold=True, size=14)


def _proven(minutes: Minutes) -> list[tuple[str, str]]:
    row = minutes.listing.row
    return [
        (f"Sổ cái: {minutes.origin}", "log"),
        (f"{layout.HANDOVER[0]}: {row.id}", layout.HANDOVER[1]),
        (f"{layout.ROOT[0]}: {minutes.listing.root}", "inventory root signed by both"),
        (f"Hành vi số: {', '.join(map(str, minutes.acts))}", "acts"),
        (f"Điểm kiểm: {minutes.size}, gốc {minutes.checkpoint_root}", "checkpoint, root"),
    ]


def _list(sheet: Any, minutes: Minutes, lines: list[tuple[int, ListedLine]]) -> None:
    for at, ((vi, en), width) in enumerate(zip(_LIST, _WIDTHS, strict=True), 1):
        cell = put_text(sheet, 1, at, f"{vi}\n{en}")
        cell.font, cell.alignment = _BOLD, _WRAP
        sheet.column_dimensions[get_column_letter(at)].width = width
    sheet.freeze_panes = "A2"
    for row, (number, line) in enumerate(lines, 2):
        sheets: object = layout.SEALED[0] if line.sealed_set else line.sheets
        state = LINE_STATES[line_state(line, completed=True, withdrawn=False)][0]
        values = (
            number, line.box, line.code, line.title or "", period(line), retention(line), sheets, state,
            dispute_words(minutes, line),
        )  # fmt: skip
        for at, value in enumerate(values, 1):
            put_text(sheet, row, at, value).alignment = _WRAP
