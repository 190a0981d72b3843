"""Merged cells of a sheet (ECMA-376 part 1, 18.3.1.55): only the first of them holds what all of them show.

A box number merged down ten rows is written for the first row alone. Reading the others as empty would lose it without
a word, and filling it down would be a guess; so these cells are marked, and the row says that they are to be parted.
"""

from __future__ import annotations

import re
import zipfile
from collections import deque
from collections.abc import Iterator
from typing import Final, NamedTuple

from openpyxl.utils import column_index_from_string

from digitization.worksheet_archive import DAMAGES, too_large
from digitization.worksheet_cells import Written

MAX_MERGED: Final = 100_000
"""Ranges of one sheet."""
COVERED: Final = Written("", "m")
"""Stands for a cell under a merged one."""
_RANGE: Final = re.compile(rb"mergeCell\s{1,8}ref=[\"']([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})[\"']")
_CHUNK: Final = 1 << 20
_LONGEST: Final = 64
"""Bytes of one element, carried over from chunk to chunk."""


class _Range(NamedTuple):
    first_row: int
    last_row: int
    first_column: int
    last_column: int


class MergedCells:
    """The merged cells of one sheet; rows are asked for in their order. Columns count from 0, rows from 1."""

    def __init__(self, archive: zipfile.ZipFile, part: str, most: int) -> None:
        """most: columns looked at. Raises Refusal `worksheet-too-large`. Of a damaged part, none are found."""
        found: list[_Range] = []
        for one in _ranges(archive, part):
            found.append(one)
            if len(found) > MAX_MERGED:
                raise too_large(str(archive.filename).rpartition("/")[2], f"> {MAX_MERGED} merged cells")
        self._to_come = deque(sorted(found))
        self._most = most
        self._until: dict[int, int] = {}

    def mark(self, number: int, line: list[str | Written | None]) -> None:
        """Put COVERED into the empty cells of a row that lie under a merged one."""
        while self._to_come and self._to_come[0].first_row <= number:
            one = self._to_come.popleft()
            if one.first_row < number or not any(line[one.first_column : one.first_column + 1]):
                continue  # the first of them is empty: nothing is shown, nothing lost
            for column in range(one.first_column, min(one.last_column, self._most - 1) + 1):
                self._until[column] = max(one.last_row, self._until.get(column, 0))
        if self._until:
            for column in [column for column, last in self._until.items() if last < number]:
                del self._until[column]
            self._cover(line)

    def _cover(self, line: list[str | Written | None]) -> None:
        if self._until:
            line += [None] * (max(self._until) + 1 - len(line))
        for column in self._until:
            if line[column] is None:
                line[column] = COVERED


def _ranges(archive: zipfile.ZipFile, part: str) -> Iterator[_Range]:
    """They stand behind the rows, so they are looked for before the rows are read: by their bytes, which is quick."""
    rest = b""
    try:
        with archive.open(part) as opened:
            while chunk := opened.read(_CHUNK):
                text = rest + chunk
                end = 0
                for found in _RANGE.finditer(text):
                    end = found.end()
                    yield _Range(
                        int(found[2]),
                        int(found[4]),
                        column_index_from_string(found[1].decode()) - 1,
                        column_index_from_string(found[3].decode()) - 1,
                    )
                rest = text[max(end, len(text) - _LONGEST) :]
    except DAMAGES:
        return
