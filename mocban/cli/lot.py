"""`lot`: child lots: a part of a fonds carved out by decision, assigned by itself, given back."""

from __future__ import annotations

import argparse
from typing import Final

from mocban.cli.handover import add_elsewhere
from mocban.cli.parts import add_day_asked, add_decision, add_part, at_desk

NAME: Final = "lot"
HELP: Final = "khối tài liệu con: tách khỏi phông theo quyết định, giao, đưa về · child lots carved out of a fonds"
CARRIERS: Final = {"paper": ("paper",), "digital": ("digital",), "both": ("paper", "digital")}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A word of its own for each act."""
    parts = parser.add_subparsers(dest="part", metavar="PART", required=True, title="phần · parts")
    carve = add_part(parts, "carve", "tách một phần hồ sơ của phông thành khối có tên · carve files out of a fonds")
    carve.add_argument("--fonds", required=True, metavar="CODE", help="mã phông · code of the fonds")
    carve.add_argument("--name", required=True, help="tên khối, riêng trong phông · its name, one's own in the fonds")
    carve.add_argument("--carrier", choices=(*CARRIERS,), default="both", help="bản giấy, bản số · default both")
    _add_files(carve)
    carve.add_argument(
        "--catalog", action="append", type=int, default=[], metavar="YEAR",
        help="mọi hồ sơ của mục lục này; nêu được nhiều lần · all files of this catalogue, repeatable",
    )  # fmt: skip
    _add_receiver(carve)
    assign = add_part(parts, "assign", "giao cả khối cho nơi khác, theo quyết định · assign the whole otherwise")
    _add_receiver(assign)
    back = add_part(parts, "return", "đưa hồ sơ về lại khối của phông · files go with their fonds' lots again")
    _add_files(back)
    back.add_argument("--all", action="store_true", help="cả khối · all that is in it")
    show = add_part(parts, "show", "một khối: nơi phải giữ, các hồ sơ · who must have it, its files")
    listed = add_part(parts, "list", "các khối tài liệu con · the child lots there are")
    listed.add_argument("--fonds", metavar="CODE", default="", help="của một phông · of a fonds")
    for one in (assign, back, show):
        one.add_argument("lot", metavar="LOT", help="PHÔNG/TÊN hoặc id · FONDS/NAME or id")
    for one in (carve, assign, back):
        add_decision(one)
        one.add_argument("--on", metavar="DAY", help="từ ngày; không nêu: hôm nay · from which day, default today")
        one.add_argument("--signer", default="planner", metavar="WHO", help="ai ký · who signs (id or office)")
        add_elsewhere(one)
    for one in (show, listed):
        add_day_asked(one)


def _add_files(one: argparse.ArgumentParser) -> None:
    one.add_argument("--file", action="append", default=[], metavar="CODE", help="mã hồ sơ · FileCode, repeatable")
    one.add_argument("--files", metavar="FILE", help="danh sách .txt, .csv, .xlsx · a list of codes")


def _add_receiver(one: argparse.ArgumentParser) -> None:
    to = one.add_mutually_exclusive_group(required=True)
    to.add_argument("--to", metavar="A", help="cơ quan phải giữ: mã hoặc id · who must have it, code or id")
    to.add_argument("--awaiting", action="store_true", help="chờ xác định nơi nhận · it awaits a receiver")


def run(args: argparse.Namespace) -> int:
    """Do it; 2 where it may not be done."""
    from mocban.cli.lot_desk import do  # noqa: PLC0415  `--help` answers without these
    from mocban.cli.lot_show import list_all, show  # noqa: PLC0415

    return at_desk(args, {"show": show, "list": list_all}.get(args.part, do))
