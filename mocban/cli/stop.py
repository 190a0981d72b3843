"""`stop`: end what runs in the background."""

from __future__ import annotations

import argparse
from typing import Final

from mocban.cli.answer import answer
from mocban.settings import Settings

NAME: Final = "stop"
HELP: Final = "dừng máy chủ và PostgreSQL nhúng · stop the server and the embedded PostgreSQL"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing to choose."""


def run(args: argparse.Namespace) -> int:
    """Stop the server first: it answers from the database."""
    from mocban.database.cluster import Cluster  # noqa: PLC0415
    from mocban.process_note import end_process  # noqa: PLC0415

    settings = Settings.from_environment()
    server = end_process(settings.run, "serve")
    database = Cluster(settings=settings).stop()
    answer(
        {"server_stopped": server, "database_stopped": database},
        _line(server, "máy chủ", "server"),
        _line(database, "PostgreSQL nhúng", "embedded PostgreSQL"),
        as_json=args.json,
    )
    return 0


def _line(stopped: bool, vi: str, en: str) -> str:
    return f"{vi}: đã dừng · {en}: stopped" if stopped else f"{vi}: không chạy · {en}: was not running"
