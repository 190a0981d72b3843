"""The lines of a CSV that a stranger delivered, one after another; what one line may hold is bounded."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TextIO

from digitization.worksheet import MAX_COLUMNS
from digitization.worksheet_archive import require_file, too_large
from digitization.worksheet_sheet import Line
from digitization.worksheet_xml import DamagedPartError
from domain.errors import Refusal

MAX_CSV_BYTES: Final = 4 << 30
MAX_ROW_BYTES: Final = 1024 * 1024
MAX_IDLE_LINES: Final = 1_000_000
"""Lines that hold nothing before a list has given any row, and `LINES_A_ROW` more for each row."""
LINES_A_ROW: Final = 100
_LOOKED_AT: Final = 4096
_OTHER_ENCODINGS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_DELIMITERS: Final = ",;\t"
"""Spreadsheets write a semicolon where the comma is the decimal sign."""


def csv_lines(path: Path) -> Iterator[Line]:
    """The number and cells of each line, the header first; a cell of spaces or nothing is None. UTF-8, marked or not.

    Raises Refusal `worksheet-unreadable`, `worksheet-encoding`, `worksheet-too-large`; while it goes, DamagedPartError.
    """
    size = require_file(path)
    if size > MAX_CSV_BYTES:
        raise too_large(path.name, f"{size} B > {MAX_CSV_BYTES} B")
    try:
        with path.open("rb") as raw:
            head = raw.read(_LOOKED_AT)
    except OSError as damage:
        raise Refusal("worksheet-unreadable", file=path.name) from damage
    if head.startswith(_OTHER_ENCODINGS) or head.count(b"\0") > len(head) // 4:
        raise Refusal("worksheet-encoding", file=path.name, row=1)
    return _lines(path)


def _lines(path: Path) -> Iterator[Line]:
    row = idle = 0
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline(MAX_ROW_BYTES)
            delimiter = max(_DELIMITERS, key=first.count)
            file.seek(0)
            # Strict: a quote that never closes would otherwise swallow every row below it unseen.
            for line in csv.reader(_bounded(file, path.name), delimiter=delimiter, strict=True):
                row += 1
                cells = [None if cell.isspace() else cell or None for cell in line[:MAX_COLUMNS]]
                idle += not any(cells)
                if idle > MAX_IDLE_LINES + LINES_A_ROW * (row - idle):
                    raise too_large(path.name, f"> {MAX_IDLE_LINES} empty lines")
                yield row, cells
    except UnicodeDecodeError as damage:
        raise Refusal("worksheet-encoding", file=path.name, row=row + 1) from damage
    except csv.Error as damage:
        raise DamagedPartError(path.name) from damage
    except OSError as damage:
        raise Refusal("worksheet-unreadable", file=path.name) from damage


def _bounded(file: TextIO, name: str) -> Iterator[str]:
    """Physical lines; an endless one is refused before it fills the memory."""
    while line := file.readline(MAX_ROW_BYTES + 1):
        if len(line) > MAX_ROW_BYTES:
            raise too_large(name, f"row > {MAX_ROW_BYTES} B")
        yield line
