"""The what-if as the API serves it: plans in a request or drafted before, and a report, or the faults of a plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import Semaphore
from typing import Final, assert_never
from uuid import UUID

import msgspec

from api.problems import problem_of
from api.services import PreviewForm, PreviewWish
from domain.errors import Refusal
from domain.identifiers import Naming
from domain.plan import Plan
from domain.plan_file import PlanFile
from mocban.plan_file.form import Fault
from mocban.plan_file.reading import WORKBOOK, Reading, read_form
from mocban.plan_file.workbook_form import read_workbook
from mocban.plan_file.yaml_form import read_yaml
from mocban.what_if.picture import picture
from mocban.what_if.report import Report
from mocban.what_if.reporting import Choose, UnresolvedPlan, report_on
from mocban.what_if.scope import of_former_district, of_unit, whole_plan
from mocban.what_if.workbook import workbook
from projections.drafted_plans import drafted_plan
from projections.view import Connection

AT_ONCE: Final = 1
"""Previews at a time: each works out the whole city."""
PATIENCE: Final = 20.0
"""Seconds that one waits for its turn."""
_BEGINS: Final = b"PK\x03\x04"
"""How a workbook begins, as every ZIP archive does."""
_NAMES: Final = ("plan", "against")


class HttpPreviews:
    """connections: of a role that cannot write. naming: of this ledger's ids."""

    def __init__(
        self,
        connections: Callable[[], AbstractContextManager[Connection]],
        naming: Naming,
        patience: float = PATIENCE,
    ) -> None:
        self._connections, self._naming, self._patience = connections, naming, patience
        self._turn = Semaphore(AT_ONCE)

    def made(self, wish: PreviewWish) -> tuple[int, bytes]:
        """HTTP status and what was wished for, or a problem with the faults of a plan.

        Raises Refusal `preview-busy`, `preview-picture-too-wide`, `parameter-unfit`, `reorganization-unknown`, and as
        the choice of a part does.
        """
        choose = _choice(wish)
        with self.in_turn():
            given = [one for one in (wish.plan, wish.against) if one is not None]
            readings = [_read(one) if isinstance(one, bytes) else None for one in given]
            for of, reading in enumerate(readings):
                if reading is not None and reading.plan is None:
                    return _faulty(of, reading.faults)
            with self._connections() as connection:
                plans = [_plan(connection, one, reading) for one, reading in zip(given, readings, strict=True)]
                flags = readings[0].flags if readings[0] is not None else ()
                try:
                    against = plans[1] if len(plans) > 1 else None
                    report = report_on(connection, self._naming, plans[0], choose, against=against, flags=flags)
                except UnresolvedPlan as unresolved:
                    return _unresolved(readings[unresolved.of], unresolved)
            return 200, _in_form(report, wish.form)

    @contextmanager
    def in_turn(self) -> Iterator[None]:
        """Wait for one's turn, and have it. Raises Refusal `preview-busy`."""
        if not self._turn.acquire(timeout=self._patience):
            raise Refusal("preview-busy")
        try:
            yield
        finally:
            self._turn.release()


def _choice(wish: PreviewWish) -> Choose:
    unit, former_district = wish.unit, wish.former_district
    if unit and former_district:
        raise Refusal("parameter-unfit", names="unit, former_district")
    if unit:
        return lambda plan, snapshot: of_unit(plan, snapshot, unit)
    if former_district:
        return lambda plan, snapshot: of_former_district(plan, snapshot, former_district)
    if wish.form is PreviewForm.SVG:
        raise Refusal("preview-picture-too-wide")
    return lambda plan, _snapshot: whole_plan(plan)


def _read(plan: bytes) -> Reading:
    """A plan file, a workbook by how it begins."""
    if not plan.startswith(_BEGINS):
        return read_form(read_yaml(plan))
    with NamedTemporaryFile(prefix="mocban-plan-", suffix=WORKBOOK) as kept:
        kept.write(plan)
        kept.flush()
        return read_form(read_workbook(Path(kept.name)))


def _plan(connection: Connection, given: bytes | UUID, reading: Reading | None) -> PlanFile | Plan:
    if isinstance(given, UUID):
        return drafted_plan(connection, given)
    assert reading is not None
    assert reading.plan is not None
    return reading.plan


def _in_form(report: Report, form: PreviewForm) -> bytes:
    match form:
        case PreviewForm.JSON:
            return msgspec.json.encode(report)
        case PreviewForm.XLSX:
            return workbook(report)
        case PreviewForm.SVG:
            return picture(report).encode()
        case _:
            assert_never(form)


def _unresolved(reading: Reading | None, unresolved: UnresolvedPlan) -> tuple[int, bytes]:
    assert reading is not None, "a drafted plan has ids"
    return _faulty(unresolved.of, tuple(reading.form.fault(finding) for finding in unresolved.findings))


def _faulty(of: int, faults: tuple[Fault, ...]) -> tuple[int, bytes]:
    """A problem (RFC 9457) with each fault at its line or cell. of: 0 the plan, 1 the one it is compared with."""
    unfit = Refusal("plan-file-unfit", file=_NAMES[of], faults=len(faults))
    problem = {**msgspec.to_builtins(problem_of(unfit, 422)), "plan": _NAMES[of], "faults": faults}
    return 422, msgspec.json.encode(problem)
