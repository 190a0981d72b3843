"""The command `mocban` (`./run`): parses, runs one command, and turns every problem into words and an exit code."""

from __future__ import annotations

import os
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, TextIO

from domain.errors import Refusal
from mocban.cli.answer import explain
from mocban.environment_problem import EnvironmentProblem

REFUSED: Final = 1
USAGE: Final = 2
ENVIRONMENT: Final = 3
INTERRUPTED: Final = 130
_LATEST: Final = 9_000_000_000
"""Seconds since 1970: in 2255. From 2262 on Python and its libraries cannot tell the time at all."""


def main(arguments: Sequence[str] | None = None, clock: Callable[[], float] = time.time) -> int:
    """Run one command and return its exit code; no problem shows as a stack trace.

    clock: seconds since 1970; it may raise OverflowError.
    """
    _speak_utf8(sys.stdout)
    _speak_utf8(sys.stderr)
    words = sys.argv[1:] if arguments is None else list(arguments)
    if not all(_is_text(word) for word in words):
        explain(Refusal("argument-not-text"), as_json="--json" in words)
        return USAGE
    if not _is_set(clock):
        explain(EnvironmentProblem("clock-not-set"), as_json="--json" in words)
        return ENVIRONMENT
    from mocban.cli.registry import parser  # noqa: PLC0415  # loads modules that read the clock

    whole = parser(words)
    args = whole.parse_args(words)
    if args.command is None:
        whole.print_help()
        return 0
    try:
        return int(args.run(args))
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output went away
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return REFUSED
    except Exception as fault:  # noqa: BLE001  # the last door: words for the person, the places for the log
        problem = _surrounding(fault)
        if problem is not None:
            explain(problem, as_json=args.json)
            return ENVIRONMENT
        refusal = fault if isinstance(fault, Refusal) else _internal(fault)
        explain(refusal, as_json=args.json)
        return REFUSED


def _is_set(clock: Callable[[], float]) -> bool:
    """Whether the machine's clock shows a time that ids and deadlines can be made of."""
    try:
        return 0 <= clock() < _LATEST
    except OverflowError:
        return False


def _is_text(word: str) -> bool:
    """Whether the bytes typed were UTF-8: others come as surrogates, which no answer could repeat."""
    try:
        word.encode()
    except UnicodeEncodeError:
        return False
    return True


def _surrounding(fault: Exception) -> EnvironmentProblem | None:
    """The machine's part in a fault, if it has one."""
    from mocban.settings import Settings  # noqa: PLC0415  # heavy, and only a fault needs them
    from mocban.surroundings import environment_problem  # noqa: PLC0415

    try:
        home = Settings.from_environment().home
    except EnvironmentProblem:  # reading settings may itself be what failed
        return fault if isinstance(fault, EnvironmentProblem) else None
    return environment_problem(fault, home)


def _internal(fault: Exception) -> Refusal:
    return Refusal("internal-fault", kind=type(fault).__name__, log=_note_fault(fault))


def _note_fault(fault: Exception) -> str:
    """Keep where it happened, never the message: it may hold what people wrote. Return where it is kept."""
    places = "".join(traceback.format_list(traceback.extract_tb(fault.__traceback__)))
    try:
        from mocban.settings import Settings  # noqa: PLC0415  # reading settings may itself be what failed

        logs = Settings.from_environment().logs
        logs.mkdir(mode=0o700, parents=True, exist_ok=True)
        log: Path = logs / "faults.log"
        with log.open("a", encoding="utf-8") as file:
            file.write(f"{type(fault).__module__}.{type(fault).__qualname__}\n{places}\n")
    except (OSError, Refusal):
        return "-"
    return str(log)


def _speak_utf8(stream: TextIO) -> None:
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors="replace")


if __name__ == "__main__":
    sys.exit(main())
