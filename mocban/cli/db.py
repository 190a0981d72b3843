"""`db`: the embedded PostgreSQL alone."""

from __future__ import annotations

import argparse
from typing import Final

from mocban.cli.answer import answer
from mocban.settings import Settings

NAME: Final = "db"
HELP: Final = "chạy, dừng, xem PostgreSQL nhúng · start, stop or look at the embedded PostgreSQL"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do with it."""
    parser.add_argument(
        "action", choices=("start", "stop", "status"), help="chạy, dừng, xem tình trạng · start, stop, look at"
    )


def run(args: argparse.Namespace) -> int:
    """Start, stop or look. A server named by DATABASE_URL is never started or stopped."""
    from mocban.database import open_databases  # noqa: PLC0415
    from mocban.database.cluster import Cluster  # noqa: PLC0415

    settings = Settings.from_environment()
    cluster = Cluster(settings=settings)
    if args.action == "start":
        open_databases(settings)
    if args.action == "stop":
        cluster.stop()
    pid = cluster.pid()
    answer(
        {"running": pid is not None, "pid": pid, "data": str(cluster.data), "log": str(cluster.log)},
        f"đang chạy, tiến trình {pid} · running, process {pid}" if pid else "không chạy · not running",
        f"dữ liệu · data: {cluster.data}",
        as_json=args.json,
    )
    return 0
