"""`verify`: the stand-alone verifier, the same file that travels inside every bundle; or this machine's own rows.

A log at an address is brought here first, into a folder that goes again.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from mocban.settings import Settings

NAME: Final = "verify"
HELP: Final = (
    "kiểm tra bản xuất, gói, chứng nhận, sổ tại một địa chỉ, hoặc sổ ở máy này · "
    "check an export, bundle, certificate, a log at an address, or this ledger"
)
BAD: Final = 4
ADDRESS: Final = ("http://", "https://")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to check, and against what."""
    parser.add_argument(
        "path",
        nargs="?",
        help="thư mục, .zip, .pdf, .tlog-proof, .json, hoặc địa chỉ http(s) nơi sổ được công bố; không có: so các dòng "
        "cơ sở dữ liệu của máy này với các mảnh đã công bố · a folder, bundle, certificate, proof, disclosure, or the "
        "address where a log is published; none: this machine's database rows against its published tiles",
    )
    parser.add_argument("--trust", type=Path, help="tệp tin cậy · the trust file (JSON)")
    parser.add_argument(
        "--checkpoint", type=Path, action="append", default=[], help="điểm kiểm trước đó · an earlier checkpoint"
    )
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="số tiến trình · worker processes")


def run(args: argparse.Namespace) -> int:
    """0 nothing bad, 2 the trust file or the path is no such thing, 3 the address does not answer, 4 something bad."""
    if args.path is None:
        return _own_rows(as_json=args.json)
    if not args.path.startswith(ADDRESS):
        return _judged(args.path, args)
    with TemporaryDirectory(prefix="mocban-log-") as folder:
        _brought(args.path, Path(folder))
        return _judged(folder, args)


def _judged(path: str, args: argparse.Namespace) -> int:
    from signing.standalone_verifier import main  # noqa: PLC0415  heavy: other commands answer without it

    words = [path, "--processes", str(args.processes)]
    words += ["--trust", str(args.trust)] if args.trust else []
    for checkpoint in args.checkpoint:
        words += ["--checkpoint", str(checkpoint)]
    return main([*words, "--json"] if args.json else words)


def _brought(url: str, folder: Path) -> None:
    """Raises EnvironmentProblem `log-address-unreachable`."""
    from mocban.demo.stage import progress_bars  # noqa: PLC0415
    from mocban.log_address import bring_log  # noqa: PLC0415

    with progress_bars() as progress:
        task = progress.add_task("Tải sổ · Fetching the log", total=None)
        bring_log(url, folder, lambda done, of: progress.update(task, completed=done, total=of))


def _own_rows(*, as_json: bool) -> int:
    """0 when every published row is as published, else 4, each named."""
    from mocban.cli.answer import answer  # noqa: PLC0415
    from mocban.database import open_databases  # noqa: PLC0415
    from mocban.own_rows import bad_rows  # noqa: PLC0415

    settings = Settings.from_environment()
    bad = bad_rows(open_databases(settings), settings.home)
    told = [(one, one.refusal) for one in bad]
    answer(
        {
            "verdict": "invalid" if bad else "self-consistent",
            "anchored": False,
            "bad": [
                {"log": one.log, "act": one.act, "event": one.event, "code": text.code, "vi": text.vi, "en": text.en}
                for one, text in told
            ],
        },
        *(f"- [{text.code}] {text.vi} / {text.en}" for _, text in told),
        "KHÔNG KHỚP / ROWS DIFFER" if bad else "Các dòng khớp với sổ đã công bố / the rows are as published",
        as_json=as_json,
    )
    return BAD if bad else 0
