"""`fonds`: open one that several agencies create together; show who creates one, from when until when."""

from __future__ import annotations

import argparse
from typing import Final

from mocban.cli.parts import add_part, at_desk

NAME: Final = "fonds"
HELP: Final = "phông: mở phông nhiều đơn vị hình thành, xem ai hình thành từ khi nào · open a fonds, show its creators"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A word of its own for each."""
    parts = parser.add_subparsers(dest="part", metavar="PART", required=True, title="phần · parts")
    opened = add_part(parts, "open", "mở phông của một hay nhiều cơ quan · open a fonds of one or more agencies")
    opened.add_argument("code", metavar="CODE", help="mã phông · its code")
    opened.add_argument("--name", required=True, help="tên phông · its name")
    opened.add_argument(
        "--creator", action="append", required=True, metavar="A", help="cơ quan hình thành: mã hoặc id · code or id"
    )
    opened.add_argument("--from", dest="since", required=True, metavar="DAY", help="từ ngày · open from")
    opened.add_argument("--decision", required=True, metavar="NUMBER", help="số quyết định · by which decision")
    shown = add_part(parts, "show", "ai hình thành phông, từ khi nào · who creates a fonds, from when until when")
    shown.add_argument("code", metavar="CODE", help="mã phông · its code")
    shown.add_argument("--date", metavar="DAY", help="chỉ vào ngày · only those of a day")


def run(args: argparse.Namespace) -> int:
    """Do it; 2 where it may not be done."""
    from mocban.cli.fonds_desk import open_, show  # noqa: PLC0415  `--help` answers without these

    return at_desk(args, {"open": open_, "show": show}[args.part])
