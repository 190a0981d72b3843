"""Files that are there whole or not at all, also after a power cut."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def create_file(path: Path, data: bytes, mode: int = 0o600) -> bool:
    """Write `path` unless it exists; True when this call made it. Durable (file and folder) when it returns.

    A hard link is the one step that both refuses an existing name and shows only whole files.
    """
    draft = path.with_name(f".{path.name[:64]}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
            made = True
        except FileExistsError:
            made = False
    finally:
        draft.unlink()
    _sync_folder(path.parent)
    return made


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
