"""Judging the scan itself, on the raw page: blank, coarse, blurred, cut. A fault is a flag, never a refusal."""

from __future__ import annotations

from typing import Final

import numpy as np
from PIL import Image, ImageFilter

from digitization.treatment import Gray

LEAST_DPI: Final = 150
"""Below this letters are too small to be read well (TT 05/2025/TT-BNV asks for 200)."""

_BLANK_DPI: Final = 75
_INK_DROP: Final = 0.22
_LEAST_INK: Final = 0.0002
_DARK: Final = 128
_ENOUGH_PX: Final = 500
_SHARPEST_STEP: Final = 0.3


def ink_share(gray: Gray, dpi: int) -> float:
    """Share of the raw page, without its margins, that is darker than the paper around it by a stroke's contrast.

    Raw, because cleaning turns the noise of an empty page into strokes, and recognition then invents words.
    """
    scale = max(1, round(dpi / _BLANK_DPI))
    small = Image.fromarray(gray).reduce(scale)
    paper = small.filter(ImageFilter.MaxFilter(7)).filter(ImageFilter.GaussianBlur(4))
    share = np.asarray(small, dtype=np.float32) / np.maximum(np.asarray(paper, dtype=np.float32), 16.0)
    ink = Image.fromarray(np.where(share < 1 - _INK_DROP, 255, 0).astype(np.uint8))
    # A word is ink beside ink; a speck stands alone.
    crowd = np.asarray(ink.filter(ImageFilter.BoxBlur(3))) > 40
    strokes = (np.asarray(ink) > 0) & crowd
    rows, columns = strokes.shape
    inner = strokes[rows // 16 : rows - rows // 16, columns // 16 : columns - columns // 16]
    return float(inner.mean()) if inner.size else 0.0


def is_blank(gray: Gray, dpi: int) -> bool:
    """Whether the raw page bears no writing."""
    return ink_share(gray, dpi) < _LEAST_INK


def sharpness(cleaned: Gray) -> float:
    """0..1: how steep the edges of strokes are, as the share of the full contrast gained over one pixel."""
    steps = np.abs(np.diff(cleaned.astype(np.int16), axis=1))
    strong = steps[steps > 40]
    if strong.size > _ENOUGH_PX:
        return float(np.percentile(strong, 90)) / 255
    # Ink without one steep edge is all blur; without ink there is nothing to judge.
    return 0.0 if np.count_nonzero(cleaned < _DARK) > _ENOUGH_PX else 1.0


def is_blurred(cleaned: Gray) -> bool:
    """Whether strokes have soft edges at the resolution the page was scanned with."""
    return sharpness(cleaned) < _SHARPEST_STEP


def is_cut(cleaned: Gray) -> bool:
    """Whether lines of writing run into an edge of the page."""
    edge = max(2, cleaned.shape[1] // 250)
    sides = (cleaned[:, :edge], cleaned[:, -edge:])
    ends = (cleaned[:edge].T, cleaned[-edge:].T)
    # Cut lines end at a side many times over; a cut line at the foot shows many letters.
    return any(_touches(strip, least=6) for strip in sides) or any(_touches(strip, least=20) for strip in ends)


def _touches(strip: Gray, *, least: int) -> bool:
    """Whether at least `least` separate runs of ink lie along the strip. One long run is a border."""
    touched = strip.min(axis=1) < _DARK
    starts = np.count_nonzero(np.diff(touched.astype(np.int8)) == 1)
    return bool(starts >= least and touched.mean() < 0.5)
