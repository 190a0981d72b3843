"""The suite: every benchmark by its name, and all of them as one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from benchmarks import append, custody, delivery_import, proof, rebuild, tamper, verify
from benchmarks.report import Report, Size, Told

BENCHMARKS: Final[Mapping[str, Callable[[Size, Told], Report]]] = {
    one.NAME: one.run for one in (append, custody, delivery_import, proof, rebuild, tamper, verify)
}
ALL: Final = "all"


def run(name: str, size: Size, told: Callable[[str, int, int], None]) -> Report:
    """Run the benchmark `name`, or `all`. told: name of what runs, runs done and in all."""
    if name != ALL:
        return BENCHMARKS[name](size, lambda done, of: told(name, done, of))
    return together([run(one, size, told) for one in BENCHMARKS])


def together(reports: list[Report]) -> Report:
    """One report of several: figures and machine by name, ratios as `append.stock_1`."""
    return Report(
        name=ALL,
        figures={report.name: report.figures for report in reports},
        ratios={f"{report.name}.{key}": ratio for report in reports for key, ratio in report.ratios.items()},
        machine={report.name: report.machine for report in reports},
    )
