"""`bench`: how fast, beside a peer or a limit in the same run."""

from __future__ import annotations

import argparse
import sys
from typing import Final

NAME: Final = "bench"
HELP: Final = "đo tốc độ cạnh một hệ khác hoặc giới hạn · measure speed beside a peer or a limit"
NAMES: Final = ("append", "custody", "import", "proof", "rebuild", "tamper", "verify", "all")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to measure."""
    parser.add_argument(
        "name",
        choices=NAMES,
        help="phép đo; all: mọi phép, proof 1 triệu sự kiện, custody 100 nghìn hồ sơ · what to measure; all: each, "
        "proof of 1 million events and custody of 100,000 files instead of 10 million and 1 million",
    )
    parser.add_argument("--files", type=int, metavar="N", help="custody: số hồ sơ · how many files; default 1000000")
    parser.add_argument("--events", type=int, metavar="N", help="proof: số sự kiện · how many events; default 10000000")
    parser.add_argument("--quick", action="store_true", help="chỉ thử xem có chạy · only shows that it runs")


def run(args: argparse.Namespace) -> int:
    """Measure on a database of its own, thrown away afterwards; neither MOCBAN_HOME nor DATABASE_URL is touched."""
    import msgspec  # noqa: PLC0415  the rest answers without these

    for option, count, name in (("--files", args.files, "custody"), ("--events", args.events, "proof")):
        if count is not None and (args.name != name or count < 1):
            print(f"{option}: chỉ với {name}, từ 1 trở lên · only with {name}, 1 or more", file=sys.stderr)
            return 2

    from benchmarks.report import FULL, QUICK  # noqa: PLC0415
    from benchmarks.suite import run as measure  # noqa: PLC0415
    from mocban.cli.answer import answer  # noqa: PLC0415
    from mocban.demo.stage import progress_bars  # noqa: PLC0415

    with progress_bars() as progress:
        waiting = progress.add_task("Chuẩn bị · Setting up", total=None)
        tasks = {}

        def told(name: str, done: int, of: int) -> None:
            progress.update(waiting, visible=False)
            if name not in tasks:
                tasks[name] = progress.add_task(f"{name}: các vòng xen kẽ · interleaved rounds", total=of)
            progress.update(tasks[name], completed=done)

        size = msgspec.structs.replace(QUICK if args.quick else FULL, files=args.files, events=args.events)
        report = measure(args.name, size, told)
    lines = [f"{name:<24} {ratio:>8g}" for name, ratio in report.ratios.items()]
    answer(msgspec.to_builtins(report), *lines, as_json=args.json)
    return 0
