"""A second look at the three places that data fields live in: header left, header right, signature.

A stamp over a signature makes layout analysis drop the whole block; a crop read as one block brings it back.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import msgspec
import numpy as np
from PIL import Image

from digitization import marks, recognition
from digitization.reading import Box, Line
from digitization.treatment import Gray

HEADER_ENDS: Final = (0.20, 0.29)
"""Shares of the page's height between which the header's crop may end."""
STAMPS_END: Final = 0.4
"""Share of the page's height above which secrecy marks and stamps of arrival are."""
PARTED: Final = (0.34, 0.60)
"""Shares of the page's width between which two columns are parted."""

_LEGIBLE: Final = 30.0
_LEEWAY: Final = 4.0
_FRAME: Final = 10
"""White pixels put around a crop: letters at its very edge are lost otherwise."""


class Upright(NamedTuple):
    """The straightened working image and its resolution."""

    image: Image.Image
    dpi: int


class Headers(NamedTuple):
    """Where the two header columns lie, and the row of the number within the left one (None when unseen)."""

    left: Box
    right: Box
    number: Box | None


def headers(page: Upright, lines: tuple[Line, ...]) -> Headers:
    """The header columns, parted at the widest white gap, ended under the number and the date when these were seen."""
    width, height = page.image.size
    # Only the top rows part the columns: title and subject run across.
    parted = _widest_gap(page, Box(0, height // 40, width, int(height * 0.13)))
    top = [line for line in lines if line.box.centre < height * HEADER_ENDS[1]]
    number = next((line.box for line in top if marks.is_number_line(line.text) and line.box.left < parted), None)
    dated = next((line.box for line in top if marks.is_dated(line.text)), None)
    default = _whitest_row(page, Box(0, int(height * HEADER_ENDS[0]), width, int(height * HEADER_ENDS[1])))
    seen = number or dated
    # An official letter has its subject under the number, in up to three lines.
    left = min(default, seen.bottom + 5 * seen.height) if seen is not None else default
    right = min(default, dated.bottom + dated.height) if dated is not None else default
    row = None
    if number is not None:
        row = Box(0, max(0, number.top - number.height), parted, number.bottom + number.height)
    return Headers(Box(0, 0, parted, left), Box(parted, 0, width, right), row)


def signature_box(page: Upright, lines: tuple[Line, ...]) -> Box | None:
    """The right column beside "Nơi nhận" or under the signing formula, else what stands on the right under the body.

    None where the page has neither.
    """
    width, height = page.image.size
    tops = [line.box.top for line in lines if marks.opens_signature(line.text)]
    if not tops:
        body = max((line.box.bottom for line in lines if line.box.width > width * 0.45), default=height)
        under = [line for line in lines if line.box.top > body and line.box.middle > width * 0.55]
        tops = [body] if under and body > height // 8 else []
    if not tops:
        return None
    top = max(0, min(tops) - height // 80)
    parted = _widest_gap(page, Box(0, top, width, min(height, top + height // 7)))
    return Box(parted, top, width, min(height, top + int(height * 0.28)))


def densest_strip(page: Upright) -> Box:
    """The fifth of the page's height that holds most ink: enough to tell which way up it reads."""
    width, height = page.image.size
    rows = (_ink(page, Box(0, 0, width, height)) < 128).sum(axis=1)
    tall = max(height // 5, 1)
    sums = np.convolve(rows, np.ones(tall), mode="valid")
    top = int(np.argmax(sums))
    return Box(0, top, width, top + tall)


def read_stamps(page: Upright) -> tuple[Line, ...]:
    """Lines at the head of a page of which only the stamps are there, in the page's upright pixels."""
    width, height = page.image.size
    inked = _ink(page, Box(0, 0, width, int(height * STAMPS_END))) < 128
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    if rows.size == 0:
        return ()
    box = Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    return read_crop(page, box, recognition.SPARSE)


def read_crop(page: Upright, box: Box, segmentation: int = recognition.BLOCK) -> tuple[Line, ...]:
    """Lines of one crop, in the page's upright pixels. An empty crop has none."""
    if box.width < 30 or box.height < 20:
        return ()
    framed = Image.new("L", (box.width + 2 * _FRAME, box.height + 2 * _FRAME), 255)
    framed.paste(page.image.crop((box.left, box.top, box.right, box.bottom)), (_FRAME, _FRAME))
    lines = recognition.read(framed, segmentation=segmentation, dpi=page.dpi)
    return tuple(_moved(line, box.left - _FRAME, box.top - _FRAME) for line in lines)


def header_replaced(lines: tuple[Line, ...], left: tuple[Line, ...], right: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines down to the number and the date as the crops read them, where these read as well as the whole page.

    Two columns that stand close are otherwise read as one line across.
    """
    ends = [line.box.bottom for line in left if marks.is_number_line(line.text)]
    ends += [line.box.bottom for line in right if marks.is_dated(line.text)]
    end = max(ends, default=0)
    before = tuple(line for line in lines if line.box.centre < end)
    again = tuple(line for line in (*left, *right) if line.box.centre < end and line.confidence >= _LEGIBLE)
    if recognition.confidence(again) < recognition.confidence(before) - _LEEWAY:
        return lines
    return (*again, *(line for line in lines if line.box.centre >= end))


def regained(lines: tuple[Line, ...], again: tuple[Line, ...]) -> tuple[Line, ...]:
    """Lines of the second look that the first one missed altogether and that read well."""
    words = [word.box for line in lines for word in line.words]
    return tuple(
        line
        for line in again
        if line.confidence >= 70
        and sum(char.isalnum() for char in line.text) >= 4
        and not any(_meet(line.box, box) for box in words)
    )


def _meet(one: Box, other: Box) -> bool:
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    return across > 0 and down > 0.3 * min(one.height, other.height)


def _moved(line: Line, right: int, down: int) -> Line:
    words = [msgspec.structs.replace(word, box=_shifted(word.box, right, down)) for word in line.words]
    return recognition.line_of(words)


def _shifted(box: Box, right: int, down: int) -> Box:
    return Box(box.left + right, box.top + down, box.right + right, box.bottom + down)


def _ink(page: Upright, box: Box) -> Gray:
    return np.asarray(page.image.crop((box.left, box.top, max(box.right, box.left + 1), max(box.bottom, box.top + 1))))


def _whitest_row(page: Upright, band: Box) -> int:
    rows = (_ink(page, band) < 128).sum(axis=1)
    window = max(3, band.height // 12)
    smooth = np.convolve(rows, np.ones(window), mode="same")
    return band.top + int(np.argmin(smooth))


def _widest_gap(page: Upright, band: Box) -> int:
    """The middle of the widest white run of columns between the shares `PARTED`."""
    first, last = (int(band.width * share) for share in PARTED)
    columns = (_ink(page, band) < 128).sum(axis=0)[first:last]
    white = columns <= max(1, band.height // 200)
    best, run = (0, (last - first) // 2), 0
    for x, is_white in enumerate(white):
        run = run + 1 if is_white else 0
        if run > best[0]:
            best = (run, x - run // 2)
    return band.left + first + best[1]
