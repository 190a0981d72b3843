"""pdftotext (poppler-utils): the words that a page holds itself, as in a file that was never paper."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Final

from digitization.processor_limit import ProcessorLimit

SECONDS: Final = 2.0
"""Of processor time for one page."""
MAX_BYTES: Final = 1 << 20
"""More than a page can show; a map of letters can make a gigabyte of one."""


def words(scan: Path, page: int) -> str:
    """The text of page number `page` (1-based), cut where it is too long; empty where the program does not give any."""
    command = ["pdftotext", "-q", "-f", str(page), "-l", str(page), str(scan), "-"]
    try:
        with ProcessorLimit(SECONDS), subprocess.Popen(command, stdout=subprocess.PIPE) as running:
            assert running.stdout is not None
            said = running.stdout.read(MAX_BYTES)
            running.kill()
    except OSError:
        return ""
    return said.decode("utf-8", errors="replace")
