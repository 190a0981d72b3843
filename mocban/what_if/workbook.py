"""The report as a workbook: receivers, fonds by fonds, and what should be looked at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Final

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from mocban.what_if.metres import UNKNOWN, metres_between
from mocban.what_if.report import Amount, Report
from mocban.what_if.table import CARRIERS, OUTCOMES, matters, said

RECEIVERS: Final = "Nơi nhận"
FONDS: Final = "Từng phông"
OUTCOMES_SHEET: Final = "Phông đóng, mở, tiếp tục"
MATTERS: Final = "Cần xem"
_AMOUNTS: Final = (
    "phông · fonds",
    "khối · lots",
    "hồ sơ · files",
    "văn bản · documents",
    "hộp · boxes",
    "mét · metres",
    "hộp chưa đo · boxes unmeasured",
)


def workbook(report: Report) -> bytes:
    """The XLSX."""
    book = Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    first.title = RECEIVERS
    _receivers(first, report)
    by_fonds = [
        [
            *(text for body in (one.unit, one.fonds, one.receiver) for text in (body.code, body.name)),
            CARRIERS[one.carrier],
            *_cells(one.amount)[1:],
        ]
        for one in report.by_fonds
    ]
    heads = ["mã đơn vị · unit", "đơn vị", "mã phông · fonds", "phông", "mã nơi nhận · receiver", "nơi nhận"]
    _fill(book.create_sheet(FONDS), [*heads, "vật mang tin · carrier", *_AMOUNTS[1:]], by_fonds)
    outcomes: list[list[object]] = [
        [
            one.fonds.code,
            one.fonds.name,
            " · ".join(OUTCOMES[one.outcome]),
            ", ".join(map(said, one.creators)),
            ", ".join(map(said, one.former)),
            one.basis,
        ]
        for one in report.outcomes
    ]
    heads = ["mã phông · fonds", "phông", "việc · outcome", "đơn vị hình thành · creators", "trước đó · former"]
    _fill(book.create_sheet(OUTCOMES_SHEET), [*heads, "căn cứ · basis"], outcomes)
    found = [[vi, en, line] for vi, en, lines in matters(report) for line in lines]
    _fill(book.create_sheet(MATTERS), ["việc", "matter", "nội dung · what"], found)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _receivers(sheet: Worksheet, report: Report) -> None:
    heads = ["mã · code", "nơi nhận · receiver", "vật mang tin · carrier", *_AMOUNTS, "chờ bàn giao · files to come"]
    heads += ["hồ sơ hôm nay · files today", "chênh lệch · difference"]
    heads += ["mét hôm nay · metres today", "chênh lệch mét · difference, metres"]
    if report.other_title:
        heads += ["hồ sơ, phương án kia · files, other plan", "chênh lệch · difference"]
        heads += ["mét, phương án kia · metres, other plan", "chênh lệch mét · difference, metres"]
    rows: list[list[object]] = []
    for line in report.receivers:
        row: list[object] = [line.receiver.code, line.receiver.name, CARRIERS[line.carrier], *_cells(line.plan)]
        row += [line.to_come, *_beside(line.plan, line.today)]
        row += _beside(line.plan, line.other) if line.other is not None else []
        rows.append(row)
    _fill(sheet, heads, rows)
    foot: list[tuple[str, object]] = [
        ("Phương án · plan", report.title),
        ("Phạm vi · scope", report.scope),
        ("Hiệu lực · effective", report.effective),
        ("Mã băm phương án · plan hash", report.plan_hash),
        ("Thực hiện được · may be enacted", "có · yes" if report.may_be_enacted else "chưa · no"),
        ("So với · against", report.other_title),
    ]
    for at, (name, value) in enumerate(foot, start=len(rows) + 3):
        _put(sheet, at, 1, name)
        _put(sheet, at, 2, value)


def _cells(amount: Amount) -> list[object]:
    return [amount.fonds, amount.lots, amount.files, amount.documents, amount.boxes, _metres(amount), amount.unmeasured]


def _beside(plan: Amount, other: Amount) -> list[object]:
    more = metres_between(plan, other)
    return [other.files, plan.files - other.files, _metres(other), UNKNOWN if more is None else more]


def _metres(amount: Amount) -> object:
    return UNKNOWN if amount.metres is None else amount.metres


def _fill(sheet: Worksheet, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    for column, head in enumerate(heads, start=1):
        _put(sheet, 1, column, head)
        cell = sheet.cell(1, column)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[get_column_letter(column)].width = (
            44 if "nơi nhận" in head or head in {"phông", "đơn vị"} else 16
        )
    for at, row in enumerate(rows, start=2):
        for column, value in enumerate(row, start=1):
            _put(sheet, at, column, value)
    if sheet.title == MATTERS:
        sheet.column_dimensions["C"].width = 120
    sheet.freeze_panes = "A2"


def _put(sheet: Worksheet, row: int, column: int, value: object) -> None:
    cell = sheet.cell(row, column)
    if isinstance(value, int | float):
        cell.value = value
    elif value:
        cell.value = ILLEGAL_CHARACTERS_RE.sub("�", str(value))
        cell.data_type = "s"  # a name that begins with an equals sign is no formula
