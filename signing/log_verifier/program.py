"""The program: what is given is verified, and told."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from signing.log_verifier.finding import Bad
from signing.log_verifier.report import report, summary
from signing.log_verifier.shown import Proof, check_shown, verify_certificate, verify_disclosure
from signing.log_verifier.source import Bundle, Folder
from signing.log_verifier.trust import Trust, must_be_file
from signing.log_verifier.whole_log import verify_log


def verify(
    path: Path, trust: Trust, processes: int = 1, told: Callable[[int, int], None] = lambda *_: None
) -> dict[str, Any]:
    """A report on whatever lies at `path`; never raises on what it reads."""
    try:
        if path.is_dir():
            return verify_log(Folder(path), trust, processes, told)
        must_be_file(path)
        with path.open("rb") as file:
            start = file.read(1 << 26)  # a proof, a certificate, a disclosure is not larger
        if start.startswith(b"PK"):
            return verify_log(Bundle(path), trust, processes, told)
        if start.startswith(b"%PDF-"):
            return verify_certificate(start, trust)
        if start.startswith(b"c2sp.org/"):
            proof = Proof.parse(start.decode("utf-8", "replace"))
            return check_shown("proof", proof.checkpoint, [], trust, [proof], {proof.act}, {})
        return verify_disclosure(start, trust)
    except Exception as error:  # noqa: BLE001  the last resort: hostile input becomes a verdict, never a stack trace
        found = error if isinstance(error, Bad) else Bad("input-unreadable", type(error).__name__)
        return report("unknown", [found], trust, None, 0, 0)


def progress(done: int, of: int) -> None:
    print(f"\r{done * 100 // of:3d} %" + ("\n" if done == of else ""), end="", file=sys.stderr, flush=True)


def main(argv: Sequence[str] | None = None) -> int:
    """Exit code: 0 nothing bad, 2 wrong usage, 4 something bad."""
    codes = "Mã thoát / exit: 0 không có gì sai / nothing bad; 2 dùng sai / wrong usage; 4 có điều sai / something bad"
    parser = argparse.ArgumentParser(
        description="Kiểm tra sổ Mộc Bản / verify a Mộc Bản ledger, offline.", epilog=codes
    )
    add = parser.add_argument
    add(
        "path",
        type=Path,
        help="thư mục, .zip, .pdf, .tlog-proof, .json / folder, bundle, certificate, proof, disclosure",
    )
    add("--trust", type=Path, help="tệp tin cậy / trust file (JSON)")
    add("--checkpoint", type=Path, action="append", default=[], help="điểm kiểm cũ / an earlier checkpoint")
    add("--json", action="store_true", help="in kết quả dạng JSON trên một dòng / print the report as one line of JSON")
    add("--processes", type=int, default=os.cpu_count() or 1, help="số tiến trình / worker processes")
    options = parser.parse_args(argv)
    try:
        for given in (*([] if options.path.is_dir() else [options.path]), *options.checkpoint):
            must_be_file(given)
        trust = Trust.load(options.trust) if options.trust else Trust()
        trust.checkpoints += [path.read_bytes() for path in options.checkpoint]
    except (OSError, ValueError) as error:
        print(f"Lỗi cách dùng / Usage: {error}", file=sys.stderr)
        return 2
    out = verify(options.path, trust, options.processes, progress if sys.stderr.isatty() else lambda *_: None)
    print(json.dumps(out, ensure_ascii=False) if options.json else "\n".join(summary(out)))
    return 4 if out["bad"] else 0
