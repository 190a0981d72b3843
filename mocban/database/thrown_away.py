"""A folder for a data folder that is thrown away again, and the sweeping of what killed runs have left of theirs."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mocban.database.cluster import Cluster
from mocban.settings import Settings


@contextmanager
def thrown_away(prefix: str) -> Iterator[Path]:
    """A fresh folder for a data folder `home`; afterwards its server is stopped and all is removed.

    Its name begins with `prefix` and this process's id: what begins so and whose process is gone is removed first.
    """
    for folder in abandoned(prefix):
        _remove(folder)
    made = Path(tempfile.mkdtemp(prefix=f"{prefix}{os.getpid()}-"))
    made.chmod(0o711)  # the server's account passes through
    try:
        yield made
    finally:
        _remove(made)


def abandoned(prefix: str) -> Iterator[Path]:
    """Our own folders `<prefix><process id>-*` in the temporary folder whose process is gone."""
    for folder in Path(tempfile.gettempdir()).glob(f"{prefix}[0-9]*-*"):
        owner = folder.name.removeprefix(prefix).partition("-")[0]
        known = owner.isdecimal() and Path("/proc").is_dir() and folder.lstat().st_uid == os.geteuid()
        if known and not folder.is_symlink() and not Path(f"/proc/{owner}").exists():
            yield folder


def _remove(folder: Path) -> None:
    Cluster(settings=Settings(home=folder / "home")).stop()
    shutil.rmtree(folder, ignore_errors=True)
