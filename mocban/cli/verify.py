"""`verify`: the stand-alone verifier, the same file that travels inside every bundle; or this machine's own rows."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Final

from mocban.settings import Settings

NAME: Final = "verify"
HELP: Final = (
    "kiểm tra bản xuất, gói, chứng nhận, hoặc sổ ở máy này · check an export, bundle, certificate, or this ledger"
)
BAD: Final = 4


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to check, and against what."""
    parser.add_argument(
        "path",
        type=Path,
        nargs="?",
        help="thư mục, .zip hoặc .pdf; không có: so các dòng cơ sở dữ liệu của máy này với các mảnh đã công bố · "
        "an export folder, a bundle or a certificate; none: this machine's database rows against its published tiles",
    )
    parser.add_argument("--trust", type=Path, help="tệp tin cậy · the trust file (JSON)")
    parser.add_argument(
        "--checkpoint", type=Path, action="append", default=[], help="điểm kiểm trước đó · an earlier checkpoint"
    )
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="số tiến trình · worker processes")


def run(args: argparse.Namespace) -> int:
    """0 nothing bad, 2 the trust file or the path is no such thing, 4 something bad."""
    if args.path is None:
        return _own_rows(as_json=args.json)
    from signing.standalone_verifier import main  # noqa: PLC0415  heavy: other commands answer without it

    words = [str(args.path), "--processes", str(args.processes)]
    words += ["--trust", str(args.trust)] if args.trust else []
    for path in args.checkpoint:
        words += ["--checkpoint", str(path)]
    return main([*words, "--json"] if args.json else words)


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
