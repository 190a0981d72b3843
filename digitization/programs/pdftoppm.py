"""pdftoppm (poppler-utils): draws the rare page that is not one plain image. The product works without it."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path
from typing import Final

from PIL import Image

from digitization.processor_limit import ProcessorLimit

SECONDS: Final = 10.0
"""Of processor time for one page."""
_WALL_SECONDS: Final = 60.0


class TooSlowError(Exception):
    """The page was not drawn within `SECONDS` of processor time."""


def draw(scan: Path, page: int, *, dpi: int) -> Image.Image | None:
    """Page number `page` (1-based) as seen, at `dpi`; None when the program is absent or fails on it.

    Raises TooSlowError.
    """
    number = str(page)
    command = ["pdftoppm", "-r", str(dpi), "-f", number, "-l", number, str(scan)]
    with ProcessorLimit(SECONDS) as limit:
        try:
            done = subprocess.run(command, capture_output=True, timeout=_WALL_SECONDS, check=True)
        except subprocess.TimeoutExpired as error:
            raise TooSlowError from error
        except (OSError, subprocess.SubprocessError) as error:
            if limit.passed:
                raise TooSlowError from error
            return None
    if not done.stdout:
        return None
    image = Image.open(io.BytesIO(done.stdout))
    image.load()
    return image
