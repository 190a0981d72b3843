"""The last lines of a run: which programs of other people judged, and which could not, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

import pytest

PROPERTY: Final = "foreign"
"""Under which a test says by whose program it judges; reports carry it from the workers."""
_FOLDER: Final = "tests/foreign/"


def foreign_lines(reports: Iterable[pytest.TestReport]) -> list[str]:
    """A line for each program with the number of its tests, then one for each reason for which some were skipped."""
    judged: Counter[str] = Counter()
    skipped: Counter[str] = Counter()
    for report in reports:
        if _FOLDER not in report.nodeid.replace("\\", "/"):
            continue
        if report.skipped and isinstance(report.longrepr, tuple):
            skipped[report.longrepr[2].removeprefix("Skipped: ")] += 1
        elif report.when == "call" and report.passed:
            judged.update(str(value) for name, value in report.user_properties if name == PROPERTY)
    return [
        *(f"{name}: {count} đạt · passed" for name, count in sorted(judged.items())),
        *(f"BỎ QUA · SKIPPED ({count}) {reason}" for reason, count in sorted(skipped.items())),
    ]
