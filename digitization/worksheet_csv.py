"""The lines of a CSV that a stranger delivered, one after another; what one line may hold is bounded."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TextIO

from digitization.worksheet import MAX_COLUMNS
from digitization.worksheet_workbook import MAX_ROW_BYTES
from domain.errors import Refusal

MAX_CSV_BYTES: Final = 4 << 30
_OTHER_ENCODINGS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_DELIMITERS: Final = ",;\t"
"""Spreadsheets write a semicolon where the comma is the decimal sign."""


def csv_lines(path: Path) -> Iterator[list[str]]:
    """The cells of each line as text, the header first; UTF-8 with or without a mark.

    Raises Refusal `worksheet-unreadable`, `worksheet-encoding`, `worksheet-too-large`.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as raw:
            head = raw.read(2)
    except OSError as missing:
        raise Refusal("worksheet-unreadable", file=path.name) from missing
    if size > MAX_CSV_BYTES:
        raise Refusal("worksheet-too-large", file=path.name, what=f"{size} B > {MAX_CSV_BYTES} B")
    if head in _OTHER_ENCODINGS:
        raise Refusal("worksheet-encoding", file=path.name, row=1)
    return _lines(path)


def _lines(path: Path) -> Iterator[list[str]]:
    row = 0
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline(MAX_ROW_BYTES)
            delimiter = max(_DELIMITERS, key=first.count)
            file.seek(0)
            for line in csv.reader(_bounded(file, path.name), delimiter=delimiter):
                row += 1
                yield line[:MAX_COLUMNS]
    except UnicodeDecodeError as damage:
        raise Refusal("worksheet-encoding", file=path.name, row=row + 1) from damage


def _bounded(file: TextIO, name: str) -> Iterator[str]:
    """Physical lines; an endless one is refused before it fills the memory."""
    while line := file.readline(MAX_ROW_BYTES + 1):
        if len(line) > MAX_ROW_BYTES:
            raise Refusal("worksheet-too-large", file=name, what=f"row > {MAX_ROW_BYTES} B")
        yield line
