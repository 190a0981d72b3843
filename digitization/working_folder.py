"""Where scans lie in clear while they are read: a folder for each reader, under the machine's temporary folder.

The folder is locked for as long as its process lives, however that ends. So the next reader can tell which folders a
killed one has left, and removes them with the pages in them.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

_PREFIX: Final = "mocban-reading-"
_UNLOCKED: Final = "mocban-making-"


class WorkingFolder:
    """path: of a folder that only this account may enter, and that is gone after `close`."""

    def __init__(self) -> None:
        """Make it, and remove what killed processes of this account left."""
        sweep()
        made = Path(tempfile.mkdtemp(prefix=_UNLOCKED))
        self._lock = os.open(made, os.O_RDONLY | os.O_DIRECTORY)
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        self.path = made.rename(made.with_name(_PREFIX + made.name.removeprefix(_UNLOCKED)))  # seen only when locked

    def close(self) -> None:
        """Remove it with all that is in it. Idempotent."""
        shutil.rmtree(self.path, ignore_errors=True)
        if self._lock >= 0:
            os.close(self._lock)
        self._lock = -1


def sweep() -> None:
    """Remove the folders of this account that no living process has locked."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        try:
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except OSError:  # swept by another meanwhile, or somebody else's
            continue
        try:
            if os.fstat(lock).st_uid == os.geteuid():
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
        except BlockingIOError:  # at work
            pass
        finally:
            os.close(lock)
