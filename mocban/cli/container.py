"""`container`: boxes, bundles and sealed sets: where they stand, and every move, opening, sealing, loan and return."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from mocban.cli.handover import add_elsewhere
from mocban.cli.parts import add_day_asked, add_decision, add_part, at_desk

NAME: Final = "container"
HELP: Final = "hộp, bó, tập niêm phong: đăng ký, chuyển, mở, niêm phong, cho mượn, trả · containers and their places"
KINDS: Final = ("box", "bundle", "sealed-set")
CONDITIONS: Final = ("good", "worn", "damaged", "damp", "mould", "insects")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A word of its own for each act."""
    parts = parser.add_subparsers(dest="part", metavar="PART", required=True, title="phần · parts")
    register = add_part(parts, "register", "đăng ký hộp, bó, tập niêm phong của một phông · a container of a fonds")
    register.add_argument("--fonds", required=True, metavar="CODE", help="mã phông · code of the fonds")
    register.add_argument("--label", required=True, help="nhãn, như hồ sơ nêu · as the files' registrations name it")
    register.add_argument("--kind", choices=KINDS, default="box", help="hộp, bó, tập niêm phong · default box")
    register.add_argument("--metres", metavar="M", help="số mét giá · shelf metres")
    register.add_argument("--seal", default="", metavar="NUMBER", help="số niêm phong · number of its seal")
    _add_counted(register)
    _add_place(register, required=True)
    move = add_part(parts, "move", "chuyển chỗ; ra khỏi kho phải nêu văn bản cho phép · move it")
    _add_place(move)
    _add_permission(move, required=False)
    opened = add_part(parts, "open", "mở niêm phong, theo quyết định · open the seal, by a decision")
    opened.add_argument("--seal", required=True, metavar="NUMBER", help="số thấy trên niêm phong · as found on it")
    opened.add_argument("--basis", required=True, help="căn cứ · the decision")
    _add_counted(opened)
    reseal = add_part(parts, "reseal", "niêm phong, niêm phong lại · seal it, or seal it again")
    reseal.add_argument("--seal", required=True, metavar="NUMBER", help="số niêm phong mới · the new number")
    reseal.add_argument("--basis", required=True, help="căn cứ · on what ground")
    lend = add_part(parts, "lend", "cho mượn · lend it to an agency")
    lend.add_argument("--to", required=True, metavar="A", help="cơ quan mượn: mã hoặc id · the borrower, code or id")
    lend.add_argument("--due", required=True, metavar="DAY", help="hạn trả · due back")
    _add_permission(lend, required=True)
    back = add_part(parts, "return", "nhận lại hộp cho mượn · take a lent one back")
    back.add_argument("--seal", default="", metavar="NUMBER", help="số thấy trên niêm phong · as found, none if none")
    back.add_argument("--condition", choices=CONDITIONS, default="good", help="tình trạng · condition")
    _add_place(back)
    show = add_part(parts, "show", "một hộp, bó, tập: ở đâu, đã làm gì · where it is and what was done with it")
    listed = add_part(parts, "list", "các hộp, bó, tập niêm phong · the containers there are")
    listed.add_argument("--fonds", metavar="CODE", help="của một phông · of a fonds")
    listed.add_argument("--store", metavar="A", help="trong kho của cơ quan · in an agency's store, code or id")
    listed.add_argument("--lent", action="store_true", help="đang cho mượn · only those out on loan")
    listed.add_argument("--xlsx", type=Path, metavar="FILE", help="ghi danh mục · write the list as a workbook")
    listed.add_argument("--labels", type=Path, metavar="FILE.pdf", help="in nhãn có mã QR · print labels with QR codes")
    for one in (move, opened, reseal, lend, back, show):
        one.add_argument("container", metavar="CONTAINER", help="PHÔNG/NHÃN hoặc id · FONDS/LABEL or id")
    for one in (register, move, opened, reseal, lend, back):
        one.add_argument("--on", metavar="DAY", help="ngày thực hiện · civil day, default today")
        one.add_argument("--signer", default="archivist", metavar="WHO", help="ai ký · who signs (id or office)")
        add_elsewhere(one)
    for one in (show, listed):
        add_day_asked(one)


def _add_counted(one: argparse.ArgumentParser) -> None:
    one.add_argument("--files", type=int, default=0, metavar="N", help="số hồ sơ đếm được · files counted by hand")
    one.add_argument("--condition", choices=CONDITIONS, default="good", help="tình trạng · condition")


def _add_place(one: argparse.ArgumentParser, *, required: bool = False) -> None:
    kept = "" if required else "; không nêu: như cũ · default: as it is"
    one.add_argument("--store", required=required, metavar="A", help=f"kho của cơ quan: mã hoặc id · whose store{kept}")
    one.add_argument("--repository", required=required, help=f"kho · repository{kept}")
    one.add_argument("--room", help="phòng · room")
    one.add_argument("--shelf", help="giá, kệ · rack and shelf")


def _add_permission(one: argparse.ArgumentParser, *, required: bool) -> None:
    add_decision(one, "--permission", "văn bản cho phép · permission's number", required=required)


def run(args: argparse.Namespace) -> int:
    """Do it; 2 where it may not be done."""
    from mocban.cli.container_desk import do  # noqa: PLC0415  `--help` answers without these
    from mocban.cli.container_show import list_all, show  # noqa: PLC0415

    return at_desk(args, {"show": show, "list": list_all}.get(args.part, do))
