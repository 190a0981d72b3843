"""`verify`: the stand-alone verifier, the same file that travels inside every bundle."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Final

NAME: Final = "verify"
HELP: Final = "kiểm tra bản xuất, gói hoặc chứng nhận · check an export, a bundle or a certificate"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to check, and against what."""
    parser.add_argument("path", type=Path, help="thư mục, .zip hoặc .pdf · an export folder, a bundle or a certificate")
    parser.add_argument("--trust", type=Path, help="tệp tin cậy · the trust file (JSON)")
    parser.add_argument(
        "--checkpoint", type=Path, action="append", default=[], help="điểm kiểm trước đó · an earlier checkpoint"
    )
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="số tiến trình · worker processes")


def run(args: argparse.Namespace) -> int:
    """0 nothing bad, 2 the trust file or the path is no such thing, 4 something bad."""
    from signing.standalone_verifier import main  # noqa: PLC0415  heavy: other commands answer without it

    words = [str(args.path), "--processes", str(args.processes)]
    words += ["--trust", str(args.trust)] if args.trust else []
    for path in args.checkpoint:
        words += ["--checkpoint", str(path)]
    return main([*words, "--json"] if args.json else words)
