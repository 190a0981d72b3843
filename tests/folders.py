"""Folders that a database's own account may pass through, in memory where there is room enough."""

from __future__ import annotations

import os
import tempfile
from functools import cache
from pathlib import Path
from typing import Final

_MEMORY: Final = Path("/dev/shm")  # a file system; folders in it get random names
_DISK: Final = Path("/tmp")  # as above, and short enough for a socket's address
_ROOM: Final = 6 << 30


@cache
def base() -> Path:
    """Where the run's folders are made: hundreds of databases come and go, and none has to outlive the machine."""
    try:
        fits = os.statvfs(_MEMORY).f_bavail * os.statvfs(_MEMORY).f_frsize >= _ROOM and _free_memory() >= 2 * _ROOM
    except (OSError, ValueError, IndexError):
        fits = False
    return _MEMORY if fits and os.access(_MEMORY, os.W_OK | os.X_OK) else _DISK


def passable_folder(prefix: str) -> Path:
    """A temporary folder with a short name that every account may pass through and only we may list."""
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=base()))
    folder.chmod(0o711)
    return folder


def abandoned(prefix: str) -> list[tuple[Path, int]]:
    """Our own folders `<prefix><process id>-*`, and the process ids in their names."""
    found = [
        (folder, int(folder.name.removeprefix(prefix).partition("-")[0]))
        for place in {_MEMORY, _DISK}
        for folder in place.glob(f"{prefix}[0-9]*-*")
    ]
    return [(folder, pid) for folder, pid in found if folder.stat().st_uid == os.geteuid()]


def _free_memory() -> int:
    lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith("MemAvailable:"))
