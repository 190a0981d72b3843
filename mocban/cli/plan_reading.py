"""How commands read a plan file: its faults told one by one, at their line or cell."""

from __future__ import annotations

import sys
from pathlib import Path

from domain.errors import Refusal
from mocban.cli.answer import answer
from mocban.plan_file.form import Fault
from mocban.plan_file.reading import Reading, read_plan_file


def read_or_tell(path: Path, *, as_json: bool) -> Reading | None:
    """What was read; None once its faults were told. Raises Refusal as `read_plan_file` does."""
    reading = read_plan_file(path)
    if reading.plan is not None:
        return reading
    tell_faults(path, reading.faults, as_json=as_json)
    return None


def tell_faults(path: Path, faults: tuple[Fault, ...], *, as_json: bool) -> None:
    """Say on stderr that a plan file is unfit, and where; with `as_json` also as an object on stdout."""
    unfit = Refusal("plan-file-unfit", file=path.name, faults=len(faults))
    for line in (unfit.vi, unfit.en, *map(told, faults)):
        print(f"mocban: {line}", file=sys.stderr, flush=True)
    if as_json:
        problem = {"code": unfit.code, "vi": unfit.vi, "en": unfit.en}
        answer({"problem": problem, "faults": faults}, as_json=True)


def told(fault: Fault) -> str:
    """One line of a fault or a flag."""
    mark = "!" if fault.flagged else "✗"
    member = f" ({fault.member})" if fault.member else ""
    return f"{mark} {fault.at.vi}{member}: {fault.vi} · {fault.at.en}: {fault.en} [{fault.code}]"


def told_flags(reading: Reading) -> list[str]:
    """A line for each flag."""
    return [told(flag) for flag in reading.flags]
