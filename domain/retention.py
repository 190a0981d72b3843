"""Retention (thời hạn lưu trữ): how long a file is kept, by which rule of which schedule.

The schedule in force at appraisal decides. What an old box says ("lâu dài", "tạm thời") stays as written.
"""

from __future__ import annotations

import msgspec

from domain.civil_date import PartialDate, earliest, latest
from domain.lot import RetentionClass


class RetentionRule(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a retention schedule. `years` is set for a fixed period only; the interval is the schedule's."""

    id: str
    schedule: str
    retention: RetentionClass
    as_written: str
    years: int | None = None
    in_force_from: str = ""
    in_force_to: str = ""


class Maintenance(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Thời hạn bảo quản of a file: its class, the words on the paper, and the rule it rests on.

    `superseded`: the schedule was in force at appraisal and has been replaced since.
    """

    retention: RetentionClass
    as_written: str = ""
    years: int = 0
    rule: str = ""
    schedule: str = ""
    superseded: bool = False


def appraise(as_written: str, rule: RetentionRule | None, appraised_on: PartialDate, today: str) -> Maintenance:
    """The retention that can be relied on: the cited rule if it was surely in force at appraisal, else not appraised.

    appraised_on: as far as known, empty where not; today: a civil day.
    """
    if rule is None or not appraised_on or not _in_force(rule, appraised_on):
        return Maintenance(retention=RetentionClass.NOT_APPRAISED, as_written=as_written)
    return Maintenance(
        retention=rule.retention,
        as_written=as_written or rule.as_written,
        years=rule.years or 0,
        rule=rule.id,
        schedule=rule.schedule,
        superseded=not _in_force(rule, today),
    )


def _in_force(rule: RetentionRule, date: PartialDate) -> bool:
    """Whether the rule was in force on every day that `date` can mean."""
    begun = bool(rule.in_force_from) and latest(rule.in_force_from) <= earliest(date)
    return begun and (not rule.in_force_to or latest(date) < earliest(rule.in_force_to))
