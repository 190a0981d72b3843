"""Accounts as a workbook: totals by unit, every lot, what they may use; Vietnamese heads, English beneath."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill

from mocban.custody.account import Account, AccountLot, LotState
from mocban.custody.account_words import RELATIONS, STATES, body_words, lot_words
from projections.reader_words import RULES
from signing.durable_file import write_durably

_Heads = Sequence[tuple[str, str, int]]
_TOTALS: Final[_Heads] = (
    ("Mã đơn vị", "Unit code", 12),
    ("Đơn vị", "Unit", 34),
    ("Ngày", "As of", 12),
    ("Biết đến hành vi", "Known at act", 12),
    *((f"{vi.capitalize()}: {what_vi}", f"{en}: {what}", 15)
      for vi, en in STATES.values() for what_vi, what in (("khối", "lots"), ("hồ sơ", "files"), ("hộp", "boxes"))),
    ("Phục dựng", "Reconstructed", 12),
)  # fmt: skip
_LOTS: Final[_Heads] = (
    ("Mã đơn vị", "Unit code", 12),
    ("Đơn vị", "Unit", 30),
    ("Quan hệ", "Relation", 18),
    ("Đơn vị tiền thân", "Predecessor", 34),
    ("Mã phông", "Fonds code", 20),
    ("Phông", "Fonds", 44),
    ("Khối tài liệu", "Lot", 52),
    ("Khóa khối", "Lot key", 38),
    ("Trạng thái", "State", 20),
    ("Phải giữ", "Assigned to", 40),
    ("Đang giữ", "Held by", 40),
    ("Hồ sơ", "Files", 8),
    ("Hộp", "Boxes", 8),
    ("Tờ", "Sheets", 8),
    ("Căn cứ", "Basis", 50),
    ("Quy tắc", "Rule", 24),
    ("Độ tin cậy", "Confidence", 12),
    ("Hành vi", "Act", 8),
)
_READINGS: Final[_Heads] = (
    ("Mã đơn vị", "Unit code", 12),
    ("Đơn vị", "Unit", 30),
    ("Cơ quan", "Body", 44),
    ("Được khai thác theo", "May use by", 40),
    ("Căn cứ", "Basis", 30),
    ("Của đơn vị", "Of unit", 34),
    ("Mã phông", "Fonds code", 20),
    ("Phông", "Fonds", 44),
    ("Hồ sơ", "Files", 8),
    ("Phải được cho phép", "Need a grant", 12),
    ("Từ ngày", "From", 12),
    ("Đến ngày", "Until", 12),
    ("Hành vi", "Act", 8),
)
_HEAD: Final = Font(bold=True)
_SOFT: Final = Font(italic=True, color="6B6259")
_FILL: Final = PatternFill("solid", fgColor="F3EDE4")


def write_xlsx(path: Path, accounts: Sequence[Account]) -> None:
    """Write the workbook whole or not at all."""
    from io import BytesIO  # noqa: PLC0415

    book = Workbook(write_only=True)
    _fill(book.create_sheet("Tổng hợp"), _TOTALS, (_total_row(account) for account in accounts))
    _fill(book.create_sheet("Khối tài liệu"), _LOTS, (row for account in accounts for row in _lot_rows(account)))
    _fill(
        book.create_sheet("Được khai thác"), _READINGS, (row for account in accounts for row in _reading_rows(account))
    )
    out = BytesIO()
    book.save(out)
    write_durably(path, out.getvalue())


def _fill(sheet: Any, heads: _Heads, rows: Iterable[list[object]]) -> None:
    for at, (_, _, width) in enumerate(heads):
        sheet.column_dimensions[chr(ord("A") + at)].width = width
    sheet.freeze_panes = "A3"
    for words, font in ((0, _HEAD), (1, _SOFT)):
        cells = [WriteOnlyCell(sheet, value=head[words]) for head in heads]
        for cell in cells:
            cell.font, cell.fill, cell.alignment = font, _FILL, Alignment(wrap_text=True, vertical="top")
        sheet.append(cells)
    for row in rows:
        sheet.append([_plain(sheet, value) for value in row])


def _plain(sheet: Any, value: object) -> object:
    """Text that a spreadsheet would take for a formula stays text."""
    if not isinstance(value, str) or not value.startswith("="):
        return value
    cell = WriteOnlyCell(sheet, value=value)
    cell.data_type = "s"
    return cell


def _total_row(account: Account) -> list[object]:
    amounts = [account.totals[state] for state in LotState]
    figures = [figure for amount in amounts for figure in (amount.lots, amount.files, amount.boxes)]
    rebuilt = "có / yes" if account.reconstructed else ""
    return [account.unit.code, account.unit.name, account.as_of, account.known_at, *figures, rebuilt]


def _lot_rows(account: Account) -> Iterable[list[object]]:
    for origin in account.origins:
        where = " / ".join(RELATIONS[origin.relation])
        for fonds in origin.fonds:
            for lot in fonds.lots:
                before = origin.unit.name if origin.unit and origin.relation == "predecessor" else ""
                place = [account.unit.code, account.unit.name, where, before, fonds.code, fonds.name]
                yield [*place, *_lot_cells(lot)]


def _reading_rows(account: Account) -> Iterable[list[object]]:
    for one in account.may_use:
        rule, unit = " / ".join(RULES[one.rule]), one.unit.name if one.unit else ""
        fonds = [one.fonds_code, one.fonds_name, one.files, one.needs_grant, one.since, one.last_day, one.act]
        yield [account.unit.code, account.unit.name, one.body.name, rule, one.basis, unit, *fonds]


def _lot_cells(lot: AccountLot) -> list[object]:
    return [
        lot_words(lot),
        lot.lot,
        " / ".join(STATES[lot.state]),
        body_words(lot.assigned_to.name if lot.assigned_to else None),
        body_words(lot.held_by.name if lot.held_by else None),
        lot.files,
        lot.boxes,
        lot.sheets,
        lot.basis,
        lot.rule,
        lot.confidence.value if lot.confidence else "",
        lot.because,
    ]
