"""The what-if as the API serves it: a plan in a request's body, a report or the plan's faults in the answer."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from threading import Semaphore
from typing import Final

import msgspec

from api.problems import problem_of
from domain.errors import Refusal
from domain.identifiers import Naming
from mocban.plan_file.form import Fault, Form
from mocban.plan_file.reading import read_form
from mocban.plan_file.yaml_form import read_yaml
from mocban.what_if.reporting import Choose, UnresolvedPlan, report_on
from mocban.what_if.scope import of_former_district, of_unit, whole_plan
from projections.view import Connection

_AT_ONCE: Final = 1
"""Previews at a time: each reads the whole city."""


class HttpPreviews:
    """connections: of a role that cannot write. naming: of this ledger's ids."""

    def __init__(self, connections: Callable[[], AbstractContextManager[Connection]], naming: Naming) -> None:
        self._connections, self._naming = connections, naming
        self._turn = Semaphore(_AT_ONCE)

    def report(self, plan: bytes, unit: str | None, former_district: str | None) -> tuple[int, bytes]:
        """HTTP status and JSON. Raises Refusal `parameter-unfit` and as the choice of a part does."""
        with self._turn:
            return self._report(plan, unit, former_district)

    def _report(self, plan: bytes, unit: str | None, former_district: str | None) -> tuple[int, bytes]:
        form = read_yaml(plan)
        reading = read_form(form)
        if reading.plan is None:
            return _faulty(reading.faults)
        try:
            with self._connections() as connection:
                wish = _choice(unit, former_district)
                report = report_on(connection, self._naming, reading.plan, wish, flags=reading.flags)
        except UnresolvedPlan as unresolved:
            return _unresolved(form, unresolved)
        return 200, msgspec.json.encode(report)


def _choice(unit: str | None, former_district: str | None) -> Choose:
    if unit and former_district:
        raise Refusal("parameter-unfit", parameter="unit, former_district")
    if unit:
        return lambda plan, snapshot: of_unit(plan, snapshot, unit)
    if former_district:
        return lambda plan, snapshot: of_former_district(plan, snapshot, former_district)
    return lambda plan, _snapshot: whole_plan(plan)


def _unresolved(form: Form, unresolved: UnresolvedPlan) -> tuple[int, bytes]:
    return _faulty(tuple(form.fault(finding) for finding in unresolved.findings))


def _faulty(faults: tuple[Fault, ...]) -> tuple[int, bytes]:
    """A problem (RFC 9457) with each fault at its line."""
    unfit = Refusal("plan-file-unfit", file="", faults=len(faults))
    problem = {
        **msgspec.to_builtins(problem_of(unfit, 422)),
        "faults": faults,
    }
    return 422, msgspec.json.encode(problem)
