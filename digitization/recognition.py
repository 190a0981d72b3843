"""Reading letters: Tesseract with its Vietnamese model, by pytesseract, one call an image.

Word boxes and text come from the same TSV, so text and place can never disagree.
"""

from __future__ import annotations

import csv
import itertools
import math
import tempfile
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Final

import pytesseract
from PIL import Image

from digitization.processor_limit import ProcessorLimit, spent_by_children
from digitization.programs.tesseract import LANGUAGE
from digitization.reading import Box, Line, Word

COLUMN: Final = 4
"""Page segmentation: one column of lines of various sizes. Automatic segmentation splits columns at any streak."""
BLOCK: Final = 6
"""Page segmentation: one uniform block, for crops."""
SPARSE: Final = 11
"""Page segmentation: whatever text there is, in no order, for stamps."""

_LOOKALIKES: Final = str.maketrans({"⁄": "/", "Ð": "Đ", "ð": "đ"})
"""Letters of other scripts that the model writes for Vietnamese ones."""

PAGE_SECONDS: Final = 10.0
"""Processor time for all readings of one page, its image made before: an ordinary one takes two or three."""
_WALL_SECONDS: Final = 90.0
"""For one reading, however busy the machine is."""
_LEAST_SECONDS: Final = 0.5
_WIDE_GAP: Final = 2.2
"""Gaps between words wider than this many line heights part two columns read as one line."""


class TimedOutError(Exception):
    """Tesseract did not finish a page within `PAGE_SECONDS` of processor time."""


_deadline: ContextVar[float] = ContextVar("deadline", default=math.inf)


@contextmanager
def page_budget(seconds: float = PAGE_SECONDS) -> Iterator[None]:
    """Readings within the block share `seconds` of processor time."""
    token = _deadline.set(spent_by_children() + seconds)
    try:
        yield
    finally:
        _deadline.reset(token)


def read(image: Image.Image, *, segmentation: int, dpi: int) -> tuple[Line, ...]:
    """Lines read from a gray image, top to bottom. Boxes in pixels of the image. Raises TimedOutError."""
    left = min(_deadline.get() - spent_by_children(), PAGE_SECONDS)
    if left < _LEAST_SECONDS:
        raise TimedOutError
    config = f"--psm {segmentation} --dpi {max(dpi, 70)} -c tessedit_do_invert=0"
    with tempfile.TemporaryDirectory(prefix="page-") as folder:
        # An uncompressed file: pytesseract's own PNG costs half a second of CPU a page.
        path = Path(folder) / "page.pgm"
        image.convert("L").save(path)
        with ProcessorLimit(left) as limit:
            try:
                table = pytesseract.image_to_data(str(path), lang=LANGUAGE, config=config, timeout=_WALL_SECONDS)
            except pytesseract.TesseractError as error:
                if limit.passed:
                    raise TimedOutError from error
                raise
            except RuntimeError as error:
                raise TimedOutError from error
    return tuple(itertools.chain.from_iterable(_columns(words) for words in _rows(table)))


def confidence(lines: Sequence[Line]) -> float:
    """Mean confidence over words, 0..100; 0 when nothing was read."""
    words = [word.confidence for line in lines for word in line.words]
    return round(sum(words) / len(words), 1) if words else 0.0


def count(lines: Sequence[Line]) -> int:
    """How many words were read."""
    return sum(len(line.words) for line in lines)


def line_of(words: Sequence[Word]) -> Line:
    """One line made of words given left to right. There must be one at least."""
    boxes = [word.box for word in words]
    box = Box(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )
    mean = round(sum(word.confidence for word in words) / len(words), 1)
    return Line(text=" ".join(word.text for word in words), confidence=mean, box=box, words=tuple(words))


def _rows(table: str) -> Iterator[list[Word]]:
    """Words of each line of a TSV that Tesseract wrote (level 5 rows, grouped by block, paragraph and line)."""
    rows = csv.DictReader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    words = (row for row in rows if row["level"] == "5" and (row["text"] or "").strip() and float(row["conf"]) >= 0)
    for _, group in itertools.groupby(words, key=lambda row: (row["block_num"], row["par_num"], row["line_num"])):
        yield [_word(row) for row in group]


def _word(row: dict[str, str]) -> Word:
    left, top, width, height = (int(row[name]) for name in ("left", "top", "width", "height"))
    return Word(
        text=unicodedata.normalize("NFC", row["text"].strip()).translate(_LOOKALIKES),
        confidence=round(float(row["conf"]), 1),
        box=Box(left, top, left + width, top + height),
    )


def _columns(words: list[Word]) -> Iterator[Line]:
    """The words of one row, parted where a gap is too wide for one line of text."""
    heights = sorted(word.box.height for word in words)
    wide = max(heights[len(heights) // 2], 6) * _WIDE_GAP
    part: list[Word] = []
    for word in words:
        if part and word.box.left - part[-1].box.right > wide:
            yield line_of(part)
            part = []
        part.append(word)
    if part:
        yield line_of(part)
