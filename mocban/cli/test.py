"""`test`: the rules, then every test, each on the real thing."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from mocban.cli import check
from mocban.cli.answer import answer
from mocban.house_rules import REPOSITORY, must_be_repository

NAME: Final = "test"
HELP: Final = "chạy check rồi mọi kiểm thử · run check, then every test"

_COUNTS: Final = ("tests", "failures", "errors", "skipped")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which tests; all when none is named."""
    parser.add_argument("--no-check", action="store_true", help="bỏ qua check · leave out check")
    parser.add_argument("--workers", type=int, default=min(os.cpu_count() or 1, 4), help="số tiến trình · processes")
    parser.add_argument(
        "selection", nargs="*", help="tệp, hoặc sau -- tùy chọn của pytest · files, or after -- options"
    )


def run(args: argparse.Namespace) -> int:
    """0 when the rules hold and every test passes, else 1."""
    must_be_repository()
    began = time.monotonic()
    verdicts = [] if args.no_check else check.judge()
    if not args.json:
        check.report(verdicts, as_json=False)
    passed, counts = _run_tests(args.selection, args.workers, quiet=args.json)
    passed = passed and all(verdict.passed for verdict in verdicts)
    seconds = time.monotonic() - began
    word = "ĐẠT · PASSED" if passed else "KHÔNG ĐẠT · FAILED"
    answer(
        {
            "passed": passed,
            "rules": {verdict.rule: verdict.passed for verdict in verdicts},
            **counts,
            "seconds": round(seconds, 1),
        },
        f"{word}: {counts.get('tests', 0)} kiểm thử · tests, {seconds:.0f} s",
        as_json=args.json,
    )
    return 0 if passed else 1


def _run_tests(selection: list[str], workers: int, *, quiet: bool) -> tuple[bool, dict[str, int]]:
    """Run pytest; with `quiet` its report goes to stderr, so that stdout holds one object."""
    with tempfile.TemporaryDirectory(prefix="mocban-") as folder:
        report = Path(folder) / "report.xml"
        parallel = ["-n", str(workers), "--dist", "loadfile", "--no-loadscope-reorder"] if workers > 1 else []
        done = subprocess.run(
            [sys.executable, "-P", "-m", "pytest", "-q", f"--junitxml={report}", *parallel, *selection],
            cwd=REPOSITORY,
            env={**os.environ, "PYTHONHASHSEED": "0"},
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr if quiet else None,
            check=False,
        )
        return done.returncode == 0, _counts(report)


def _counts(report: Path) -> dict[str, int]:
    if not report.exists():
        return {}
    suites = ET.parse(report).getroot().iter("testsuite")  # noqa: S314  # written by pytest a moment ago
    totals = dict.fromkeys(_COUNTS, 0)
    for suite in suites:
        for name in _COUNTS:
            totals[name] += int(suite.get(name, "0"))
    return totals
