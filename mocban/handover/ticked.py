"""A list that was ticked, from .xlsx or .csv: every line taken or not, each fault at its line or cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec

from domain.errors import TEXTS
from domain.handing_over import Dispute
from domain.handover import DisputeReason, InventoryLine
from domain.sealed import Plain
from mocban.handover.list_layout import CODE, HANDOVER, NOTE, REASON, RESULT, ROOT, SHEET
from mocban.handover.listed_rows import Cell, listed_rows
from mocban.handover.wording import NOT_TAKEN_MARKS, REASONS, TAKEN_MARKS
from mocban.plan_file.form import Fault, Place

MOST_FAULTS: Final = 500
_MOST_NOTE: Final = 500
_SHOWN: Final = 60
_REASONS: Final = {word.casefold(): reason for reason, words in REASONS.items() for word in (*words, reason.value)}


class Ticked(msgspec.Struct, frozen=True, kw_only=True):
    """What was ticked. disputed: lines not taken; taken: how many were. root: as the list states it, else empty."""

    disputed: Mapping[UUID, Dispute]
    taken: int
    root: str


def read_ticked(
    path: Path, handover: UUID, root: str, lines: Sequence[InventoryLine]
) -> tuple[Ticked | None, tuple[Fault, ...]]:
    """What the list says of the inventory with this root, or its faults.

    Raises Refusal `input-unreadable`, `ticked-too-large`, `ticked-unreadable`, and those of `worksheet_archive`.
    """
    reading = _Reading(handover, root, lines)
    reading.read(listed_rows(path, SHEET))
    if reading.faults:
        return None, tuple(reading.faults[:MOST_FAULTS])
    disputed = {file: said for file, said in reading.said.items() if said is not None}
    taken = len(reading.said) - len(disputed)
    return Ticked(disputed=disputed, taken=taken, root=reading.stated_root), ()


class _Reading:
    """One list against one inventory."""

    def __init__(self, handover: UUID, root: str, lines: Sequence[InventoryLine]) -> None:
        self._handover, self._root = str(handover), root
        self._codes = {line.FileCode.text: line.file for line in lines}
        self._columns: dict[str, int] = {}
        self.said: dict[UUID, Dispute | None] = {}
        self.faults: list[Fault] = []
        self.stated_root = ""
        self._seen: set[str] = set()

    def read(self, rows: Iterable[list[Cell]]) -> None:
        last = Place()
        for row in rows:
            if not any(text for text, _, _ in row):
                continue
            last = row[0][1]
            if self._columns:
                self._line(row)
            elif (columns := _heads(row)) is not None:
                self._columns = columns
            else:
                self._stated(row)
        if not self._columns:
            self._find("ticked-no-head", last)
            return
        for code in self._codes:
            if code not in self._seen:
                self._find("ticked-code-absent", last, code=code)

    def _stated(self, row: list[Cell]) -> None:
        """Above the heads: which hand-over and which root the list is of."""
        said = [cell for cell in row if cell[0]]
        if len(said) < 2:
            return
        name, (value, place, _) = _first_line(said[0][0]), said[1]
        if name == HANDOVER[0].casefold() and value.casefold() != self._handover:
            self._find("ticked-other-handover", place, stated=value[:_SHOWN])
        elif name == ROOT[0].casefold():
            self.stated_root = value
            if value != self._root:
                self._find("ticked-root-differs", place, stated=value[:_SHOWN])

    def _line(self, row: list[Cell]) -> None:
        cells = {name: row[at] if at < len(row) else ("", row[0][1], False) for name, at in self._columns.items()}
        formulas = [place for _, place, formula in cells.values() if formula]
        if formulas:
            for place in formulas:
                self._find("ticked-formula", place)
            return
        code, place, _ = cells["code"]
        file = self._codes.get(code)
        if not code:
            self._find("ticked-no-code", place)
        elif file is None:
            self._find("ticked-code-foreign", place, code=code[:_SHOWN])
        elif code in self._seen:
            self._find("ticked-code-repeated", place, code=code)
        else:
            self._seen.add(code)
            self._mark(file, code, cells)

    def _mark(self, file: UUID, code: str, cells: Mapping[str, Cell]) -> None:
        (mark, at, _), (reason, why, _) = cells["result"], cells["reason"]
        if not mark:
            self._find("ticked-blank", at, code=code)
        elif mark.casefold() in TAKEN_MARKS:
            if reason:
                self._find("ticked-reason-idle", why, code=code)
            self.said[file] = None
        elif mark.casefold() not in NOT_TAKEN_MARKS:
            self._find("ticked-mark-unknown", at, mark=mark[:_SHOWN])
        elif not reason:
            self._find("ticked-reason-missing", why, code=code)
        elif (known := _REASONS.get(reason.casefold())) is None:
            self._find("ticked-reason-unknown", why, reason=reason[:_SHOWN])
        else:
            self.said[file] = _dispute(known, cells["note"][0])

    def _find(self, problem: str, at: Place, /, **facts: object) -> None:
        vi, en = TEXTS[problem]
        self.faults.append(
            Fault(code=problem, at=at, member="", vi=vi.format_map(facts), en=en.format_map(facts), flagged=False)
        )


def _dispute(reason: DisputeReason, note: str) -> Dispute:
    return Dispute(reason=reason, note=Plain(note[:_MOST_NOTE]) if note else None)


def _heads(row: list[Cell]) -> dict[str, int] | None:
    """Where each column stands, by its Vietnamese head; None where this is no row of heads."""
    named = {_first_line(text): at for at, (text, _, _) in reversed(list(enumerate(row)))}
    wanted = {"code": CODE, "result": RESULT, "reason": REASON, "note": NOTE}
    found = {name: named.get(head[0].casefold(), -1) for name, head in wanted.items()}
    if found["code"] < 0 or found["result"] < 0:
        return None
    return {name: at if at >= 0 else len(row) for name, at in found.items()}


def _first_line(text: str) -> str:
    return text.partition("\n")[0].partition("·")[0].strip().casefold()
