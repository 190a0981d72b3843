"""`check`: the house's rules, the same here as in CI."""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import msgspec

from mocban.cli.answer import answer

NAME: Final = "check"
HELP: Final = "ruff, mypy, import-linter · lint, types, import rules"

REPOSITORY: Final = Path(__file__).resolve().parents[2]
_PROGRAMS: Final = Path(sys.executable).parent
_RULES: Final = (
    ("ruff", ("ruff", "check", "--quiet")),
    ("ruff-format", ("ruff", "format", "--check", "--quiet")),
    ("mypy", ("mypy",)),
    ("import-linter", ("lint-imports",)),
)


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """One program's answer. seconds: wall time. output: what it said, empty when all is well."""

    rule: str
    passed: bool
    seconds: float
    output: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing to choose."""


def run(args: argparse.Namespace) -> int:
    """0 when every rule holds, else 1."""
    verdicts = judge()
    report(verdicts, as_json=args.json)
    return 0 if all(verdict.passed for verdict in verdicts) else 1


def judge() -> list[Verdict]:
    """Run every rule, two at a time."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(_judge_one, *zip(*_RULES, strict=True)))


def report(verdicts: list[Verdict], *, as_json: bool) -> None:
    """Say which rules hold; with `as_json` the complaints go to stderr beside the object."""
    for verdict in verdicts:
        if not verdict.passed:
            print(f"--- {verdict.rule}\n{verdict.output}", file=sys.stderr, flush=True)
    answer(
        {
            "passed": all(verdict.passed for verdict in verdicts),
            "rules": {verdict.rule: verdict.passed for verdict in verdicts},
            "seconds": {verdict.rule: round(verdict.seconds, 2) for verdict in verdicts},
        },
        *(_line(verdict) for verdict in verdicts),
        as_json=as_json,
    )


def _judge_one(rule: str, command: tuple[str, ...]) -> Verdict:
    began = time.monotonic()
    done = subprocess.run(
        [_PROGRAMS / command[0], *command[1:]],
        cwd=REPOSITORY,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    passed = done.returncode == 0
    output = "" if passed else (done.stdout + done.stderr).strip()
    return Verdict(rule=rule, passed=passed, seconds=time.monotonic() - began, output=output)


def _line(verdict: Verdict) -> str:
    word = "đạt · passed" if verdict.passed else "KHÔNG ĐẠT · FAILED"
    return f"{verdict.rule:<14} {word:<20} {verdict.seconds:5.1f} s"
