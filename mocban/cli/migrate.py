"""`migrate`: bring the databases up to date."""

from __future__ import annotations

import argparse
from typing import Final

from mocban.cli.answer import answer
from mocban.settings import Settings

NAME: Final = "migrate"
HELP: Final = "đưa cơ sở dữ liệu lên bản mới nhất · bring the databases up to date"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing to choose."""


def run(args: argparse.Namespace) -> int:
    """Apply what is missing; a second run applies nothing."""
    from mocban.database import open_databases  # noqa: PLC0415
    from mocban.migrate import migrate  # noqa: PLC0415

    applied = migrate(open_databases(Settings.from_environment()))
    answer(
        {"applied": applied},
        *(applied or ["đã là bản mới nhất · up to date"]),
        as_json=args.json,
    )
    return 0
