"""Folders that a database's own account may pass through, in memory where there is room enough."""

from __future__ import annotations

import os
import re
import tempfile
from functools import cache
from pathlib import Path
from typing import Final

_MEMORY: Final = Path("/dev/shm")  # a file system; folders in it get random names
_DISK: Final = Path("/tmp")  # as above, and short enough for a socket's address
_ROOM: Final = 6 << 30
RUN: Final = "mocban-test-"
_NAMED: Final = re.compile(r"mocban-(?:test|home|demo|given|plan)-([0-9]+)-")


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
    folder = Path(tempfile.mkdtemp(prefix=f"{prefix}{os.getpid()}-", dir=base()))
    folder.chmod(0o711)
    return folder


def abandoned() -> list[Path]:
    """Our own folders `<prefix><process id>-*` whose process is gone."""
    found = [(folder, _NAMED.match(folder.name)) for place in {_MEMORY, _DISK} for folder in place.glob("mocban-*-*")]
    return [
        folder
        for folder, name in found
        if name is not None and not Path(f"/proc/{name[1]}").exists() and folder.stat().st_uid == os.geteuid()
    ]


def _free_memory() -> int:
    lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith("MemAvailable:"))
