"""The parts of a command: words after its name, each with a help text of its own; `--json` may come before or after.

Beside them what several commands ask for and do alike: the decision cited, the day asked about, work at the open desk.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mocban.bootstrap import Product
    from projections.view import Connection

USAGE: Final = 2


def add_part(
    parts: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    told: str,
    chosen: Callable[[argparse.Namespace], int] | None = None,
) -> argparse.ArgumentParser:
    """One more part. told: Vietnamese first; chosen: set as `args.chosen`, where the command runs that."""
    one = parts.add_parser(name, help=told, description=told)
    one.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="in JSON · print JSON")
    if chosen is not None:
        one.set_defaults(chosen=chosen)
    return one


def add_decision(
    one: argparse.ArgumentParser,
    name: str = "--decision",
    told: str = "số quyết định · its number",
    *,
    required: bool = True,
) -> None:
    """The instrument that is cited: its number under `name`, its day, who issued it, from when it is in force."""
    one.add_argument(name, required=required, metavar="NUMBER", help=told)
    one.add_argument("--issued", required=required, metavar="DAY", help="ngày ban hành · its day, YYYY-MM-DD")
    one.add_argument("--issuer", required=required, help="cơ quan ban hành · who issued it")
    one.add_argument("--in-force", metavar="DAY", help="ngày có hiệu lực · default: the day it was issued")


def add_day_asked(one: argparse.ArgumentParser) -> None:
    """The civil day asked about, and as known when."""
    one.add_argument("--date", metavar="DAY", help="vào ngày · as of a day, default today")
    one.add_argument("--known-at", metavar="T", help="số hành vi hoặc thời điểm · act index or time")


def at_desk(args: argparse.Namespace, work: Callable[[Product, Connection, argparse.Namespace], int]) -> int:
    """The exit code of work done with the product open and its views caught up; 2 where it was refused."""
    from domain.errors import Refusal  # noqa: PLC0415  `--help` answers without these
    from mocban.bootstrap import open_product  # noqa: PLC0415
    from mocban.cli.answer import explain  # noqa: PLC0415
    from mocban.custody.freshness import caught_up  # noqa: PLC0415
    from mocban.settings import Settings  # noqa: PLC0415

    try:
        with open_product(Settings.from_environment()) as product:
            caught_up(product)
            with product.views.connection() as connection:
                return work(product, connection, args)
    except Refusal as refusal:
        explain(refusal, as_json=args.json)
        return USAGE
