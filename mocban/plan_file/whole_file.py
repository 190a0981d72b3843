"""A file that a command was asked to write: there whole, or not at all."""

from __future__ import annotations

from pathlib import Path

from domain.errors import Refusal
from signing.durable_file import PRIVATE, READABLE, write_durably


def require_place(path: Path) -> None:
    """Raise Refusal `folder-missing` or `file-not-writable` where a file of this name could not be written."""
    if not path.parent.is_dir():
        raise Refusal("folder-missing", path=path.parent)
    if path.is_dir():
        raise Refusal("file-not-writable", path=path.name)


def require_output(path: Path, suffix: str) -> None:
    """Raise Refusal as `require_place`, and `preview-output-form` for another suffix."""
    if path.suffix.lower() != suffix:
        raise Refusal("preview-output-form", path=path.name, suffix=suffix)
    require_place(path)


def write_whole(path: Path, data: bytes, *, content: bool = False) -> None:
    """Write beside the name, then take its place, durably. Raises Refusal as `require_place`; OSError: disk full.

    content: titles or names that are sealed in the ledger stand in it, so it is for who asked for it only (0600).
    """
    require_place(path)
    try:
        write_durably(path, data, PRIVATE if content else READABLE)
    except PermissionError as denied:
        raise Refusal("file-not-writable", path=path.name) from denied
