"""Dates as the paper gives them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import civil_date
from domain.errors import Refusal


@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31)), st.integers(1, 3))
def test_a_partial_date_keeps_exactly_what_is_known(day: dt.date, known: int) -> None:
    """The text parses to itself and spans from its first to its last possible day."""
    made = civil_date.partial_date(day.year, day.month if known > 1 else None, day.day if known > 2 else None)
    assert civil_date.parse(made) == made == day.isoformat()[: (4, 7, 10)[known - 1]]
    assert civil_date.earliest(made) <= day <= civil_date.latest(made)


@pytest.mark.parametrize(
    "parts", [(2021, 2, 29), (2020, 13, 1), (2020, None, 5), (None, 3, 5), (1500, 1, 1), (2020, 0, 1)]
)
def test_impossible_dates_are_refused(parts: tuple[int | None, int | None, int | None]) -> None:
    """A day without its month, 29 February of a common year and the like are refused by name."""
    with pytest.raises(Refusal) as refused:
        civil_date.partial_date(*parts)
    assert refused.value.code == "date-impossible"
    assert refused.value.vi != refused.value.en


@pytest.mark.parametrize("text", ["2020-1", "20-01-01", "2020-01-01-01", "x", "2020-01-1"])
def test_only_the_full_form_parses(text: str) -> None:
    """A text that is not the canonical form of its date is refused."""
    with pytest.raises(Refusal):
        civil_date.parse(text)


def test_after_means_every_day_it_can_mean() -> None:
    """`2025` may lie before 1 July 2025; `2025-08` may not."""
    assert not civil_date.certainly_after("2025", "2025-06-30")
    assert civil_date.certainly_after("2025-08", "2025-06-30")
    assert not civil_date.certainly_after("", "2025-06-30")


def test_dates_are_spoken_as_offices_write_them() -> None:
    """Day/month/year, as far as known; a 0 before days under 10 and months 1 and 2."""
    assert [civil_date.as_spoken(one) for one in ("2019-05-07", "2025-02-28", "2019-01", "2019-05", "2019", "")] == [
        "07/5/2019",
        "28/02/2025",
        "01/2019",
        "5/2019",
        "2019",
        "",
    ]
