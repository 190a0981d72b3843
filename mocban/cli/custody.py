"""`custody`: questions about who must have and who has what."""

from __future__ import annotations

import argparse
from typing import Final

from mocban.cli import (
    custody_ask,
    custody_assign,
    custody_certificate,
    custody_chain,
    custody_continue,
    custody_holdings,
    custody_rebuild,
)

NAME: Final = "custody"
HELP: Final = "hỏi, dựng lại, chứng nhận việc lưu giữ · ask about custody, rebuild accounts, tell and certify chains"
_PARTS: Final = (
    custody_ask,
    custody_rebuild,
    custody_holdings,
    custody_chain,
    custody_certificate,
    custody_continue,
    custody_assign,
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A word of its own for each question."""
    parts = parser.add_subparsers(dest="part", metavar="PART", required=True, title="phần · parts")
    for part in _PARTS:
        one = parts.add_parser(part.NAME, help=part.HELP, description=part.HELP)
        # Absent here must not undo what stood before the word.
        one.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="in JSON · print JSON")
        one.set_defaults(run_part=part.run)
        part.add_arguments(one)


def run(args: argparse.Namespace) -> int:
    """Run the part that was named."""
    return int(args.run_part(args))
