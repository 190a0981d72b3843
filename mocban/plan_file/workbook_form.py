"""The workbook of a plan file: read with the sheet and cell of every member."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path as FilePath
from typing import Any, Final

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.utils.exceptions import InvalidFileException

from digitization.worksheet_archive import DAMAGES, open_archive
from digitization.worksheet_xml import DamagedPartError
from domain.errors import Refusal
from domain.finding import Finding, Path
from mocban.plan_file.form import ASIDE, Form, Place, settled
from mocban.plan_file.workbook_gate import MAX_COLUMNS, MAX_ROWS, SIZE, require_modest
from mocban.plan_file.workbook_layout import (
    AGENCIES,
    AGENCY_CHANGES,
    CHANGES,
    COLUMNS,
    FIRST_ROW,
    MEMBERS,
    PLAN,
    RECEIVERS,
    RULES,
    SELECTORS,
    SHEETS,
    TRUTHS,
    UNITS,
    Column,
)
from mocban.plan_file.workbook_written import write_workbook

__all__ = ["read_workbook", "write_workbook"]

MAX_INFLATED_BYTES: Final = 48 * 1024 * 1024
_TRUTH: Final = {"true": True, "false": False, "có": True, "không": False}
_BROKEN: Final = (
    *DAMAGES,
    ArithmeticError,
    InvalidFileException,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    zipfile.LargeZipFile,
)

BECOMES: Final = "becomes."
Row = dict[str, tuple[object, Place]]


def read_workbook(path: FilePath) -> Form:
    """The form of a workbook; what cannot be read is a finding at its sheet and cell."""
    book = _opened(path)
    if isinstance(book, Form):
        return book
    reading = _Reading()
    for sheet in book.sheetnames:
        if sheet not in SHEETS:
            reading.find((), "plan-sheet-unknown", Place(sheet=sheet), known=", ".join(SHEETS))
    for name in (PLAN, RULES):
        if name not in book.sheetnames:
            reading.find((), "plan-sheet-missing", Place(sheet=name), sheet=name)
    for one in book.worksheets:
        if one.max_row > MAX_ROWS or one.max_column > MAX_COLUMNS:
            reading.find((), "plan-sheet-too-large", Place(sheet=one.title), limit=SIZE)
    if reading.found:
        return Form(value=None, places=reading.places, found=tuple(reading.found))
    reading.plan(_cells(book, PLAN))
    rows = {name: list(reading.rows(_cells(book, name), name)) if name in book.sheetnames else [] for name in COLUMNS}
    reading.lists(rows)
    return Form(value=reading.value, places=reading.places, found=tuple(reading.found))


def _opened(path: FilePath) -> Workbook | Form:
    """The workbook, or the form that says why it is not opened."""
    try:
        with open_archive(path) as archive:
            if sum(part.file_size for part in archive.infolist()) > MAX_INFLATED_BYTES:
                return _unread("plan-file-too-large", limit=str(MAX_INFLATED_BYTES))
            require_modest(archive)
        return load_workbook(path)
    except Refusal as refused:
        if refused.code == "plan-sheet-too-large":
            return _unread(refused.code, limit=SIZE)
        return _unread("plan-workbook-unreadable")
    except (DamagedPartError, SyntaxError, *_BROKEN):  # SyntaxError: XML that is none
        return _unread("plan-workbook-unreadable")


def _cells(book: Any, sheet: str) -> list[tuple[Cell, ...]]:
    return list(book[sheet].iter_rows()) if hasattr(book[sheet], "iter_rows") else []


class _Reading:
    """Sheets to one tree, noting places."""

    def __init__(self) -> None:
        self.value: dict[str, Any] = {}
        self.places: dict[Path, Place] = {(): Place(sheet=PLAN)}
        self.found: list[Finding] = []
        self._blank: dict[Place, dict[str, Place]] = {}

    def find(self, path: Path, code: str, place: Place, **facts: str) -> None:
        """Note a finding at a place of its own."""
        path = (*path, ASIDE, len(self.found))
        self.places[path] = place
        self.found.append(Finding(path=path, code=code, facts=facts))

    def plan(self, cells: list[tuple[Cell, ...]]) -> None:
        """The members of the first sheet: a name in column A, its value in column B."""
        for row in cells[FIRST_ROW - 1 :]:
            name, place = self._read(row[0], PLAN)
            if name is None or len(row) < 2:
                continue
            if name not in MEMBERS:
                self.find((), "plan-member-unknown", place, member=str(name), known=", ".join(MEMBERS))
                continue
            value, at = self._read(row[1], PLAN)
            path = MEMBERS[str(name)]
            if path in self.places and len(path) > 0 and self._has(path):
                self.find((), "plan-member-repeated", place, member=str(name))
            elif value is not None:
                self.put(path, _truth(value) if name in TRUTHS else value, at)

    def rows(self, cells: list[tuple[Cell, ...]], sheet: str) -> Iterator[Row]:
        """The entries of a sheet by column, each cell with its place; empty cells and rows are passed over."""
        columns = {column.name: column for column in COLUMNS[sheet]}
        heads: dict[int, Column] = {}
        for at, cell in enumerate(cells[0] if cells else ()):
            name, place = self._read(cell, sheet)
            if name is not None and name not in columns:
                self.find((), "plan-member-unknown", place, member=str(name), known=", ".join(columns))
            elif name is not None:
                heads[at] = columns[str(name)]
        for row in cells[FIRST_ROW - 1 :]:
            entry: Row = {"": (None, Place(sheet=sheet, cell=row[0].coordinate))}
            for at, column in heads.items():
                value, place = self._read(row[at], sheet) if at < len(row) else (None, Place())
                if value is not None:
                    entry[column.name] = _words(value, column), place
                elif place.cell:
                    self._blank.setdefault(entry[""][1], {})[column.name] = place
            if len(entry) > 1:
                yield entry

    def lists(self, rows: dict[str, list[Row]]) -> None:
        """The lists of the plan from the entries of the other sheets."""
        for entry in rows[RECEIVERS]:
            name = str(entry.get("name", ("",))[0])
            path = ("receivers", name)
            if self._has(path):
                self.find((), "plan-member-repeated", entry.get("name", entry[""])[1], member=name)
            else:
                self.put(path, *entry.get("agency", ("", entry[""][1])))
        self.value["rules"] = []
        for at, entry in enumerate(rows[RULES]):
            self._entry(("rules", at), entry)
            self.value["rules"][at].setdefault("when", {})
        self._changes(rows[CHANGES])
        for member, sheet in (("units", UNITS), ("agencies", AGENCIES), ("agency_changes", AGENCY_CHANGES)):
            for at, entry in enumerate(rows[sheet]):
                self._entry((member, at), entry)

    def _changes(self, rows: list[Row]) -> None:
        """One row a successor; rows of one unit and one kind of change, one after the other, are one change."""
        if "changes" in self.value:
            if rows:
                self.find((), "plan-member-repeated", rows[0][""][1], member="changes")
            return
        changes: list[dict[str, Any]] = []
        self.value["changes"] = changes
        before: tuple[object, object] | None = None
        for entry in rows:
            key = tuple(entry[name][0] if name in entry else None for name in ("unit", "change"))
            own = [name for name in entry if name in {"unit", "change"} or name.startswith(BECOMES)]
            if key != before:
                changes.append({})
                path: Path = ("changes", len(changes) - 1)
                self._entry(path, {"": entry[""], **{name: entry[name] for name in own}})
            elif again := [name for name in own if name.startswith(BECOMES)]:
                self.find((), "plan-member-repeated", entry[again[0]][1], member=again[0])
            before = (key[0], key[1])
            edge = {"unit" if name == "successor" else name: entry[name] for name in entry if name not in own}
            if len(edge) > 1:
                path = ("changes", len(changes) - 1)
                self._entry((*path, "successors", len(changes[-1].get("successors", ()))), edge)

    def _entry(self, path: Path, entry: Row) -> None:
        """An entry into the list at the path; columns that select go into `when`, those of a form into `becomes`."""
        self.put(path, {}, entry[""][1])
        selects = path[0] == "rules"
        for name, (value, place) in entry.items():
            if name:
                inner = ("when", name) if selects and name in SELECTORS else tuple(name.split("."))
                self.put((*path, *inner), value, place)
        for name, place in self._blank.get(entry[""][1], {}).items():
            self.places.setdefault((*path, name), place)

    def put(self, path: Path, value: object, place: Place) -> None:
        """Put a value into the tree; what lies around it is made as needed."""
        around: Any = self.value
        for part, following in pairwise(path):
            empty: Any = [] if isinstance(following, int) else {}
            around = around[part] if isinstance(part, int) else around.setdefault(part, empty)
        last = path[-1]
        if isinstance(last, int):
            if last == len(around):
                around.append(value)
        else:
            around[last] = value
        self.places[path] = place
        for at in range(len(value) if isinstance(value, list) else 0):
            self.places[*path, at] = place

    def _has(self, path: Path) -> bool:
        around: Any = self.value
        for part in path:
            if part not in around:
                return False
            around = around[part]
        return True

    def _read(self, cell: Cell, sheet: str) -> tuple[object, Place]:
        """A cell's value, None where it is empty; days as texts."""
        place = Place(sheet=sheet, cell=cell.coordinate)
        value: object = cell.value
        if cell.data_type in {"f", "e"}:
            self.find((), "plan-cell-formula" if cell.data_type == "f" else "plan-cell-error", place)
            return None, place
        if isinstance(value, str):
            value = settled(value) or None
        elif isinstance(value, dt.datetime) and value.time() == dt.time():
            value = value.date().isoformat()
        elif isinstance(value, dt.date | dt.time | dt.timedelta):
            value = float("nan")  # a time of day is no text and no word
        return value, place


def _words(value: object, column: Column) -> object:
    if not column.several:
        return _truth(value) if column.truth else value
    words = [word.strip() for word in value.split(",")] if isinstance(value, str) else [value]
    return [_truth(word) for word in words if word != ""] if column.truth else [word for word in words if word != ""]


def _truth(value: object) -> object:
    return _TRUTH.get(value.lower(), value) if isinstance(value, str) else value


def _unread(code: str, **facts: str) -> Form:
    return Form(value=None, places={}, found=(Finding(path=(), code=code, facts=facts),))
