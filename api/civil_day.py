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

Day = Annotated[str | None, QueryParameter(description="Ngày dương lịch YYYY-MM-DD / civil day")]
PartialDay = Annotated[str | None, QueryParameter(description="Ngày, tháng hoặc năm / day, month or year")]


def civil_day(text: str) -> str:
    """The day that a request names. Raises Refusal `date-impossible`, also for a month or a year."""
    if len(text) != len("2025-07-01"):
        raise Refusal("date-impossible", value="?")
    return partial_day(text)


def partial_day(text: str) -> str:
    """The day, month or year that a request names. Raises Refusal `date-impossible`."""
    if not text or not text.isascii() or len(text) > len("2025-07-01"):
        raise Refusal("date-impossible", value="?")
    return civil_date.parse(text)


def today(clock: Callable[[], datetime]) -> str:
    """Today's civil day."""
    return clock().astimezone(ZONE).date().isoformat()
