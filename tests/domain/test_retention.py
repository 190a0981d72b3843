"""Retention rests on the schedule in force at appraisal, and on nothing else."""

import pytest

from domain.lot import RetentionClass
from domain.retention import RetentionRule, appraise

RULE = RetentionRule(
    id="TT09-2011/002",
    schedule="TT 09/2011/TT-BNV",
    retention=RetentionClass.PERMANENT,
    as_written="Vĩnh viễn",
    in_force_from="2011-07-18",
    in_force_to="2023-02-15",
)


@pytest.mark.parametrize(
    ("appraised_on", "relied_on"),
    [
        ("2019-05-01", True),
        ("2019", True),
        ("2011", False),
        ("2023", False),
        ("2023-02-14", True),
        ("2023-02-15", False),
        ("", False),
    ],
)
def test_a_rule_holds_if_surely_in_force_at_appraisal(appraised_on: str, relied_on: bool) -> None:
    """A date that may lie outside the schedule's time leaves the file not appraised."""
    found = appraise("", RULE, appraised_on, "2025-06-30")
    assert (found.retention is RetentionClass.PERMANENT) is relied_on
    assert found.superseded is relied_on


def test_without_a_rule_nothing_is_invented() -> None:
    """`Lâu dài` on an old box stays as written and gives no period."""
    found = appraise("Lâu dài", None, "2005-01-01", "2025-06-30")
    assert (found.retention, found.as_written, found.years) == (RetentionClass.NOT_APPRAISED, "Lâu dài", 0)
