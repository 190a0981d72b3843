"""`reorganization`: plans as files, and what a plan would bring before it is law."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Final

from mocban.cli.answer import answer

NAME: Final = "reorganization"
HELP: Final = "phương án sắp xếp: kiểm tra, chuyển dạng · plans of a reorganization: check, convert"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do with which plan."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION", title="việc · actions")
    check = _action(actions, "check", _check, "kiểm tra tệp phương án · check a plan file")
    check.add_argument("plan", type=Path, metavar="PLAN", help="tệp .yaml hoặc .xlsx · a .yaml or .xlsx file")
    convert = _action(actions, "convert", _convert, "chuyển giữa YAML và XLSX · convert between YAML and XLSX")
    convert.add_argument("plan", type=Path, metavar="IN")
    convert.add_argument("out", type=Path, metavar="OUT")
    _action(actions, "schema", _schema, "in JSON Schema của tệp phương án · print the JSON Schema of a plan file")


def run(args: argparse.Namespace) -> int:
    """Do it. Return 1 where the plan file has faults, each told at its line or cell."""
    chosen: Callable[[argparse.Namespace], int] = args.chosen
    return chosen(args)


def _action(
    actions: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    chosen: Callable[[argparse.Namespace], int],
    told: str,
) -> argparse.ArgumentParser:
    one = actions.add_parser(name, help=told, description=told)
    one.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="như ở lệnh · as of the command")
    one.set_defaults(chosen=chosen)
    return one


def _check(args: argparse.Namespace) -> int:
    from mocban.cli.plan_reading import read_or_tell, told_flags  # noqa: PLC0415  `--help` answers without these

    reading = read_or_tell(args.plan, as_json=args.json)
    if reading is None or reading.plan is None:
        return 1
    plan = reading.plan
    facts = {"plan": args.plan.name, "effective": plan.effective, "rules": len(plan.rules), "flags": reading.flags}
    line = f"{args.plan.name}: {len(plan.rules)} quy tắc, hiệu lực {plan.effective} · rules, effective"
    answer(facts, line, *told_flags(reading), as_json=args.json)
    return 0


def _convert(args: argparse.Namespace) -> int:
    from mocban.cli.plan_reading import read_or_tell, told_flags  # noqa: PLC0415
    from mocban.plan_file.reading import write_plan_file  # noqa: PLC0415

    reading = read_or_tell(args.plan, as_json=args.json)
    if reading is None or reading.plan is None:
        return 1
    write_plan_file(reading.plan, args.out)
    facts = {"written": str(args.out), "rules": len(reading.plan.rules), "flags": reading.flags}
    answer(facts, f"đã ghi · written: {args.out}", *told_flags(reading), as_json=args.json)
    return 0


def _schema(args: argparse.Namespace) -> int:
    import msgspec  # noqa: PLC0415

    from mocban.plan_file.schema import plan_schema  # noqa: PLC0415

    schema = plan_schema()
    answer(schema, msgspec.json.format(msgspec.json.encode(schema), indent=2).decode(), as_json=args.json)
    return 0
