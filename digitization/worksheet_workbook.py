"""Open a workbook that a stranger delivered, without letting it harm: every limit is checked before it is parsed."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from openpyxl import load_workbook
from openpyxl.workbook.workbook import Workbook

from domain.errors import Refusal

MAX_FILE_BYTES: Final = 64 * 1024 * 1024
MAX_PARTS: Final = 500
MAX_SHEET_BYTES: Final = 192 * 1024 * 1024
MAX_PART_BYTES: Final = 48 * 1024 * 1024
MAX_TAGS: Final = 8_000_000
MAX_ROW_BYTES: Final = 1024 * 1024
MAX_ROWS: Final = 100_000
"""Rows of one sheet below its header; a longer list is delivered in several worksheets."""

_OLE: Final = b"\xd0\xcf\x11\xe0"
_ROW: Final = re.compile(rb"<(?:\w+:)?row\b")
_ROW_NUMBER: Final = re.compile(rb"<(?:\w+:)?row\b[^>]{0,500}?\br=[\"'](\d{1,12})")
_UNSAFE: Final = (
    ("vbaproject", "macros"),
    ("activex", "controls"),
    ("externallinks/", "external-links"),
    ("embeddings/", "embedded-objects"),
    ("connections.xml", "connections"),
    ("querytables/", "connections"),
    ("macrosheets/", "macros"),
)


@contextmanager
def open_workbook(path: Path) -> Iterator[Workbook]:
    """The workbook, read-only, for the length of the block.

    Raises Refusal `worksheet-unreadable`, `worksheet-encrypted`, `worksheet-unsafe` or `worksheet-too-large`.
    """
    _inspect(path)
    try:
        workbook = load_workbook(path, read_only=True, data_only=False, keep_links=False)
    except Exception as damage:  # openpyxl raises what its many parsers raise; all mean one thing here
        raise Refusal("worksheet-unreadable", file=path.name) from damage
    try:
        yield workbook
    finally:
        workbook.close()


def _inspect(path: Path) -> None:
    try:
        with path.open("rb") as opened:
            head = opened.read(4)
        size = path.stat().st_size
    except OSError as missing:
        raise Refusal("worksheet-unreadable", file=path.name) from missing
    if head == _OLE:
        raise Refusal("worksheet-encrypted", file=path.name)
    if size > MAX_FILE_BYTES:
        raise Refusal("worksheet-too-large", file=path.name, what=f"{size} B > {MAX_FILE_BYTES} B")
    try:
        with zipfile.ZipFile(path) as archive:
            _inspect_parts(path.name, archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as damage:
        raise Refusal("worksheet-unreadable", file=path.name) from damage


def _inspect_parts(name: str, archive: zipfile.ZipFile) -> None:
    """Names and declared sizes first: zipfile never yields more bytes than a part declares."""
    parts = archive.infolist()
    if len(parts) > MAX_PARTS:
        raise Refusal("worksheet-too-large", file=name, what=f"{len(parts)} > {MAX_PARTS} parts")
    for part in parts:
        for mark, what in _UNSAFE:
            if mark in part.filename.lower():
                raise Refusal("worksheet-unsafe", file=name, what=what)
        limit = MAX_SHEET_BYTES if _is_sheet(part.filename) else MAX_PART_BYTES
        if part.file_size > limit:
            raise Refusal("worksheet-too-large", file=name, what=f"{part.file_size} B > {limit} B")
    for part in parts:
        if part.filename.lower().endswith((".xml", ".rels")):
            _inspect_xml(name, archive.read(part), _is_sheet(part.filename))


def _inspect_xml(name: str, xml: bytes, is_sheet: bool) -> None:
    """No document type, no other encoding to hide one in, and bounds on what the parser must hold at once."""
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml or b"\0" in xml:
        raise Refusal("worksheet-unsafe", file=name, what="document-type")
    if xml.count(b"<") > MAX_TAGS:
        raise Refusal("worksheet-too-large", file=name, what=f"> {MAX_TAGS} tags")
    if not is_sheet:
        return
    starts = [match.start() for match in _ROW.finditer(xml)]
    too_many = len(starts) > MAX_ROWS + 1
    if too_many or any(int(match.group(1)) > MAX_ROWS + 1 for match in _ROW_NUMBER.finditer(xml)):
        raise Refusal("worksheet-too-large", file=name, what=f"> {MAX_ROWS} rows")
    gaps = zip([0, *starts], [*starts, len(xml)], strict=True)
    if max(after - before for before, after in gaps) > MAX_ROW_BYTES:
        raise Refusal("worksheet-too-large", file=name, what=f"row > {MAX_ROW_BYTES} B")


def _is_sheet(part: str) -> bool:
    return part.lower().startswith("xl/worksheets/")
