"""pdftoppm (poppler-utils): draws the rare page that is not one plain image. The product works without it."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path
from typing import Final

from PIL import Image

TIMEOUT_SECONDS: Final = 10


class TooSlowError(Exception):
    """The page was not drawn within `TIMEOUT_SECONDS`."""


def available() -> bool:
    """Whether the program is on PATH."""
    return shutil.which("pdftoppm") is not None


def draw(scan: Path, page: int, *, dpi: int) -> Image.Image | None:
    """Page number `page` (1-based) as seen, at `dpi`; None when the program is absent or fails on it.

    Raises TooSlowError.
    """
    number = str(page)
    command = ["pdftoppm", "-r", str(dpi), "-f", number, "-l", number, str(scan)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=TIMEOUT_SECONDS, check=True)
    except subprocess.TimeoutExpired as error:
        raise TooSlowError from error
    except (OSError, subprocess.SubprocessError):
        return None
    if not done.stdout:
        return None
    image = Image.open(io.BytesIO(done.stdout))
    image.load()
    return image
