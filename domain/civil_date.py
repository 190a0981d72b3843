"""Civil dates of Viet Nam as the paper gives them: a year, a month of a year, or a day. Never an invented day."""

from __future__ import annotations

import calendar
import datetime as dt
from functools import lru_cache

from domain.errors import Refusal

PartialDate = str
"""`2019`, `2019-05` or `2019-05-17`; the empty string where the paper has no date."""


def partial_date(year: int | None, month: int | None = None, day: int | None = None) -> PartialDate:
    """The partial date of what is known. Raises Refusal `date-impossible`; a day without its month is no date."""
    if year is None:
        if month is not None or day is not None:
            raise Refusal("date-impossible", value=f"{day}/{month}/?")
        return ""
    text = f"{day or '?'}/{month or '?'}/{year}"
    if not 1800 <= year <= 2200 or (month is None and day is not None):
        raise Refusal("date-impossible", value=text)
    if month is None:
        return f"{year:04}"
    if not 1 <= month <= 12 or (day is not None and not 1 <= day <= calendar.monthrange(year, month)[1]):
        raise Refusal("date-impossible", value=text)
    return f"{year:04}-{month:02}" if day is None else f"{year:04}-{month:02}-{day:02}"


def parse(text: str) -> PartialDate:
    """A partial date from its ISO text. Raises Refusal `date-impossible`."""
    parts = text.split("-") if text else []
    if len(parts) > 3 or not all(part.isdecimal() for part in parts):
        raise Refusal("date-impossible", value=text)
    numbers = [int(part) for part in parts] + [None] * (3 - len(parts))
    made = partial_date(numbers[0], numbers[1], numbers[2])
    if made != text:
        raise Refusal("date-impossible", value=text)
    return made


@lru_cache(maxsize=4096)
def earliest(date: PartialDate) -> dt.date:
    """The first day the date can mean; for order and comparison only, never to be shown as the date."""
    parts = [int(part) for part in date.split("-")]
    return dt.date(parts[0], parts[1] if len(parts) > 1 else 1, parts[2] if len(parts) > 2 else 1)


@lru_cache(maxsize=4096)
def latest(date: PartialDate) -> dt.date:
    """The last day the date can mean."""
    parts = [int(part) for part in date.split("-")]
    month = parts[1] if len(parts) > 1 else 12
    return dt.date(parts[0], month, parts[2] if len(parts) > 2 else calendar.monthrange(parts[0], month)[1])


def certainly_after(date: PartialDate, day: str) -> bool:
    """Whether every day `date` can mean lies after the civil day `day`."""
    return bool(date) and earliest(date) > dt.date.fromisoformat(day)


def as_spoken(date: PartialDate) -> str:
    """`07/5/2019`, `02/2019`, `2019`: as offices write it; days under 10 and months 1, 2 get a 0 (Decree 30/2020)."""
    parts = [int(part) for part in date.split("-")] if date else []
    written = [str(part) for part in parts[:1]]
    if len(parts) > 1:
        written.append(f"{parts[1]:02}" if parts[1] < 3 else str(parts[1]))
    if len(parts) > 2:
        written.append(f"{parts[2]:02}")
    return "/".join(reversed(written))
