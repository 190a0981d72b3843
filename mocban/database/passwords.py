"""Generated passwords of the embedded cluster, one file each, readable by nobody else."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from mocban.database.account import Account

ADMIN: Final = "mocban_admin"
"""The cluster's superuser: makes databases and migrates."""
LOGIN: Final = "mocban"
"""The login that runs the product: it owns nothing and takes on the run-time roles."""


def password(pg: Path, login: str) -> str:
    """The kept password of `login`."""
    return _file(pg, login).read_text(encoding="ascii").strip()


def new_password(pg: Path, login: str) -> str:
    """Make, keep (fsynced, by a rename) and return a password for `login`."""
    made = secrets.token_urlsafe(32)
    partial = _file(pg, login).with_suffix(".partial")
    partial.unlink(missing_ok=True)
    _write_privately(partial, made)
    partial.replace(_file(pg, login))
    return made


@contextmanager
def password_file(pg: Path, account: Account) -> Iterator[Path]:
    """The administrator's password where the server's account can read it, for as long as `initdb` needs."""
    shown = pg / "initdb.password"
    shown.unlink(missing_ok=True)
    _write_privately(shown, password(pg, ADMIN))
    account.own(shown)
    try:
        yield shown
    finally:
        shown.unlink(missing_ok=True)


def _file(pg: Path, login: str) -> Path:
    return pg / f"{login}.password"


def _write_privately(path: Path, text: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"{text}\n")
        file.flush()
        os.fsync(file.fileno())
