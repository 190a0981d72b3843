"""The suite: every benchmark by its name, and all of them as one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from benchmarks import append, custody, delivery_import, proof, rebuild, tamper, verify
from benchmarks.report import Report, Size, Told

BENCHMARKS: Final[Mapping[str, Callable[[Size, Told], Report]]] = {
    one.NAME: one.run for one in (append, custody, delivery_import, proof, rebuild, tamper, verify)
}
ALL: Final = "all"
EVENTS_IN_ALL: Final = 1_000_000
FILES_IN_ALL: Final = 100_000
"""`all` is to be done within a quarter of an hour: `proof` and `custody` at their full size take as long each."""


def run(name: str, size: Size, told: Callable[[str, int, int], None]) -> Report:
    """Run the benchmark `name`, or `all`. told: name of what runs, runs done and in all."""
    if name != ALL:
        return BENCHMARKS[name](size, lambda done, of: told(name, done, of))
    within = size_in_all(size)
    return together([run(one, within, told) for one in BENCHMARKS])


def size_in_all(size: Size) -> Size:
    """The size of each within `all`: fewer events and files than by name, unless `size` has fewer still."""
    return msgspec.structs.replace(
        size,
        events=min(proof.events_of(size), EVENTS_IN_ALL),
        files=min(custody.files_of(size), FILES_IN_ALL),
    )


def together(reports: list[Report]) -> Report:
    """One report of several: figures and machine by name, ratios as `append.stock_1`."""
    return Report(
        name=ALL,
        figures={report.name: report.figures for report in reports},
        ratios={f"{report.name}.{key}": ratio for report in reports for key, ratio in report.ratios.items()},
        machine={report.name: report.machine for report in reports},
    )
