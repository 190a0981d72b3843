"""`custody continue`: an unfinished file goes on as a file of the body that finishes it."""

from __future__ import annotations

import argparse
from typing import Final

NAME: Final = "continue"
HELP: Final = "hồ sơ chưa kết thúc được lập tiếp ở nơi khác · an unfinished file goes on as a file elsewhere"
USAGE: Final = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The old part, the file it goes on as, and by what decision."""
    parser.add_argument("--file", required=True, metavar="CODE", help="mã hồ sơ chưa kết thúc · the unfinished file")
    parser.add_argument(
        "--as", required=True, dest="whole", metavar="CODE", help="mã hồ sơ lập tiếp · what it goes on as"
    )
    parser.add_argument(
        "--joins", choices=("old", "new"), default="new", help="toàn bộ thuộc phông nào · which fonds the whole joins"
    )
    parser.add_argument("--basis", required=True, help="văn bản căn cứ · the decision cited")
    parser.add_argument("--on", metavar="D", help="ngày YYYY-MM-DD; không có: hôm nay · civil day, default today")


def run(args: argparse.Namespace) -> int:
    """Record it; 2 where it may not be."""
    from domain.continuation import FileContinued  # noqa: PLC0415  `--help` answers without these
    from domain.errors import Refusal  # noqa: PLC0415
    from ledger.act_id import new_act_id  # noqa: PLC0415
    from ledger.commands.continuation import continue_as  # noqa: PLC0415
    from mocban.bootstrap import open_product  # noqa: PLC0415
    from mocban.cli.answer import answer, explain  # noqa: PLC0415
    from mocban.custody.chain_report import file_named  # noqa: PLC0415
    from mocban.custody.day import civil_today, full_day  # noqa: PLC0415
    from mocban.custody.freshness import caught_up  # noqa: PLC0415
    from mocban.offices import Office  # noqa: PLC0415
    from mocban.settings import Settings  # noqa: PLC0415
    from projections.finding_aid_queries import file as file_row  # noqa: PLC0415

    try:
        day = full_day(args.on) if args.on is not None else civil_today()
        with open_product(Settings.from_environment()) as product:
            caught_up(product)
            with product.views.connection() as connection:
                part, whole = file_named(connection, args.file), file_named(connection, args.whole)
                joined = file_row(connection, part if args.joins == "old" else whole)
            assert joined is not None, "it was just found"
            fact = FileContinued(part=part, whole=whole, joins=joined.fonds, on=day, basis=args.basis)
            stream = product.naming.other("continuation", str(part))
            done = continue_as(product.main, product.actor(Office.ARCHIVIST), new_act_id(), stream, fact)
    except Refusal as refusal:
        explain(refusal, as_json=args.json)
        return USAGE
    facts = {"part": part, "whole": whole, "joins": joined.fonds, "on": day, "act": done.act_index}
    answer(facts, f"hành vi · act {done.act_index}", as_json=args.json)
    return 0
