"""`document`: one paper in several fonds: suggested, matched with a reference, and unmatched where that was wrong."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Final

from mocban.cli.parts import add_part, at_desk

if TYPE_CHECKING:
    from mocban.bootstrap import Product
    from projections.view import Connection

NAME: Final = "document"
HELP: Final = "văn bản trùng ở nhiều phông: gợi ý, ghép, bỏ ghép · one paper in several fonds: suggest, match, unmatch"
_KEPT: Final = "Lưu trữ viên đã so bản quét"
_WHICH: Final = "mã hồ sơ/số thứ tự, hoặc id · FILECODE/ORDINAL, or an id"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do with which documents, named by their ids or their places."""
    parts = parser.add_subparsers(dest="part", metavar="PART", required=True, title="phần · parts")
    suggest = add_part(parts, "suggest", "gợi ý các cặp có thể là một · pairs that may be one paper; advice only")
    suggest.add_argument("--limit", type=int, default=200, metavar="N", help="nhiều nhất · at most")
    match = add_part(parts, "match", "ghép; văn bản đầu là bản đối chiếu · match; the first is the reference")
    match.add_argument("reference", metavar="REFERENCE", help=_WHICH)
    match.add_argument("others", nargs="+", metavar="OTHER", help=_WHICH)
    match.add_argument("--basis", default=_KEPT, help="căn cứ · on what ground")
    match.add_argument(
        "--similarity", type=int, default=0, metavar="PERCENT", help="độ giống, phần trăm · how alike, percent"
    )
    unmatch = add_part(parts, "unmatch", "bỏ ghép · undo a match")
    unmatch.add_argument("reference", metavar="REFERENCE", help=_WHICH)
    unmatch.add_argument("others", nargs="+", metavar="OTHER", help=_WHICH)
    unmatch.add_argument("--basis", required=True, help="vì sao · why")


def run(args: argparse.Namespace) -> int:
    """Do it; 2 where it may not be done."""
    return at_desk(args, _suggest if args.part == "suggest" else _act)


def _suggest(_product: Product, connection: Connection, args: argparse.Namespace) -> int:
    from mocban.cli.answer import answer  # noqa: PLC0415  `--help` answers without these
    from projections.match_suggestions import suggestions  # noqa: PLC0415

    found = suggestions(connection, max(1, min(args.limit, 10_000)))
    lines = [
        f"{one.one}  {one.other}  {one.one_file}/{one.one_ordinal} ~ {one.other_file}/{one.other_ordinal}  "
        f"{one.number_key}{'  cùng byte · same bytes' if one.same_bytes else ''}"
        for one in found
    ]
    answer({"suggestions": found}, *lines, f"{len(found)} gợi ý · suggestions", as_json=args.json)
    return 0


def _act(product: Product, connection: Connection, args: argparse.Namespace) -> int:
    """Match or unmatch. A match has a stream of its own, by the documents that it names."""
    from domain.document import DocumentsMatched  # noqa: PLC0415
    from ledger.act_id import new_act_id  # noqa: PLC0415
    from ledger.commands import document  # noqa: PLC0415
    from mocban.cli.answer import answer  # noqa: PLC0415
    from mocban.custody.document_named import document_named  # noqa: PLC0415
    from mocban.offices import Office  # noqa: PLC0415

    archivist = product.actor(Office.ARCHIVIST)
    others = [document_named(connection, one) for one in args.others]
    named = (document_named(connection, args.reference), *sorted(others, key=str))
    stream = product.naming.other("match", "\0".join(map(str, named)))
    if args.part == "match":
        fact = DocumentsMatched(reference=named[0], others=named[1:], basis=args.basis, similarity=args.similarity)
        done = document.match(product.main, archivist, new_act_id(), stream, fact)
    else:
        done = document.unmatch(product.main, archivist, new_act_id(), stream, args.basis)
    facts = {"match": stream, "act": done.act_index, "position": done.position}
    answer(facts, f"hành vi · act {done.act_index}", as_json=args.json)
    return 0
