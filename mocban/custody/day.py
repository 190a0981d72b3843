"""The civil day that a question is about: in full, or today in Viet Nam."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from domain.civil_date import parse
from domain.errors import Refusal

CIVIL_ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")
_SHOWN: Final = 40  # letters of what was written that a problem repeats


def full_day(text: str) -> str:
    """The day as written. Raises Refusal `question-date-partial` for a month or a year, `date-impossible`."""
    day = parse(text) if len(text) <= _SHOWN else ""
    if len(day) != len("YYYY-MM-DD"):
        raise Refusal("question-date-partial", value=text[:_SHOWN])
    return day


def civil_today() -> str:
    """Today in Viet Nam."""
    return datetime.now(CIVIL_ZONE).date().isoformat()
