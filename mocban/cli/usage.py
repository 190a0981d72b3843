"""Wrong usage and help, Vietnamese first: argparse knows English alone."""

from __future__ import annotations

import argparse
import re
import sys
from typing import Any, Final, NoReturn

from typing_extensions import override

from domain.errors import Refusal
from mocban.cli.answer import explain

USAGE: Final = 2

_SAID: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(said, re.DOTALL), told)
    for said, told in (
        (r"the following arguments are required: (.+)", r"thiếu \1"),
        (r"one of the arguments (.+) is required", r"cần một trong: \1"),
        (r"unrecognized arguments: (.+)", r"không có đối số \1"),
        (r"argument (.+?): invalid choice: (.+) \(choose from (.+)\)", r"\1: không có \2; chọn trong \3"),
        (r"argument (.+?): invalid int value: (.+)", r"\1: \2 không phải số nguyên"),
        (r"argument (.+?): invalid float value: (.+)", r"\1: \2 không phải số"),
        (r"argument (.+?): invalid \S+ value: (.+)", r"\1: \2 không đúng dạng"),
        (r"argument (.+?): expected one argument", r"\1: thiếu giá trị"),
        (r"argument (.+?): expected at least one argument", r"\1: cần ít nhất một giá trị"),
        (r"argument (.+?): expected (\d+) arguments?", r"\1: cần \2 giá trị"),
        (r"argument (.+?): ignored explicit argument (.+)", r"\1: không nhận giá trị \2"),
        (r"argument (.+?): not allowed with argument (.+)", r"\1: không dùng cùng \2"),
        (r"ambiguous option: (.+) could match (.+)", r"\1 có thể là \2"),
    )
)
"""What argparse says (3.11 to 3.14), and the same in Vietnamese."""


class CommandLine(argparse.ArgumentParser):
    """A parser that helps, and says what is wrong, in both languages; its subparsers are of this class too."""

    def __init__(self, **given: Any) -> None:
        super().__init__(add_help=False, **given)
        self._positionals.title = "đối số · arguments"
        self._optionals.title = "tùy chọn · options"
        self.add_argument("-h", "--help", action="help", help="hiện trợ giúp này · show this help")

    @override
    def format_usage(self) -> str:
        return self._both(super().format_usage())

    @override
    def format_help(self) -> str:
        return self._both(super().format_help())

    @override
    def error(self, message: str) -> NoReturn:
        """Say it and end with exit code 2. With `--json` anywhere on the line, also as an object."""
        self.print_usage(sys.stderr)
        refusal = Refusal("usage-wrong", vi=in_vietnamese(message), en=message, help=f"{self.prog} --help")
        explain(refusal, as_json="--json" in sys.argv)
        sys.exit(USAGE)

    def _both(self, text: str) -> str:
        return re.sub("^usage: ", "cách dùng · usage: ", text)


def in_vietnamese(message: str) -> str:
    """What argparse says, in Vietnamese; as it is where it has words of ours already."""
    return next((pattern.sub(told, message) for pattern, told in _SAID if pattern.fullmatch(message)), message)
