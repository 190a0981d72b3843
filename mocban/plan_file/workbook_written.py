"""A plan written as a workbook: every cell text, so that codes keep their zeros and nothing becomes a formula."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final

import msgspec
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from domain.plan_file import PlanFile
from mocban.plan_file.workbook_layout import (
    AGENCIES,
    AGENCY_CHANGES,
    CHANGES,
    COLUMNS,
    MEANS,
    MEMBERS,
    PLAN,
    RECEIVERS,
    RULES,
    UNITS,
)

_WIDE: Final = {"basis": 48, "note_vi": 60, "note_en": 60, "name": 44, "fonds_name": 44, "id": 28, "receiver": 26}


def write_workbook(plan: PlanFile) -> bytes:
    """The plan as XLSX, one sheet a list."""
    tree: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(plan))
    book = Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    first.title = PLAN
    members = [(name, _of(tree, path), MEANS[name]) for name, path in MEMBERS.items()]
    _fill(first, ["member", "value", "means"], ["Mục", "Giá trị", "Ý nghĩa"], members)
    for width, letter in ((24, "A"), (80, "B"), (60, "C")):
        first.column_dimensions[letter].width = width
    entries = {
        RECEIVERS: [{"name": name, "agency": code} for name, code in tree.get("receivers", {}).items()],
        RULES: [{**rule, **rule["when"]} for rule in tree["rules"]],
        CHANGES: list(_edges(tree["changes"])),
        UNITS: tree.get("units", []),
        AGENCIES: tree.get("agencies", []),
        AGENCY_CHANGES: [_flat(change) for change in tree.get("agency_changes", [])],
    }
    for name, rows in entries.items():
        columns = COLUMNS[name]
        sheet = book.create_sheet(name)
        lines = [[row.get(column.name) for column in columns] for row in rows]
        _fill(sheet, [column.name for column in columns], [column.means for column in columns], lines)
        for at, column in enumerate(columns):
            sheet.column_dimensions[sheet.cell(1, at + 1).column_letter].width = _WIDE.get(column.name, 18)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _of(tree: dict[str, Any], path: tuple[str, ...]) -> object:
    value: Any = tree
    for part in path:
        value = value.get(part)
    return None if isinstance(value, list) else value


def _edges(changes: str | list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for change in changes if isinstance(changes, list) else ():
        edges: list[dict[str, Any]] = change.get("successors") or [{}]
        for at, edge in enumerate(edges):
            own = change if at else _flat(change)  # what it becomes is said once
            yield {**edge, "successor": edge.get("unit"), **own}


def _flat(change: dict[str, Any]) -> dict[str, Any]:
    """What it becomes stands in columns of its own."""
    return {**change, **{f"becomes.{name}": value for name, value in change.get("becomes", {}).items()}}


def _fill(sheet: Worksheet, names: list[str], means: list[str], rows: Any) -> None:
    for at, row in enumerate([names, means, *rows], start=1):
        for column, value in enumerate(row, start=1):
            text = _text(value)
            if text:
                cell = sheet.cell(at, column)
                cell.value = text
                cell.data_type = "s"  # also where it begins with an equals sign
                cell.number_format = "@"
                cell.font = Font(bold=at == 1, italic=at == 2)
                cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A3"


def _text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_text(one) for one in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
