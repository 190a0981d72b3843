"""The folder of the server's Unix socket: 0700, and short, because a socket's whole path has 107 bytes."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Final

from mocban.database.account import Account

LONGEST: Final = 100
"""Bytes of the socket's path; Linux allows 107, macOS 103."""
SOCKET: Final = ".s.PGSQL.5432"
_NOTE: Final = "socket_folder"
_SHARED: Final = "/tmp"  # noqa: S108  # short everywhere; a runtime folder would vanish at logout, under a live server


def socket_folder(pg: Path, account: Account) -> Path:
    """Make or find the folder. Under `pg` when short enough, else a fresh one under the shared temporary folder.

    The fresh folder's random name is noted under `pg`, so nobody can prepare it ahead of us; one that was swept
    away, or is no longer ours, is made anew.
    """
    own = pg / "socket"
    if len(os.fsencode(own / SOCKET)) <= LONGEST:
        own.mkdir(mode=0o700, exist_ok=True)
        account.own(own)
        return own
    note = pg / _NOTE
    if note.exists() and _is_private(Path(note.read_text().strip()), account):
        return Path(note.read_text().strip())
    made = Path(tempfile.mkdtemp(prefix="mocban-", dir=_SHARED))
    account.own(made)
    note.write_text(f"{made}\n")
    return made


def remove_noted_folder(pg: Path) -> None:
    """Sweep up a socket folder outside `pg` after a clean stop."""
    note = pg / _NOTE
    if note.exists():
        folder = Path(note.read_text().strip())
        note.unlink()
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def _is_private(folder: Path, account: Account) -> bool:
    try:
        found = folder.lstat()
    except OSError:
        return False
    return folder.is_dir() and not folder.is_symlink() and found.st_uid == account.uid and found.st_mode & 0o077 == 0
