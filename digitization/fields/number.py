"""CodeNumber and CodeNotation: `Số: 123/QĐ-UBND`, `Số 45-KL/ĐU` (Party), `413 TB/UB` (before 1998)."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final, NamedTuple

from digitization.document_types import TYPES
from digitization.fields.evidence import Candidate, weigh
from digitization.layout import Layout
from digitization.marks import LABEL
from digitization.plain import distance, plain
from digitization.reading import Reading

_LETTERS: Final = "A-Za-zÀ-ỹĐđ"
_NUMBERED: Final = re.compile(
    rf"^(?P<number>[\dIl|oO]{{1,6}}[a-z]?)\s*(?P<sep>[-/.]|\s)\s*(?P<notation>(?:\d{{4}}/)?[{_LETTERS}]{{1,8}}(?:[-/.&][{_LETTERS}\d]+)*)"
)
_GLUED: Final = re.compile(
    rf"^(?P<number>\d{{1,6}})(?P<notation>[{_LETTERS}]{{2,5}}[-/][{_LETTERS}]+(?:[-/][{_LETTERS}]+)*)"
)
_NOTATION: Final = re.compile(rf"(?:(?<=[-/\s])|^|(?<=\W))(?P<notation>[{_LETTERS}]{{2,8}}(?:[-/][{_LETTERS}]{{2,}})+)")
_DIGITS: Final = str.maketrans("Il|oO", "11100")
_DASH: Final = re.compile(r"\s*([-/])\s*")

_OFFICIAL: Final = frozenset((
    *(one.abbreviation for one in TYPES if one.abbreviation),
    "UBND", "HĐND", "UB", "VP", "ĐU", "HU", "QU", "TU", "TƯ", "VPTU", "VPTW", "BTGTU", "BTCTU", "UBKTTU", "MTTQ",
    "STNMT", "SNV", "STP", "SXD", "SYT", "SGDĐT", "SKHĐT", "SLĐTBXH", "TNMT", "GDĐT", "LĐTBXH", "TCKH", "QLĐT",
    "BS", "NV", "TP", "VX", "PN", "ĐTN", "HND", "CCB", "LĐLĐ",
))  # fmt: skip
_ALIKE: Final = Counter(plain(part) for part in _OFFICIAL)
_KNOWN: Final = {plain(part): part for part in _OFFICIAL if _ALIKE[plain(part)] == 1}
"""By plain letters, where these tell; `HD` (a guideline) and `HĐ` (a contract) differ by the bar alone."""
_OFTEN_MISREAD: Final = 4
"""Letters from which a part of a symbol is repaired though one letter of it is wrong."""


class Number(NamedTuple):
    """A number and its symbol; `number` is "" when only the symbol could be made out."""

    number: str
    notation: str
    clean: bool


def read(layout: Layout) -> tuple[Reading, Reading]:
    """CodeNumber and CodeNotation from every look at the line."""
    page = layout.first.number
    numbers: list[Candidate] = []
    notations: list[Candidate] = []
    for line in layout.number_lines:
        found = parse(line.text)
        if found is None:
            continue
        said = {"confidence": line.confidence, "page": page, "box": line.box}
        if found.number:
            numbers.append(Candidate(value=found.number, clean=found.clean, **said))  # type: ignore[arg-type]  # mixed facts
        notations.append(Candidate(value=found.notation, **said))  # type: ignore[arg-type]  # mixed facts
    missed = len(numbers) < len(layout.number_lines)
    return (
        weigh("CodeNumber", numbers, doubted=layout.handwritten or missed),
        weigh("CodeNotation", notations),
    )


def parse(line: str) -> Number | None:
    """`Số: 123/QĐ-UBND` -> (123, QĐ-UBND); None when not even a symbol is there."""
    text = LABEL.sub("", line.replace("–", "-").replace("—", "-"), count=1)
    text = _DASH.sub(r"\1", text).strip(" :.;,")
    found = _NUMBERED.match(text) or _GLUED.match(text)
    if found is not None:
        number, raw = found["number"], found["notation"]
        digits = number.translate(_DIGITS)
        notation, year_kept = _repaired(raw), digits[:-1].isdigit() or digits.isdigit()
        if year_kept:
            return Number(digits, notation, clean=digits == number and "sep" in found.groupdict())
    only = _NOTATION.search(text)
    return Number("", _repaired(only["notation"]), clean=False) if only is not None else None


def _repaired(notation: str) -> str:
    return "".join(part if part in "-/.&" else _part(part) for part in re.split(r"([-/.&])", notation))


def _part(part: str) -> str:
    """A part of a symbol as it is officially written, where it differs by accents, case or one letter."""
    if part in _OFFICIAL:
        return part
    # Đ is often read twice.
    bare = plain(part).replace("dd", "d")
    if bare in _KNOWN:
        return _KNOWN[bare]
    if len(bare) >= _OFTEN_MISREAD:
        close = [known for known in _KNOWN if len(known) >= _OFTEN_MISREAD and distance(bare, known, most=1) <= 1]
        if len(close) == 1:
            return _KNOWN[close[0]]
    return part
