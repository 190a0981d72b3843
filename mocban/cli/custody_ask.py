"""`custody ask`: questions of custody, a line of JSON each, and an answer for each line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

if TYPE_CHECKING:
    from mocban.custody.questions import Exchange

NAME: Final = "ask"
HELP: Final = "hỏi ai phải giữ, ai đang giữ từng hồ sơ · ask who must have and who has each file"
PARTIAL: Final = 1
USAGE: Final = 2
_STDIN: Final = "-"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the questions are."""
    parser.add_argument(
        "--questions", required=True, metavar="FILE.jsonl", help="tệp câu hỏi, - là stdin · questions, - for stdin"
    )


def run(args: argparse.Namespace) -> int:
    """Answer every line, in order; 1 when some line has no answer, 2 when there is no such file."""
    from domain.errors import Refusal  # noqa: PLC0415
    from mocban.bootstrap import open_product  # noqa: PLC0415
    from mocban.cli.answer import explain  # noqa: PLC0415
    from mocban.custody.freshness import caught_up  # noqa: PLC0415
    from mocban.custody.questions import answer_all  # noqa: PLC0415
    from mocban.settings import Settings  # noqa: PLC0415

    if args.questions != _STDIN and not Path(args.questions).is_file():
        explain(Refusal("file-missing", path=args.questions), as_json=args.json)
        return USAGE
    with open_product(Settings.from_environment()) as product, _opened(args.questions) as lines:
        caught_up(product)
        with product.views.connection() as connection:
            exchanges = answer_all(connection, lines)
            unanswered = _as_lines(exchanges) if args.json else _as_table(exchanges)
    return PARTIAL if unanswered else 0


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    if name == _STDIN:
        yield sys.stdin.buffer
    else:
        with Path(name).open("rb") as file:
            yield file


def _as_lines(exchanges: Iterator[Exchange]) -> int:
    """One JSON object a line, as they are answered; how many are problems."""
    import msgspec  # noqa: PLC0415

    from mocban.custody.questions import Unanswered  # noqa: PLC0415

    unanswered = 0
    for exchange in exchanges:
        print(msgspec.json.encode(exchange.answer).decode())
        unanswered += isinstance(exchange.answer, Unanswered)
    sys.stdout.flush()
    return unanswered


def _as_table(exchanges: Iterator[Exchange]) -> int:
    """One table for people; how many are problems."""
    from rich.markup import escape  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    from mocban.cli.terminal_table import print_whole  # noqa: PLC0415
    from mocban.custody.questions import Unanswered  # noqa: PLC0415
    from projections.reader_words import by_rule  # noqa: PLC0415

    heads = ("#", "hồ sơ · file", "vật mang tin · carrier", "ngày · date", "phải giữ · assigned to")
    table = Table(*heads, "đang giữ · held by", "trạng thái · state", "hành vi · acts", "được khai thác · may use")
    unanswered = 0
    for exchange in exchanges:
        asked, told = exchange.asked, exchange.answer
        question = (escape(asked.file), str(asked.carrier), asked.on) if asked else ("", "", "")
        if isinstance(told, Unanswered):
            unanswered += 1
            table.add_row(
                str(told.line), *question, f"✗ {escape(told.problem.vi)}", escape(told.problem.en), "", "", ""
            )
        else:
            acts = f"{_or_none(told.because.assigned_to)} / {_or_none(told.because.held_by)}"
            agencies = (escape(told.assigned_to_name or "-"), escape(told.held_by_name or "-"))
            uses = escape("\n".join(one.vi for one in by_rule(told.may_use)) or "-")
            table.add_row(str(told.line), *question, *agencies, str(told.state), acts, uses)
    print_whole(table)
    return unanswered


def _or_none(act: int | None) -> str:
    return "-" if act is None else str(act)
