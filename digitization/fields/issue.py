"""IssuedDate and Place: `Hà Nội, ngày 05 tháng 3 năm 2019`. A part that cannot be read stays away, never guessed."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from digitization.fields.evidence import Candidate, weigh
from digitization.layout import Layout
from digitization.plain import plain
from digitization.reading import Line, Reading

_DATE: Final = re.compile(r"\bngay\b(?P<day>.{0,8}?)\bthang\b(?P<month>.{0,8}?)\bnam\b\W*(?P<year>\d[\d ]{3,4})?")
_FIRST_YEAR: Final = 1945
_LAST_YEAR: Final = 2100
_PLACE: Final = re.compile(r"^(?P<place>[^\d,;]{2,40}?)\s*[,.;]?\s*$")


def read(layout: Layout) -> tuple[Reading, Reading]:
    """IssuedDate and Place from every look at the line. A date with a part missing is doubtful."""
    page = layout.first.number
    dates: list[Candidate] = []
    places: list[Candidate] = []
    for line in layout.dated:
        value = parse_date(line.text)
        if value:
            sure = _confidence(line)
            dates.append(Candidate(value=value, confidence=sure, page=page, box=line.box, clean=len(value) == 10))
        place = parse_place(line.text)
        if place:
            places.append(Candidate(value=place, confidence=line.confidence, page=page, box=line.box))
    return weigh("IssuedDate", _fullest(dates)), weigh("Place", places)


def parse_date(text: str) -> str:
    """`ngày 05 tháng 3 năm 2019` -> `2019-03-05`; `ngày ... tháng 3 năm 2019` -> `2019-03`; "" without a year."""
    found = _DATE.search(plain(text))
    if found is None or not found["year"]:
        return ""
    year = _number(found["year"])
    if year is None or not _FIRST_YEAR <= year <= _LAST_YEAR:
        return ""
    month, day = _number(found["month"]), _number(found["day"])
    if month is None or not 1 <= month <= 12:
        return f"{year:04}"
    if day is None:
        return f"{year:04}-{month:02}"
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return f"{year:04}-{month:02}"


def parse_place(text: str) -> str:
    """What stands before `ngày` on the line, when it looks like a name; else ""."""
    found = re.search(r"\bng[aàáảãạ]y\b", text, re.IGNORECASE)
    if found is None:
        return ""
    words = [word.strip(".,;:'\"|_-—*«»()[]") for word in text[: found.start()].split()]
    kept = [word for word in words if word]
    while kept and not (kept[0][0].isupper() and kept[0].isalpha()):
        kept.pop(0)
    place = " ".join(kept)
    return place if _PLACE.match(place) and all(word[0].isalpha() for word in kept) else ""


def _fullest(dates: list[Candidate]) -> list[Candidate]:
    """Partial readings that a fuller one contains are no dissent."""
    full = [one for one in dates if one.clean]
    return [one for one in dates if one.clean or not any(other.value.startswith(one.value) for other in full)]


def _number(text: str) -> int | None:
    digits = re.sub(r"\s", "", text).strip(".,:;_'`-")
    return int(digits) if digits.isdigit() else None


def _confidence(line: Line) -> float:
    """That of the worst word with a digit: the rest of the line is a form."""
    return min((word.confidence for word in line.words if any(c.isdigit() for c in word.text)), default=line.confidence)
