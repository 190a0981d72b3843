"""`access`: reading granted by a decision, ended, listed; and whether somebody may read a file, by which rule."""

from __future__ import annotations

import argparse
from typing import Final
from uuid import UUID

from mocban.cli.handover import add_elsewhere
from mocban.cli.parts import add_decision, add_part, at_desk

NAME: Final = "access"
HELP: Final = "cho phép khai thác: cấp, chấm dứt, liệt kê, hỏi · grant reading by a decision, end it, list, ask who may"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A word of its own for each."""
    parts = parser.add_subparsers(dest="part", metavar="PART", required=True, title="phần · parts")
    grant = add_part(parts, "grant", "cho phép khai thác theo quyết định · grant reading by a decision")
    _add_reader(grant, "--to")
    grant.add_argument("--file", action="append", default=[], metavar="CODE", help="một hồ sơ · a file, code or id")
    grant.add_argument("--fonds", action="append", default=[], metavar="CODE", help="cả phông · a whole fonds")
    grant.add_argument("--from", dest="since", metavar="DAY", help="từ ngày; không nêu: hôm nay · default today")
    grant.add_argument("--until", required=True, metavar="DAY", help="đến hết ngày · the last day, included")
    add_decision(grant)
    end = add_part(parts, "end", "chấm dứt trước hạn · end a grant before its last day")
    end.add_argument("grant", type=UUID, metavar="GRANT", help="mã do `access grant` in ra · its id")
    end.add_argument("--basis", required=True, help="căn cứ · on what ground")
    end.add_argument("--on", metavar="DAY", help="từ ngày; không nêu: hôm nay · first day without it, default today")
    for one in (grant, end):
        one.add_argument("--signer", default="archivist", metavar="WHO", help="ai ký · who signs (id or office)")
        add_elsewhere(one)
    listed = add_part(parts, "list", "các lần cho phép · the grants there are")
    listed.add_argument("--date", metavar="DAY", help="chỉ còn hiệu lực ngày · only those in force on a day")
    asked = add_part(
        parts, "ask", "ai đó có được khai thác hồ sơ không, theo quy tắc nào · may somebody read a file, by what"
    )
    _add_reader(asked, "--agency")
    asked.add_argument("--file", required=True, metavar="CODE", help="mã hồ sơ · file code or id")
    asked.add_argument("--date", metavar="DAY", help="vào ngày; không nêu: hôm nay · civil day, default today")


def _add_reader(one: argparse.ArgumentParser, name: str) -> None:
    reader = one.add_mutually_exclusive_group(required=True)
    reader.add_argument(name, dest="agency", metavar="A", help="cơ quan: mã hoặc id · an agency's officers, code or id")
    reader.add_argument("--principal", type=UUID, metavar="ID", help="một người · one person, by id")


def run(args: argparse.Namespace) -> int:
    """Do it; 2 where it may not be done."""
    from mocban.cli.access_desk import ask, end, grant, list_all  # noqa: PLC0415  `--help` answers without these

    return at_desk(args, {"grant": grant, "end": end, "list": list_all, "ask": ask}[args.part])
