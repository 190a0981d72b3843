"""Invisible words over a page image, each where it stands on the paper, in the page's own coordinates."""

from __future__ import annotations

import math
from typing import Final

from digitization import glyphless
from digitization.frame import Frame
from digitization.pages import Matrix
from digitization.reading import Line, Word
from digitization.sheet import Sheet

FONT: Final = "/MocBanText"


def content(sheet: Sheet, lines: list[Line]) -> bytes:
    """PDF operators that put the words of a page, in reading order; empty for a page without words."""
    words = [_shown(word, *_row(line), sheet) for line in lines for word in line.words]
    if not words:
        return b""
    # 3 Tr: neither fill nor stroke (ISO 32000-2, 9.3.6).
    return ("BT\n3 Tr\n" + "\n".join(words) + "\nET\n").encode("ascii")


def _row(line: Line) -> tuple[int, int]:
    """Bottom and height shared by a line's words: their medians, so that a dash stands on the line and not above it."""
    bottoms, heights = sorted(word.box.bottom for word in line.words), sorted(word.box.height for word in line.words)
    return bottoms[len(bottoms) // 2], heights[len(heights) // 2]


def _shown(word: Word, bottom: int, height: int, sheet: Sheet) -> str:
    """One word: matrix to its baseline, font size its line's height, stretched to its width."""
    frame, placed, box = sheet.frame, sheet.placed, word.box
    baseline = bottom + glyphless.DESCENT / 1000 * height
    x, y = _page(frame, placed, box.left, baseline)
    right, right_y = _page(frame, placed, box.right, baseline)
    up, up_y = _page(frame, placed, box.left, baseline - height)
    width, size = math.hypot(right - x, right_y - y), math.hypot(up - x, up_y - y)
    if width < 0.01 or size < 0.01:
        return ""
    natural = size * glyphless.ADVANCE / 1000 * len(word.text)
    along, along_y = (right - x) / width, (right_y - y) / width
    tall, tall_y = (up - x) / size, (up_y - y) / size
    matrix = " ".join(f"{value:.4f}" for value in (along, along_y, tall, tall_y, x, y))
    stretch = 100 * width / natural
    return f"{FONT} {size:.2f} Tf {stretch:.2f} Tz {matrix} Tm <{glyphless.code(word.text + ' ')}> Tj"


def _page(frame: Frame, placed: Matrix, x: float, y: float) -> tuple[float, float]:
    """An upright point in points on the page: back to the image, to the unit square, to the page."""
    px, py = frame.point(x, y)
    u, v = px / frame.width, 1 - py / frame.height
    a, b, c, d, e, f = placed
    return a * u + c * v + e, b * u + d * v + f
