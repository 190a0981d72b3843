"""Civil days in requests: whole ISO days in Asia/Ho_Chi_Minh, never an instant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from litestar.params import QueryParameter

from domain import civil_date
from domain.errors import Refusal

ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")

_WHOLE_DAY: Final = len("2025-07-01")

Day = Annotated[str | None, QueryParameter(description="Ngày dương lịch YYYY-MM-DD / civil day")]


def civil_day(text: str, parameter: str = "on") -> str:
    """The day that a request names. Raises Refusal `date-impossible`, also for a month or a year."""
    if len(text) != _WHOLE_DAY:
        raise _impossible(text, parameter)
    return partial_day(text, parameter)


def partial_day(text: str, parameter: str) -> str:
    """The day, month or year that a request names. Raises Refusal `date-impossible`."""
    try:
        if text and text.isascii() and len(text) <= _WHOLE_DAY:
            return civil_date.parse(text)
    except Refusal as refusal:
        raise _impossible(text, parameter) from refusal
    raise _impossible(text, parameter)


def _impossible(text: str, parameter: str) -> Refusal:
    return Refusal("date-impossible", value=text[:_WHOLE_DAY], parameters=(parameter,))


def today(clock: Callable[[], datetime]) -> str:
    """Today's civil day."""
    return clock().astimezone(ZONE).date().isoformat()
