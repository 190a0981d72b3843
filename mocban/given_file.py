"""Files that people hand to a command: read as far as such a file can reach, for a device or a pipe may never end."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Final

MOST_BYTES: Final = 1 << 26
"""Far above any act, sample or name; no machine minds holding it."""


def read_given(path: Path, most: int = MOST_BYTES) -> bytes:
    """All of it. Raises OSError, also where there are more than `most` bytes."""
    with path.open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
    return data
