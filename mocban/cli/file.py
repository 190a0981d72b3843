"""`file`: destroy a file's content by decision, and say when the destruction is complete."""

from __future__ import annotations

import argparse
import sys
from typing import Final

NAME: Final = "file"
HELP: Final = "hủy nội dung hồ sơ theo quyết định · destroy a file's content by decision"
PARTIAL: Final = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Two words: the destruction, and its completion after the last back-up."""
    from mocban.acts.act_arguments import GROUNDS  # noqa: PLC0415

    parts = parser.add_subparsers(dest="part", metavar="destroy|complete-destruction", required=True)
    destroy = parts.add_parser("destroy", help="hủy khóa, bản mã, bản quét · destroy key, ciphertexts, scans")
    destroy.add_argument("--file", required=True, metavar="FILECODE", help="mã hồ sơ hoặc UUID · file code or UUID")
    destroy.add_argument("--basis", default="", help="quyết định hủy · number of the decision")
    destroy.add_argument(
        "--ground",
        choices=GROUNDS,
        help="hết thời hạn / trùng thừa · why; without it the decision must be on record",
    )
    destroy.add_argument(
        "--backups-until",
        required=True,
        metavar="YYYY-MM-DD",
        type=_civil_day,
        help="ngày cuối còn giữ bản sao lưu làm trước hôm nay · last day on which back-ups made before today are kept",
    )
    complete = parts.add_parser(
        "complete-destruction", help="viết lại các bảng, ghi là đã xong · rewrite the tables, record it as complete"
    )
    complete.add_argument("--file", required=True, nargs="+", metavar="FILECODE", help="một hay nhiều · one or more")
    complete.add_argument(
        "--rest-done",
        action="store_true",
        help="quản trị máy chủ đã làm phần còn lại · the server's administrator did the rest",
    )
    for one in (destroy, complete):
        one.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="in JSON · print JSON")


def _civil_day(text: str) -> str:
    from mocban.acts.act_arguments import civil_day  # noqa: PLC0415

    return civil_day(text)


def run(args: argparse.Namespace) -> int:
    """0 done; 1 not complete yet: some of it only the server's administrator can write anew. Raises Refusal."""
    return _destroy(args) if args.part == "destroy" else _complete(args)


def _destroy(args: argparse.Namespace) -> int:
    from domain.disposition import Ground  # noqa: PLC0415  the rest answers without these
    from mocban.bootstrap import open_product  # noqa: PLC0415
    from mocban.cli.answer import answer  # noqa: PLC0415
    from mocban.custody.day import civil_today  # noqa: PLC0415
    from mocban.custody.freshness import caught_up  # noqa: PLC0415
    from mocban.destroying import DestructionOrder, destroy_file  # noqa: PLC0415
    from mocban.named_file import named_file  # noqa: PLC0415
    from mocban.settings import Settings  # noqa: PLC0415

    ground = Ground(args.ground) if args.ground else None
    order = DestructionOrder(basis=args.basis.strip(), ground=ground, kept_until=args.backups_until)
    with open_product(Settings.from_environment()) as product:
        caught_up(product)
        file = named_file(product, args.file)
        done = destroy_file(product, file, order, civil_today())
    answer(
        {
            "file": str(file.id),
            "code": file.code,
            "decided": done.decided,
            "carried_out": done.carried_out,
            "documents": done.documents,
            "backups_until": args.backups_until,
            "papers": done.papers,
            "disclosed": done.disclosed,
        },
        f"Đã hủy nội dung hồ sơ {file.code} và {done.documents} văn bản · content destroyed, with its documents",
        f"Bản sao lưu cũ còn mở lại được tới hết {args.backups_until}; sau đó: file complete-destruction · "
        "older back-ups can still bring it back until then; complete it afterwards",
        *(f"Giấy đã lập, phải hủy riêng · made before, to be destroyed apart: {path}" for path in done.papers),
        *(f"Đã trao cho người khác, hành vi truy cập số · disclosed, access act {act}" for act in done.disclosed),
        as_json=args.json,
    )
    return 0


def _complete(args: argparse.Namespace) -> int:
    from mocban.bootstrap import open_product  # noqa: PLC0415
    from mocban.cli.answer import answer  # noqa: PLC0415
    from mocban.custody.day import civil_today  # noqa: PLC0415
    from mocban.custody.freshness import caught_up  # noqa: PLC0415
    from mocban.destroying import complete_destruction  # noqa: PLC0415
    from mocban.named_file import named_file  # noqa: PLC0415
    from mocban.settings import Settings  # noqa: PLC0415

    with open_product(Settings.from_environment()) as product:
        caught_up(product)
        files = [named_file(product, one) for one in dict.fromkeys(args.file)]
        rewritten, acts = complete_destruction(product, files, civil_today(), _tell, rest_done=args.rest_done)
    done = not rewritten.left or args.rest_done
    answer(
        {
            "files": [one.code for one in files],
            "complete": done,
            "acts": acts,
            "rewritten": rewritten.tables,
            "left": rewritten.left,
        },
        f"Viết lại {rewritten.tables} bảng · tables written anew",
        *(f"Còn lại cho quản trị máy chủ: {one} · left to the server's administrator" for one in rewritten.left),
        f"Đã ghi là xong việc hủy {len(files)} hồ sơ · recorded as complete"
        if done
        else "Chưa ghi là xong; làm phần còn lại rồi thêm --rest-done · "
        "not recorded; see to the rest, then add --rest-done",
        as_json=args.json,
    )
    return 0 if done else PARTIAL


def _tell(table: str) -> None:
    print(f"  {table}", file=sys.stderr, flush=True)
