"""The ZIP archive that a workbook is: every limit is checked on what it declares, before anything is inflated."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from domain.errors import Refusal

MAX_FILE_BYTES: Final = 64 * 1024 * 1024
MAX_PARTS: Final = 500
MAX_PART_BYTES: Final = 48 * 1024 * 1024
MAX_SHEET_BYTES: Final = 192 * 1024 * 1024
MAX_INFLATED_BYTES: Final = 256 * 1024 * 1024
MAX_INDEX_BYTES: Final = 1024 * 1024
"""Of the central directory: its entries are all held at once, however few of them are ever read."""

DAMAGES: Final = (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError, zlib.error)
"""What zipfile raises on an archive that is not one."""

_OLE: Final = b"\xd0\xcf\x11\xe0"
_TAIL: Final = (1 << 16) + 22
_HEAD: Final = 1 << 16
_SIZE_AT: Final = ((b"PK\x05\x06", 12, 4), (b"PK\x06\x06", 40, 8))
"""End records of a ZIP: mark, place and length of the size of its central directory (APPNOTE 4.3.14, 4.3.16)."""
_SIZE_ELSEWHERE: Final = 0xFFFFFFFF
_METHODS: Final = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_UNSAFE: Final = (
    ("vbaproject", "macros"),
    ("activex", "controls"),
    ("externallinks/", "external-links"),
    ("embeddings/", "embedded-objects"),
    ("connections.xml", "connections"),
    ("querytables/", "connections"),
    ("macrosheets/", "macros"),
)
_DOCUMENT_TYPES: Final = tuple(
    mark.encode(encoding) for mark in ("<!DOCTYPE", "<!ENTITY") for encoding in ("utf-8", "utf-16-le", "utf-16-be")
)


@contextmanager
def open_archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """The archive, for the length of the block; its parts may be read, each as long as it declares at the most.

    Raises Refusal `worksheet-unreadable`, `worksheet-encrypted`, `worksheet-unsafe` or `worksheet-too-large`.
    """
    _inspect_file(path)
    try:
        archive = zipfile.ZipFile(path)
    except DAMAGES as damage:
        raise Refusal("worksheet-unreadable", file=path.name) from damage
    with archive:
        _inspect_index(path.name, archive)
        try:
            _inspect_heads(path.name, archive)
        except DAMAGES as damage:
            raise Refusal("worksheet-unreadable", file=path.name) from damage
        yield archive


def require_file(path: Path) -> int:
    """The size of a regular file, in bytes. Raises Refusal `worksheet-unreadable` for a pipe, a device, a folder."""
    try:
        known = path.stat()
    except (OSError, ValueError) as missing:
        raise Refusal("worksheet-unreadable", file=path.name) from missing
    if not stat.S_ISREG(known.st_mode):
        raise Refusal("worksheet-unreadable", file=path.name)
    return known.st_size


def _inspect_file(path: Path) -> None:
    size = require_file(path)
    try:
        with path.open("rb") as opened:
            head = opened.read(len(_OLE))
            opened.seek(max(0, size - _TAIL))
            tail = opened.read(_TAIL)
    except OSError as damage:
        raise Refusal("worksheet-unreadable", file=path.name) from damage
    if head == _OLE:
        raise Refusal("worksheet-encrypted", file=path.name)
    if size > MAX_FILE_BYTES:
        raise too_large(path.name, f"{size} B > {MAX_FILE_BYTES} B")
    for mark, place, length in _SIZE_AT:
        at = tail.find(mark)
        while at >= 0:
            declared = int.from_bytes(tail[at + place : at + place + length], "little")
            if declared > MAX_INDEX_BYTES and declared != _SIZE_ELSEWHERE:
                raise too_large(path.name, f"{declared} B > {MAX_INDEX_BYTES} B")
            at = tail.find(mark, at + 1)


def _inspect_index(name: str, archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if len(parts) > MAX_PARTS:
        raise too_large(name, f"{len(parts)} > {MAX_PARTS} parts")
    if len({part.filename.lower() for part in parts}) < len(parts):
        raise Refusal("worksheet-unsafe", file=name, what="part-twice")
    for part in parts:
        _inspect_part(name, part)
    if (inflated := sum(part.file_size for part in parts)) > MAX_INFLATED_BYTES:
        raise too_large(name, f"{inflated} B > {MAX_INFLATED_BYTES} B")


def _inspect_part(name: str, part: zipfile.ZipInfo) -> None:
    lower = part.filename.lower()
    for mark, what in _UNSAFE:
        if mark in lower:
            raise Refusal("worksheet-unsafe", file=name, what=what)
    if lower.startswith("/") or "\\" in lower or ".." in lower.split("/"):
        raise Refusal("worksheet-unsafe", file=name, what="part-names")
    if part.compress_type not in _METHODS:
        raise Refusal("worksheet-unreadable", file=name)
    limit = MAX_SHEET_BYTES if lower.startswith("xl/worksheets/") else MAX_PART_BYTES
    if part.file_size > limit:
        raise too_large(name, f"{part.file_size} B > {limit} B")


def _inspect_heads(name: str, archive: zipfile.ZipFile) -> None:
    """No part may begin with a document type, read by us or not: another program would open it."""
    for part in archive.infolist():
        with archive.open(part) as opened:
            head = opened.read(_HEAD)
        if any(mark in head for mark in _DOCUMENT_TYPES):
            raise Refusal("worksheet-unsafe", file=name, what="document-type")


def too_large(name: str, what: str) -> Refusal:
    """The refusal of a worksheet that is over a limit; `what` says which."""
    return Refusal("worksheet-too-large", file=name, what=what)
