"""`reorganization`: plans as files, what a plan would bring before it is law, and its life as acts."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Final

from mocban.cli.answer import answer
from mocban.cli.parts import add_part

NAME: Final = "reorganization"
HELP: Final = "phương án sắp xếp: kiểm tra, xem trước, lập, thi hành · plans: check, preview, draft, adopt, enact"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do with which plan."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION", title="việc · actions")
    check = add_part(actions, "check", "kiểm tra tệp phương án · check a plan file", _check)
    check.add_argument("plan", type=Path, metavar="PLAN", help="tệp .yaml hoặc .xlsx · a .yaml or .xlsx file")
    convert = add_part(actions, "convert", "chuyển giữa YAML và XLSX · convert between YAML and XLSX", _convert)
    convert.add_argument("plan", type=Path, metavar="IN", help="tệp .yaml hoặc .xlsx · a .yaml or .xlsx file")
    convert.add_argument(
        "out", type=Path, metavar="OUT", help="tệp sẽ ghi, dạng kia · the file to write, the other form"
    )
    preview = add_part(
        actions, "preview", "xem trước phương án, không ghi gì · preview a plan; writes nothing", _preview
    )
    preview.add_argument("plan", type=Path, metavar="PLAN", help="tệp phương án · the plan file")
    part = preview.add_mutually_exclusive_group()
    part.add_argument("--unit", metavar="CODE|CODE@DAY|ID", help="một đơn vị cũ hoặc mới · one unit, old or new")
    part.add_argument("--former-district", metavar="CODE", help="một huyện cũ và các xã · a former district")
    preview.add_argument("--against", type=Path, metavar="PLAN", help="so với phương án khác · compare with another")
    preview.add_argument("--xlsx", type=Path, metavar="FILE", help="ghi bảng tính · write a workbook")
    preview.add_argument("--svg", type=Path, metavar="FILE", help="vẽ hình một đơn vị hoặc huyện · draw one part")
    _add_life(actions)
    add_part(actions, "schema", "in JSON Schema của tệp phương án · print the JSON Schema of a plan file", _schema)


def run(args: argparse.Namespace) -> int:
    """Do it. Return 1 where the plan file has faults, each told at its line or cell."""
    chosen: Callable[[argparse.Namespace], int] = args.chosen
    return chosen(args)


def _add_life(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Each step of a plan's life: an act, signed by the officer in charge of the reorganization."""
    add_part(actions, "list", "các phương án đã ghi · the reorganizations recorded", _live)
    draft = add_part(actions, "draft", "lập phương án · put a plan down", _live)
    draft.add_argument("plan", type=Path, metavar="PLAN", help="tệp phương án · the plan file")
    adopt = _step(actions, "adopt", "thông qua bằng văn bản · adopt by its instrument")
    for name, told in (
        ("--number", "số, ký hiệu văn bản; không có: như trong phương án · default: the plan's"),
        ("--issued", "ngày ban hành · day of issue"),
        ("--issuer", "cơ quan ban hành · issuer"),
        ("--in-force", "ngày có hiệu lực · first day in force"),
    ):
        adopt.add_argument(name, help=told)
    _step(actions, "enact", "thi hành, từ ngày hiệu lực trở đi · enact, on or after the effective day")
    correct = _step(actions, "correct", "điều chỉnh bằng quyết định sau · correct by a further decision")
    correct.add_argument("correction", type=Path, metavar="FILE", help="tệp YAML hoặc JSON · YAML or JSON")
    _step(actions, "complete", "hoàn thành khi không còn gì chờ · complete when nothing awaits")
    withdraw = _step(actions, "withdraw", "rút trước khi thi hành · give up before enactment")
    withdraw.add_argument("--reason", required=True, help="lý do · why")


def _step(
    actions: argparse._SubParsersAction[argparse.ArgumentParser], name: str, told: str
) -> argparse.ArgumentParser:
    one = add_part(actions, name, told, _live)
    one.add_argument("plan", metavar="PLAN|ID", help="tệp phương án, hoặc id · the plan file, or the id")
    return one


def _live(args: argparse.Namespace) -> int:
    from mocban.cli import reorganization_life  # noqa: PLC0415  `--help` answers without it

    return reorganization_life.run(args)


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


def _preview(args: argparse.Namespace) -> int:
    from mocban.cli.reorganization_preview import preview_plans  # noqa: PLC0415

    return preview_plans(args)


def _schema(args: argparse.Namespace) -> int:
    import msgspec  # noqa: PLC0415

    from mocban.plan_file.schema import plan_schema  # noqa: PLC0415

    schema = plan_schema()
    answer(schema, msgspec.json.format(msgspec.json.encode(schema), indent=2).decode(), as_json=args.json)
    return 0
