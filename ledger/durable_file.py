"""Files that are whole or absent, and durable when written: temporary name, fsync, rename, fsync of the folder."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

_TEMPORARY = ".new"


def write_durably(path: Path, data: bytes) -> None:
    """Write one file; on return it survives a power cut. Raises OSError, then the old file (if any) stands."""
    write_all_durably({path: data})


def write_all_durably(files: Mapping[Path, bytes]) -> None:
    """Write many files, each atomically, in the order given; each folder is synced once, at the end."""
    folders: dict[Path, None] = {}
    for path, data in files.items():
        _make_folder(path.parent, folders)
        temporary = path.with_name(f"{path.name}.{os.getpid()}{_TEMPORARY}")
        try:
            with temporary.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
        folders[path.parent] = None
    for folder in folders:
        sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _make_folder(folder: Path, folders: dict[Path, None]) -> None:
    """Make a folder and its parents; each new one's parent must be synced too."""
    if folder.is_dir():
        return
    _make_folder(folder.parent, folders)
    folder.mkdir(exist_ok=True)
    folders[folder.parent] = None
