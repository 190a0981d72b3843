"""`custody chain`: every act on a file in order, as JSON, one sentence or a picture."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rich.table import Table

    from mocban.bootstrap import Product
    from projections.chain import Chain
    from projections.readers import FileUse
    from projections.view import Connection

NAME: Final = "chain"
HELP: Final = "chuỗi lưu giữ của một hồ sơ: mọi hành vi theo thứ tự · a file's chain of custody, act by act"
USAGE: Final = 2
_WIDE: Final = 120
"""Columns of a terminal."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which file, which day, known when; and in which form."""
    add_question(parser)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--sentence", action="store_true", help="chỉ một câu · the one sentence only")
    form.add_argument("--svg", type=Path, metavar="OUT.svg", help="vẽ trục thời gian · write the timeline picture")


def add_question(parser: argparse.ArgumentParser) -> None:
    """The file, the day and the state of knowledge."""
    parser.add_argument("--file", required=True, metavar="CODE", help="mã hồ sơ · FileCode, its parts joined by dots")
    parser.add_argument("--date", metavar="D", help="ngày YYYY-MM-DD; không có: hôm nay · civil day, default today")
    parser.add_argument(
        "--known-at", metavar="T", help="số hành vi, hoặc thời điểm ISO · act index, or ISO time; default the newest"
    )


def run(args: argparse.Namespace) -> int:
    """Tell the chain; 2 where the question is unfit or there is no such file."""
    from domain.errors import Refusal  # noqa: PLC0415  `--help` answers without these
    from mocban.bootstrap import open_product  # noqa: PLC0415
    from mocban.cli.answer import explain  # noqa: PLC0415
    from mocban.custody.day import civil_today, full_day  # noqa: PLC0415
    from mocban.plan_file.whole_file import require_output  # noqa: PLC0415
    from mocban.settings import Settings  # noqa: PLC0415
    from projections.readers import use_of  # noqa: PLC0415

    try:
        day = full_day(args.date) if args.date is not None else civil_today()
        if args.svg:
            require_output(args.svg, ".svg")
        with open_product(Settings.from_environment()) as product, _asked(product) as connection:
            found = chain_asked(product, connection, args.file, day, args.known_at)
            use = use_of(connection, found.file.id, found.on, found.known_at)
    except Refusal as refusal:
        explain(refusal, as_json=args.json)
        return USAGE
    return _tell(args, found, use)


@contextmanager
def _asked(product: Product) -> Iterator[Connection]:
    from mocban.custody.freshness import caught_up  # noqa: PLC0415
    from mocban.custody.questions import one_state  # noqa: PLC0415

    caught_up(product)
    with product.views.connection() as connection, one_state(connection):
        yield connection


def chain_asked(product: Product, connection: Connection, code: str, day: str, known_at: str | None) -> Chain:
    """The chain of the file with this code. Raises Refusal as the looking up does."""
    from mocban.custody.chain_report import file_named  # noqa: PLC0415
    from mocban.custody.known_at import act_known_at  # noqa: PLC0415
    from projections.chain import chain  # noqa: PLC0415

    return chain(connection, file_named(connection, code), day, act_known_at(product.main, connection, known_at))


def _tell(args: argparse.Namespace, found: Chain, use: FileUse) -> int:
    from mocban.cli.answer import answer  # noqa: PLC0415
    from mocban.custody.chain_report import report  # noqa: PLC0415
    from mocban.custody.timeline import timeline  # noqa: PLC0415
    from mocban.plan_file.whole_file import write_whole  # noqa: PLC0415
    from projections.reader_words import use_lines  # noqa: PLC0415

    facts, lines = report(found, use), []
    if args.svg:
        write_whole(args.svg, timeline(found, use).encode())
        facts["svg"] = str(args.svg)
        lines.append(f"đã ghi · written: {args.svg}")
    elif args.sentence:
        told = {name: facts[name] for name in ("apart", "may_use", "others_may_use")}
        facts = {"file": found.file.code, "reconstructed": found.reconstructed, **facts["sentence"], **told}
        lines += [facts["vi"], facts["en"], *use_lines(use)]
    elif not args.json:
        _as_table(found)
        lines += use_lines(use)
    answer(facts, *lines, as_json=args.json)
    return 0


def _as_table(found: Chain) -> None:
    from rich.markup import escape  # noqa: PLC0415

    from mocban.cli.terminal_table import wide_console  # noqa: PLC0415
    from projections.chain_sentence import clauses, in_words  # noqa: PLC0415

    console = wide_console()
    vi, en = in_words(clauses(found))
    console.print(f"[bold]{escape(found.file.code)}[/bold]\n{escape(vi)}\n[dim]{escape(en)}[/dim]")
    console.print(_table(found, console.width))


def _table(found: Chain, width: int) -> Table:
    """Each event with its act, who signed it and where its proof is. Where narrow, what happened has the room."""
    from rich.markup import escape  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    from projections.chain_words import line  # noqa: PLC0415

    table = Table()
    table.add_column("ngày\nday", no_wrap=True)
    narrow = width < _WIDE
    table.add_column("hành vi\nact", overflow="fold", width=10 if narrow else None)
    table.add_column("việc\nwhat")
    table.add_column("căn cứ\nbasis", overflow="fold", width=9 if narrow else None)
    table.add_column("người ký, chứng cứ\nsigners, proof", overflow="fold", width=11 if narrow else None)
    for act, one in found.events():
        told, basis = line(found, one), f"{act.basis_code} {act.basis_ref}".strip()
        signed = "\n".join((*(signer[:8] for signer in act.signers), f"/proof/{one.position}"))
        table.add_row(told.date, f"{act.index} {act.name}", f"{escape(told.vi)}\n[dim]{escape(told.en)}[/dim]",
                      escape(basis), signed)  # fmt: skip
    return table
