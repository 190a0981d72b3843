"""The list of refused rows: a CSV beside the answer, because a person has to mend them one by one."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final, TextIO

from domain.accession import RefusedRow

_HEADER: Final = ("bảng/sheet", "dòng/row", "cột/column", "mã/code", "vi", "en")


class RefusedRows:
    """Counts rows and faults; names each fault in a CSV (UTF-8 with a mark, for spreadsheets), whole once closed."""

    def __init__(self, path: Path) -> None:
        self.path: Final = path
        self.count = 0
        self.by_code: Counter[str] = Counter()
        self._unfinished = path.with_suffix(".csv.part")
        self._file: TextIO | None = None

    def open(self) -> None:
        """Begin the list anew."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._unfinished.open("w", encoding="utf-8-sig", newline="")
        csv.writer(self._file).writerow(_HEADER)

    def add(self, refused: Sequence[tuple[RefusedRow, str, str]]) -> None:
        """The refused rows of one part, each fault with its Vietnamese and English words."""
        assert self._file is not None, "the list is open"
        csv.writer(self._file).writerows(
            (row.sheet, row.row or "", row.column, row.code, vi, en) for row, vi, en in refused
        )
        self.by_code.update(row.code for row, _, _ in refused)
        self.count += len({(row.sheet, row.row) for row, _, _ in refused})

    def close(self) -> None:
        """Put the list in its place; none is left when nothing was refused."""
        if self._file is None:
            return
        self._file.close()
        self._file = None
        if self.count:
            self._unfinished.replace(self.path)
        else:
            self._unfinished.unlink()
