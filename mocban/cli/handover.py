"""`handover`: offer files with a list to tick, enter what was received, settle disputes, print the record of it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Final
from uuid import UUID

from mocban.cli.parts import add_decision, add_part

NAME: Final = "handover"
HELP: Final = "bàn giao hồ sơ, hai bên ký · hand files over, signed by both"
HOURS: Final = 72.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A word of its own for each step."""
    steps = parser.add_subparsers(dest="step", metavar="STEP", required=True, title="bước · steps")
    _add_prepare(add_part(steps, "prepare", "lập danh mục, đề nghị bàn giao · list the files and offer them", _prepare))
    listed = add_part(steps, "list", "các đợt bàn giao · the hand-overs there are", _list)
    listed.add_argument("--agency", metavar="A", help="mã hoặc id cơ quan · giver's or receiver's code or id")
    listed.add_argument("--open", action="store_true", help="chưa xong · only those not concluded")
    show = add_part(steps, "show", "một đợt bàn giao · one hand-over, line by line", _show)
    _add_lists(show)
    receive = add_part(steps, "receive", "nhập kết quả giao nhận, hai bên ký · enter what was received", _receive)
    _add_receive(receive)
    settle = add_part(steps, "settle", "giải quyết dòng tranh chấp · end disputed lines, signed by both", _settle)
    settle.add_argument("--accept", action="append", default=[], metavar="FILECODE", help="nhận · taken after all")
    settle.add_argument("--strike", action="append", default=[], metavar="FILECODE", help="loại khỏi · struck out")
    settle.add_argument("--on", metavar="DAY", help="ngày giải quyết · civil day, default today")
    withdraw = add_part(steps, "withdraw", "rút đề nghị bàn giao · the giver takes an offer back", _withdraw)
    withdraw.add_argument("--reason", required=True, help="lý do (được niêm phong) · reason; it is sealed")
    minutes = add_part(steps, "minutes", "biên bản giao nhận · the record of hand-over and receipt", _minutes)
    minutes.add_argument("--pdf", type=Path, metavar="FILE.pdf", help="ký số PAdES · signed PDF")
    minutes.add_argument("--xlsx", type=Path, metavar="FILE.xlsx", help="bảng tính · workbook")
    for one in (show, receive, settle, withdraw, minutes):
        one.add_argument("handover", type=UUID, metavar="HANDOVER", help="mã đợt bàn giao · its id")
    for one in (steps.choices["prepare"], show, minutes):
        one.add_argument("--as", dest="reader", metavar="WHO", help="ai đọc tiêu đề · who reads the titles")
    for one in (receive, settle):
        _add_signers(one)
    withdraw.add_argument("--signer", default="", metavar="WHO", help="ai ký · who signs (id or office)")
    for one in (steps.choices["prepare"], receive, settle, withdraw):
        add_elsewhere(one)


def run(args: argparse.Namespace) -> int:
    """Do the step; 1 where a ticked list has faults or nothing was asked for, 2 for misuse. Raises Refusal."""
    chosen: Callable[[argparse.Namespace], int] = args.chosen
    return chosen(args)


def _add_prepare(one: argparse.ArgumentParser) -> None:
    one.add_argument("--giver", required=True, metavar="A", help="bên giao: mã hoặc id · code or id")
    one.add_argument("--receiver", required=True, metavar="A", help="bên nhận: mã hoặc id · code or id")
    one.add_argument(
        "--carrier", choices=("paper", "digital"), default="paper", help="bản giấy, bản số · default paper"
    )
    add_decision(one)
    one.add_argument("--on", metavar="DAY", help="ngày đề nghị · day of the offer, default today")
    one.add_argument("--file", action="append", default=[], metavar="FILECODE", help="một hồ sơ · one file")
    one.add_argument("--files", type=Path, metavar="FILE", help="tệp mã hồ sơ, mỗi dòng một mã · a code a line")
    one.add_argument("--fonds", default="", metavar="CODE", help="cả phông đang giữ · all of a fonds")
    one.add_argument("--lot", default="", metavar="KEY", help="khối · a lot, as permanent/finished/arranged")
    one.add_argument("--unit", default="", metavar="U", help="phông của một đơn vị · fonds of a unit: id, or code")
    one.add_argument(
        "--people",
        type=Path,
        metavar="FILE.yaml",
        help="người được giao, người chứng kiến · deputy, witnesses",
    )
    one.add_argument("--signer", default="", metavar="WHO", help="ai ký · who signs (id or office)")
    _add_lists(one)


def _add_lists(one: argparse.ArgumentParser) -> None:
    one.add_argument("--xlsx", type=Path, metavar="FILE.xlsx", help="danh mục để đánh dấu · the list to tick")
    one.add_argument("--pdf", type=Path, metavar="FILE.pdf", help="danh mục để in · the list to print and tick")


def _add_receive(one: argparse.ArgumentParser) -> None:
    one.add_argument("--on", required=True, metavar="DAY", help="ngày giao nhận thực tế · the day it happened")
    one.add_argument("--ticked", type=Path, metavar="FILE", help="danh mục đã đánh dấu .xlsx, .csv · the ticked list")
    one.add_argument("--all", action="store_true", help="nhận đủ mọi dòng · every line was taken")
    one.add_argument(
        "--dispute", action="append", default=[], metavar="FILECODE=REASON", help="dòng không nhận · a line not taken"
    )
    one.add_argument("--root", default="", help="gốc in trên danh mục · the root printed on the list")
    one.add_argument("--metres", metavar="M", help="số mét giá đo được · shelf metres as measured")
    one.add_argument("--condition", default="", help="tình trạng tài liệu · condition; it is sealed")


def _add_signers(one: argparse.ArgumentParser) -> None:
    one.add_argument("--giver", default="", metavar="WHO", help="ai ký bên giao · who signs for the giver")
    one.add_argument("--receiver", default="", metavar="WHO", help="ai ký bên nhận · who signs for the receiver")


def add_elsewhere(one: argparse.ArgumentParser) -> None:
    """Where an act is written that somebody signs with a key of their own."""
    from mocban.acts.act_arguments import hours  # noqa: PLC0415

    one.add_argument("--out", type=Path, metavar="FILE.act", help="soạn để ký nơi khác · to be signed elsewhere")
    one.add_argument("--openings", type=Path, metavar="FILE", help="tệp mở niêm phong cho người ký · for the signer")
    one.add_argument("--hours", type=hours, default=HOURS, help=f"chờ bao lâu · how long it waits ({HOURS:g})")


def _prepare(args: argparse.Namespace) -> int:
    from mocban.cli.handover_offer import prepare  # noqa: PLC0415  `--help` answers without these

    return prepare(args)


def _list(args: argparse.Namespace) -> int:
    from mocban.cli.handover_show import list_all  # noqa: PLC0415

    return list_all(args)


def _show(args: argparse.Namespace) -> int:
    from mocban.cli.handover_show import show  # noqa: PLC0415

    return show(args)


def _receive(args: argparse.Namespace) -> int:
    from mocban.cli.handover_desk import receive  # noqa: PLC0415

    return receive(args)


def _settle(args: argparse.Namespace) -> int:
    from mocban.cli.handover_desk import settle  # noqa: PLC0415

    return settle(args)


def _withdraw(args: argparse.Namespace) -> int:
    from mocban.cli.handover_desk import withdraw  # noqa: PLC0415

    return withdraw(args)


def _minutes(args: argparse.Namespace) -> int:
    from mocban.cli.handover_show import minutes  # noqa: PLC0415

    return minutes(args)
