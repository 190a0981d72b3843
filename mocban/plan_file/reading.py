"""A plan file read: the plan, or every fault with the line or the cell it is at."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec

from domain.errors import Refusal
from domain.finding import Finding
from domain.plan_check import check
from domain.plan_file import PlanFile
from mocban.plan_file.form import MAX_BYTES, Fault, Form
from mocban.plan_file.structure import structural
from mocban.plan_file.whole_file import write_whole
from mocban.plan_file.workbook_form import read_workbook, write_workbook
from mocban.plan_file.yaml_form import read_yaml, write_yaml
from reference.instruments import days_in_force
from reference.plan import CHANGE_SETS

YAML: Final = (".yaml", ".yml")
WORKBOOK: Final = ".xlsx"


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """plan: None where a fault hinders it. faults, flags: in the order they stand. form: for findings made later."""

    plan: PlanFile | None
    faults: tuple[Fault, ...]
    flags: tuple[Fault, ...]
    form: Form


def read_plan_file(path: Path) -> Reading:
    """Read a plan file by its suffix. Raises Refusal `file-missing`, `plan-file-form`, `plan-file-too-large`."""
    suffix = path.suffix.lower()
    if suffix not in {*YAML, WORKBOOK}:
        raise Refusal("plan-file-form")
    if not path.is_file():
        raise Refusal("file-missing", path=path.name)
    if path.stat().st_size > MAX_BYTES:
        raise Refusal("plan-file-too-large", limit=MAX_BYTES)
    return read_form(read_workbook(path) if suffix == WORKBOOK else read_yaml(path.read_bytes()))


def read_form(form: Form) -> Reading:
    """The plan of a form. Its structure is looked at where the form could be read, its sense where that is whole."""
    found: list[Finding] = list(form.found)
    if form.value is not None:
        found += structural(form.value)
    plan = None
    if not found:
        plan = msgspec.convert(form.value, PlanFile)
        found += check(plan, days_in_force(), CHANGE_SETS)
    faults = [form.fault(finding) for finding in found]
    faults.sort(key=lambda fault: (fault.at.line, fault.at.column))
    hindering = tuple(fault for fault in faults if not fault.flagged)
    return Reading(
        plan=None if hindering else plan,
        faults=hindering,
        flags=tuple(fault for fault in faults if fault.flagged),
        form=form,
    )


def write_plan_file(plan: PlanFile, path: Path) -> None:
    """Write a plan by the suffix, whole or not at all. Raises Refusal `plan-file-form` and as `write_whole`."""
    suffix = path.suffix.lower()
    if suffix == WORKBOOK:
        data = write_workbook(plan)
    elif suffix in YAML:
        data = write_yaml(plan).encode()
    else:
        raise Refusal("plan-file-form")
    write_whole(path, data)
