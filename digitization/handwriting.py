"""Whether a number was written by hand, judged by its ink and never by the confidence of recognition.

On real decisions handwritten numbers came out wrong more often than right, with the same word confidence.
"""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from digitization import marks
from digitization.frame import Frame
from digitization.reading import Box, Line, Word

_NOTATION: Final = re.compile(r"[-/ ]?[A-ZĐa-zđ]{1,5}\s*[-/]|[A-ZĐ]{2,}")
_COLOURED: Final = 8.0
"""By how many levels a pen is bluer than the print beside it; yellowed paper turns both."""
_TALL: Final = 1.15
"""Against the label `Số`, which with its accents stands a fifth taller than printed digits."""
_LEAST_PX: Final = 14


def number_strip(lines: tuple[Line, ...]) -> tuple[Box, Box] | None:
    """The place between "Số" and the notation, and the printed words beside it; None where no such line is."""
    for line in lines:
        words = line.words
        for at, word in enumerate(words[:3]):
            if len(word.text) <= 4 and marks.is_number_line(word.text):
                return _between(word, words[at + 1 :])
    return None


def seen(image: Image.Image, frame: Frame, lines: tuple[Line, ...]) -> bool:
    """Whether the ink of the number differs in colour or in height from the print beside it.

    image: as it lies in the scan; lines: of the left header, upright.
    """
    found = number_strip(lines)
    if found is None:
        return False
    strip, printed = (_cut(image, frame.box(box)) for box in found)
    if strip is None or printed is None:
        return False
    if _colour(strip) - _colour(printed) > _COLOURED:
        return True
    # Printed digits are as tall as capitals; a pen's are taller or stray from the line.
    return printed.height >= _LEAST_PX and _ink_height(strip) > _TALL * printed.height


def _between(label: Word, after: tuple[Word, ...]) -> tuple[Box, Box]:
    height = max(label.box.height, 8)
    left, right = label.box.right + height // 4, label.box.right + 4 * height
    for word in after:
        found = _NOTATION.search(word.text)
        if found is not None:
            right = word.box.left + round(word.box.width * found.start() / max(len(word.text), 1))
            break
    strip = Box(left, label.box.top - height // 2, max(right, left + height), label.box.bottom + height // 2)
    return strip, label.box


def _cut(image: Image.Image, box: Box) -> Image.Image | None:
    if box.width < 4 or box.height < 4:
        return None
    return image.crop((box.left, box.top, box.right, box.bottom)).convert("RGB")


def _colour(crop: Image.Image) -> float:
    """How much bluer than red the ink is, in levels: the median over its pixels."""
    pixels = np.asarray(crop).astype(np.int16)
    dark = pixels[_ink(pixels.mean(axis=2))]
    return float(np.median(dark[:, 2] - dark[:, 0])) if dark.size else 0.0


def _ink(gray: npt.NDArray[np.floating]) -> npt.NDArray[np.bool_]:
    """Pixels nearer to the darkest than to the paper."""
    paper, ink = float(np.percentile(gray, 90)), float(np.percentile(gray, 2))
    dark: npt.NDArray[np.bool_] = np.less(gray, (paper + ink) / 2)
    return dark


def _ink_height(crop: Image.Image) -> int:
    """Rows of the run of ink that crosses the middle; the lines above and below are parted from it by white."""
    inked = _ink(np.asarray(crop.convert("L")).astype(np.float32)).sum(axis=1) >= 2
    white = np.flatnonzero(~inked)
    middle = len(inked) // 2
    above, below = white[white < middle], white[white > middle]
    top = int(above[-1]) if above.size else -1
    bottom = int(below[0]) if below.size else len(inked)
    return bottom - top - 1
