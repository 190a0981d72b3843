"""Where things stand on a Vietnamese official document (Decree 30/2020/NĐ-CP, Appendix I.IV), from lines alone.

Letterhead and number top left, national title (or the Party's) and date top right, type and subject in the middle,
recipients bottom left, signature bottom right.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from digitization import marks
from digitization.reading import Line
from digitization.sheet import Sheet

_HEADER_SHARE: Final = 0.33


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """A document's lines by their place. number_lines: every reading there is of the line with the number;
    dated: the same for the date; below: first page under the header; width: px of the first upright page."""

    first: Sheet
    letterhead: tuple[Line, ...]
    number_lines: tuple[Line, ...]
    under_number: tuple[Line, ...]
    right: tuple[Line, ...]
    dated: tuple[Line, ...]
    below: tuple[Line, ...]
    signed: Sheet | None
    signature: tuple[tuple[Line, ...], ...]
    recipients: tuple[Line, ...]
    width: int
    handwritten: bool


def lay_out(sheets: Sequence[Sheet]) -> Layout | None:
    """The layout of a document; None when no page bears writing."""
    read = [sheet for sheet in sheets if sheet.lines]
    if not read:
        return None
    first = read[0]
    width, height = first.frame.upright
    top = [line for line in first.lines if line.box.centre < height * _HEADER_SHARE]
    left = first.header_left or tuple(line for line in top if line.box.middle < width * 0.48)
    right = first.header_right or tuple(line for line in top if line.box.middle >= width * 0.48)
    numbered = [line for line in left if marks.is_number_line(line.text)][:1]
    dated = [line for line in (*right, *top) if marks.is_dated(line.text)]
    end = max([line.box.bottom for line in (*numbered, *dated[:1])], default=0)
    signed = next((sheet for sheet in reversed(read) if sheet.signature), None)
    return Layout(
        first=first,
        letterhead=_letterhead(left, numbered),
        number_lines=_number_lines(first, numbered, top),
        under_number=tuple(line for line in left if numbered and line.box.top >= numbered[0].box.centre),
        right=right,
        dated=tuple(dated),
        below=tuple(sorted((line for line in first.lines if line.box.centre > end), key=lambda line: line.box.top)),
        signed=signed,
        signature=_signature(signed),
        recipients=_recipients(signed),
        width=width,
        handwritten="number-handwritten" in first.flags,
    )


def text_of(sheet: Sheet) -> str:
    """The page's text, a line each: left column before right where the two stand side by side."""
    return "\n".join(line.text for line in in_reading_order(sheet))


def in_reading_order(sheet: Sheet) -> list[Line]:
    """Rows top to bottom, each left to right; the header's and the signature's columns one after the other."""
    width, height = sheet.frame.upright
    top = _header_end(sheet.lines, height)
    foot = min((line.box.top for line in sheet.lines if marks.is_recipients(line.text)), default=height)
    parts: dict[tuple[int, int], list[Line]] = {}
    for line in sheet.lines:
        zone = 0 if line.box.centre < top else 2 if line.box.centre >= foot else 1
        column = int(line.box.middle > width * 0.47) if zone != 1 else 0
        parts.setdefault((zone, column), []).append(line)
    return [line for _, part in sorted(parts.items()) for row in _rows(part) for line in row]


def _rows(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Lines that stand beside each other, as cells of a table do, left to right."""
    row: list[Line] = []
    for line in sorted(lines, key=lambda line: (line.box.centre, line.box.left)):
        if row and line.box.centre > row[0].box.centre + 0.5 * min(row[0].box.height, line.box.height):
            yield sorted(row, key=lambda one: one.box.left)
            row = []
        row.append(line)
    if row:
        yield sorted(row, key=lambda one: one.box.left)


def _header_end(lines: Sequence[Line], height: int) -> int:
    """Bottom of the line with the number or the date, the lower one; 0 on a page without a date at its head."""
    top = sorted((line for line in lines if line.box.centre < height * _HEADER_SHARE), key=lambda line: line.box.top)
    dated = next((line.box.bottom for line in top if marks.is_dated(line.text)), None)
    numbered = next((line.box.bottom for line in top if marks.is_number_line(line.text)), 0)
    return max(dated, numbered) if dated is not None else 0


def _letterhead(left: Sequence[Line], numbered: Sequence[Line]) -> tuple[Line, ...]:
    end = numbered[0].box.centre if numbered else None
    if end is None:
        return tuple(line for line in left if _in_capitals(line.text))[:4]
    return tuple(line for line in left if line.box.centre < end and _in_capitals(line.text))


def _in_capitals(text: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    return len(letters) >= 3 and sum(char.isupper() for char in letters) >= 0.75 * len(letters)


def _number_lines(first: Sheet, numbered: Sequence[Line], top: Sequence[Line]) -> tuple[Line, ...]:
    """One reading of the number from each look that was taken: crop, whole page, uncleaned."""
    whole = [line for line in top if marks.is_number_line(line.text)][:1]
    bare = [line for line in first.header_raw if marks.is_number_line(line.text)][:1]
    return (*numbered, *whole, *bare)


def _signature(signed: Sheet | None) -> tuple[tuple[Line, ...], ...]:
    if signed is None:
        return ()
    top = min(line.box.top for line in signed.signature)
    left = min(line.box.left for line in signed.signature)
    whole = tuple(line for line in signed.lines if line.box.top >= top - 5 and line.box.middle > left)
    return (signed.signature, tuple(sorted(whole, key=lambda line: line.box.top)))


def _recipients(signed: Sheet | None) -> tuple[Line, ...]:
    if signed is None:
        return ()
    start = next((line for line in signed.lines if marks.is_recipients(line.text)), None)
    top = start.box.centre if start is not None else min(line.box.top for line in signed.signature)
    limit = min(*(line.box.left for line in signed.signature), signed.frame.upright[0] // 2)
    under = [line for line in signed.lines if line.box.top > top and line.box.middle < limit]
    return tuple(sorted(under, key=lambda line: line.box.top))
