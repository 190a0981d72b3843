"""The data fields of a document (Decree 30/2020/NĐ-CP, Appendix VI.II.1), each read by its own module."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import Final

import msgspec

from digitization.fields import issue, number, organ, recipients, signer, title
from digitization.fields.evidence import unread
from digitization.layout import lay_out
from digitization.plain import distance, plain
from digitization.reading import Reading
from digitization.sheet import Sheet

FIELDS: Final = (
    "CodeNumber", "CodeNotation", "IssuedDate", "Place", "OrganName", "TypeName", "Subject", "Block",
    "SignerInfo.Position", "SignerInfo.FullName", "To.OrganName",
)  # fmt: skip
"""Every field looked for, in the order of the readings."""

_SECRECY: Final = ("mat", "toi mat", "tuyet mat")
"""Marks of Decree 30, Appendix I.IV, box 10a, standing alone in capitals; as a rule a red stamp in a frame."""
_EDGES: Final = re.compile(r"^[\W_]+|[\W_]+$")
"""What a frame is read as."""
_PAGE_NUMBER: Final = re.compile(r"^\W*(\d{1,3})\W*$")


def extract(sheets: Sequence[Sheet]) -> tuple[Reading, ...]:
    """All fields, boxes in pixels of the page images as they lie in the scan. An unread field is said to be so."""
    layout = lay_out(sheets)
    if layout is None:
        return tuple(unread(field) for field in FIELDS)
    code_number, notation = number.read(layout)
    issued, place = issue.read(layout)
    type_name, subject, block = title.read(layout, notation)
    position, full_name = signer.read(layout)
    organ_name = organ.read(layout)
    place = _reconciled(place, organ_name)
    readings = (
        code_number, notation, issued, place, organ_name, type_name, subject, block,
        position, full_name, recipients.read(layout),
    )  # fmt: skip
    frames = {sheet.number: sheet.frame for sheet in sheets}
    return tuple(
        reading
        if reading.box is None or reading.page is None
        else msgspec.structs.replace(reading, box=frames[reading.page].box(reading.box))
        for reading in readings
    )


def flags(sheets: Sequence[Sheet]) -> list[str]:
    """What the text itself warns of: a secrecy mark on the first page, a gap in the printed page numbers."""
    found: list[str] = []
    first = next((sheet for sheet in sheets if sheet.lines), None)
    marks = [line for sheet in sheets for line in sheet.stamps]
    if first is not None:
        top = first.frame.upright[1] * 0.3
        marks += [line for line in (*first.lines, *first.header_left) if line.box.top < top]
    if any(_is_secrecy_mark(line.text) for line in marks):
        found.append("secrecy-mark")
    if _has_gap([printed_number(sheet) for sheet in sheets if not sheet.blank]):
        found.append("pages-missing")
    return found


def _is_secrecy_mark(text: str) -> bool:
    """Of the long marks one letter may be misread; the sides of a frame are read as single letters."""
    words = " ".join(word for word in text.split() if sum(map(str.isalpha, word)) > 1)
    said = _EDGES.sub("", plain(words))
    return words.isupper() and any(distance(said, mark, most=1) <= (len(mark) > 3) for mark in _SECRECY)


def _reconciled(place: Reading, organ_name: Reading) -> Reading:
    """The place, doubtful where the issuing body bears the same name with other accents: one of them is misread."""
    alike = bool(place.value) and plain(place.value) in plain(organ_name.value)
    if not alike or place.value in organ_name.value or place.state != "sure":
        return place
    return msgspec.structs.replace(place, state="doubtful", confidence=min(place.confidence, 55.0))


def printed_number(sheet: Sheet) -> int | None:
    """The page number printed at the head or the foot, None where none stands alone there."""
    height = sheet.frame.upright[1]
    for line in sheet.lines:
        at_an_edge = line.box.bottom < height * 0.09 or line.box.top > height * 0.91
        found = _PAGE_NUMBER.match(line.text) if at_an_edge and line.confidence >= 60 else None
        if found is not None:
            return int(found[1])
    return None


def _has_gap(numbers: Sequence[int | None]) -> bool:
    """Whether two neighbouring pages with printed numbers are more than one apart (the first often has none)."""
    steps = ((a, b) for a, b in itertools.pairwise(numbers) if b is not None)
    return any(b - a > 1 if a is not None else False for a, b in steps) or (
        len(numbers) > 1 and numbers[0] is None and numbers[1] is not None and numbers[1] > 2
    )
