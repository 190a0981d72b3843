"""`check`: the house's rules, the same here as in CI."""

from __future__ import annotations

import argparse
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import msgspec

from mocban.cli.answer import answer
from mocban.house_rules import RULES, Rule, must_be_repository

NAME: Final = "check"
HELP: Final = "lint, kiểu, import, chính tả, wheel, trang mã · lint, types, imports, spelling, wheel, codes"


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """One program's answer. seconds: wall time. output: complaints; when all is well a remark or nothing."""

    rule: str
    passed: bool
    seconds: float
    output: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What is derived from the source may be written anew first."""
    parser.add_argument("--write", action="store_true", help="viết lại docs/codes.md trước · write docs/codes.md anew")


def run(args: argparse.Namespace) -> int:
    """0 when every rule holds, else 1."""
    if args.write:
        from mocban.codes_page import PAGE, codes_page  # noqa: PLC0415  `--help` answers without the API

        must_be_repository()
        PAGE.write_text(codes_page(), encoding="utf-8")
    verdicts = judge()
    report(verdicts, as_json=args.json)
    return 0 if all(verdict.passed for verdict in verdicts) else 1


def judge() -> list[Verdict]:
    """Run every rule, two at a time. Raises EnvironmentProblem outside the source tree."""
    must_be_repository()
    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(_judge_one, RULES, RULES.values()))


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


def _judge_one(name: str, rule: Rule) -> Verdict:
    began = time.monotonic()
    finding = rule()
    return Verdict(rule=name, passed=finding.holds, seconds=time.monotonic() - began, output=finding.said)


def _line(verdict: Verdict) -> str:
    word = "đạt · passed" if verdict.passed else "KHÔNG ĐẠT · FAILED"
    remark = f"  {verdict.output}" if verdict.passed and verdict.output else ""
    return f"{verdict.rule:<14} {word:<20} {verdict.seconds:5.1f} s{remark}"
