"""Which way a page lies: the axis its lines run along and the small angle they are off by, from ink profiles alone.

Lines of text make the ink per row swing between much and none; the swing is sharpest when rows and lines agree.
Up or down cannot be told this way: recognition tries both when the page reads badly.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from PIL import Image

from digitization.treatment import Gray

LARGEST_SKEW: Final = 8.0
"""Degrees looked at on either side."""

_LOOKED_AT_PX: Final = 900
_SIDEWAYS_MARGIN: Final = 1.6
"""How much sharper the columns must be than the rows before a page is taken to lie on its side."""


class Lie(NamedTuple):
    """sideways: lines run down the page; skew: degrees counter-clockwise that straighten them."""

    sideways: bool
    skew: float


def lie(cleaned: Gray) -> Lie:
    """How the text on a cleaned page lies. A page without text lies straight."""
    ink = _ink(cleaned)
    if np.count_nonzero(ink) < 200:
        return Lie(sideways=False, skew=0.0)
    across, skew = _sharpest(Image.fromarray(ink))
    down, turned_skew = _sharpest(Image.fromarray(np.ascontiguousarray(np.rot90(ink, k=-1))))
    if down > across * _SIDEWAYS_MARGIN:
        return Lie(sideways=True, skew=turned_skew)
    return Lie(sideways=False, skew=skew)


def _ink(cleaned: Gray) -> Gray:
    scale = max(1, round(max(cleaned.shape) / _LOOKED_AT_PX))
    small = Image.fromarray(cleaned).reduce(scale)
    return np.where(np.asarray(small) < 170, 255, 0).astype(np.uint8)


def _sharpest(ink: Image.Image) -> tuple[float, float]:
    """The best score over all angles, and its angle: coarse steps of 1 degree, then of 0.1 around the best."""
    coarse = {float(angle): _score(ink, float(angle)) for angle in np.arange(-LARGEST_SKEW, LARGEST_SKEW + 0.5, 1.0)}
    best = max(coarse, key=lambda angle: coarse[angle])
    fine = {round(best + step / 10, 1): 0.0 for step in range(-9, 10)}
    fine = {angle: _score(ink, angle) for angle in fine}
    angle = max(fine, key=lambda one: (fine[one], -abs(one)))
    return fine[angle], 0.0 if abs(angle) < 0.15 else angle


def _score(ink: Image.Image, angle: float) -> float:
    rows = np.asarray(ink.rotate(angle, Image.Resampling.NEAREST), dtype=np.float32).mean(axis=1)
    return float(np.square(np.diff(rows)).sum())
