"""`reorganization preview`: a plan laid over the present. Nothing is written to the database."""

from __future__ import annotations

import argparse
import os
import shutil
from pathlib import Path

from domain.errors import Refusal
from domain.identifiers import Naming
from mocban.cli.answer import answer
from mocban.cli.plan_reading import read_or_tell, tell_faults
from mocban.plan_file.reading import Reading
from mocban.plan_file.whole_file import require_place, write_whole
from mocban.what_if.report import Report
from mocban.what_if.reporting import Choose, UnresolvedPlan, report_on
from mocban.what_if.scope import of_former_district, of_unit, whole_plan
from projections.view import Connection


def preview_plans(args: argparse.Namespace) -> int:
    """Open this machine's product and preview. Return 1 where a plan file has faults."""
    from mocban.bootstrap import open_product  # noqa: PLC0415  faults of a plan file are told without a database
    from mocban.custody.freshness import caught_up  # noqa: PLC0415
    from mocban.settings import Settings  # noqa: PLC0415

    readings = read_plans(args)
    if readings is None:
        return 1
    with open_product(Settings.from_environment()) as product:
        caught_up(product)
        with product.views.connection() as connection:
            return show(connection, product.naming, args, readings)


def read_plans(args: argparse.Namespace) -> list[Reading] | None:
    """The plan, then the one it is compared with; None once faults were told. Raises Refusal of a wrong wish."""
    if args.svg and not (args.unit or args.former_district):
        raise Refusal("preview-picture-too-wide")
    paths = [args.plan, *([args.against] if args.against else [])]
    _require_outputs(args, paths)
    readings = [read_or_tell(path, as_json=args.json) for path in paths]
    whole = [reading for reading in readings if reading is not None]
    return whole if len(whole) == len(paths) else None


def _require_outputs(args: argparse.Namespace, read: list[Path]) -> None:
    """Raise Refusal where an output has another suffix, no place, or the place of a file that is read or written."""
    taken = list(read)
    for out, suffix in ((args.xlsx, ".xlsx"), (args.svg, ".svg")):
        if out is None:
            continue
        if out.suffix.lower() != suffix:
            raise Refusal("preview-output-form", path=out.name, suffix=suffix)
        require_place(out)
        if any(_same(out, one) for one in taken):
            raise Refusal("preview-output-taken", path=out.name)
        taken.append(out)


def _same(out: Path, other: Path) -> bool:
    if out.exists() and other.exists():
        return out.samefile(other)
    return os.path.realpath(out) == os.path.realpath(other)


def show(connection: Connection, naming: Naming, args: argparse.Namespace, readings: list[Reading]) -> int:
    """Make the report, write what was asked for, say it. Return 1 where codes of a plan mean nothing here."""
    plans = [reading.plan for reading in readings]
    assert plans[0] is not None
    against = plans[1] if len(plans) > 1 else None
    try:
        report = report_on(connection, naming, plans[0], _choice(args), against=against, flags=readings[0].flags)
    except UnresolvedPlan as unresolved:
        form, path = readings[unresolved.of].form, (args.plan, args.against)[unresolved.of]
        tell_faults(path, tuple(form.fault(finding) for finding in unresolved.findings), as_json=args.json)
        return 1
    written = _written(args, report)
    facts = {"report": report, "written": [str(path) for path in written]}
    if args.json:
        answer(facts, as_json=True)
    else:
        from mocban.what_if.table import lines  # noqa: PLC0415

        width = max(100, shutil.get_terminal_size((140, 40)).columns)
        answer(facts, *lines(report, width), *(f"đã ghi · written: {path}" for path in written), as_json=False)
    return 0


def _choice(args: argparse.Namespace) -> Choose:
    if args.unit:
        return lambda plan, snapshot: of_unit(plan, snapshot, args.unit)
    if args.former_district:
        return lambda plan, snapshot: of_former_district(plan, snapshot, args.former_district)
    return lambda plan, _snapshot: whole_plan(plan)


def _written(args: argparse.Namespace, report: Report) -> list[Path]:
    from mocban.what_if.picture import picture  # noqa: PLC0415
    from mocban.what_if.workbook import workbook  # noqa: PLC0415

    written: list[Path] = []
    for path, made in ((args.xlsx, workbook), (args.svg, lambda one: picture(one).encode())):
        if path is not None:
            write_whole(path, made(report))
            written.append(path)
    return written
