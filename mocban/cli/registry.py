"""Every command, one line each. Its module imports what is heavy inside `run`, so `--help` answers at once."""

from __future__ import annotations

import argparse
from collections.abc import Collection
from typing import Final, Protocol

from mocban.cli import (
    access,
    act,
    audit,
    bench,
    check,
    container,
    custody,
    db,
    demo,
    disclose,
    document,
    drill,
    file,
    fonds,
    found,
    handover,
    import_,
    key,
    log,
    lot,
    migrate,
    rebuild,
    recover,
    reorganization,
    serve,
    stop,
    test,
    timestamp,
    verify,
    witness,
)
from mocban.cli.usage import CommandLine


class Command(Protocol):
    """What a command's module offers."""

    @property
    def NAME(self) -> str:  # noqa: N802  # a module's constant
        """The word typed."""
        ...

    @property
    def HELP(self) -> str:  # noqa: N802
        """One line: Vietnamese, a middle dot, English."""
        ...

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare arguments; `--json` is there already (`args.json`)."""
        ...

    def run(self, args: argparse.Namespace) -> int:
        """Do it. Return 0 done, 1 partial, 3 environment, 4 verification failed; raise a Refusal otherwise."""
        ...


COMMANDS: Final[tuple[Command, ...]] = (
    demo,
    import_,
    serve,
    stop,
    verify,
    log,
    test,
    check,
    bench,
    drill,
    db,
    migrate,
    rebuild,
    recover,
    custody,
    reorganization,
    handover,
    found,
    key,
    act,
    audit,
    disclose,
    file,
    fonds,
    document,
    container,
    lot,
    access,
    witness,
    timestamp,
)
"""In the order that `--help` lists them."""


def parser(words: Collection[str] | None = None) -> argparse.ArgumentParser:
    """The whole command line. words: those typed; of commands that are not among them only the name is there, because
    a hundred parsers cost as much as many a command.
    """
    whole = CommandLine(
        prog="./run",
        description="Mộc Bản: sổ cái hồ sơ lưu trữ có chứng minh · a records ledger that proves custody",
        epilog="Mã thoát · exit codes: 0 xong/done, 1 một phần/partial, 2 cách dùng/usage, 3 môi trường/environment, "
        "4 xác minh không đạt/verification failed",
    )
    commands = whole.add_subparsers(dest="command", metavar="COMMAND", title="lệnh · commands")
    for command in COMMANDS:
        one = commands.add_parser(command.NAME, help=command.HELP, description=command.HELP)
        one.add_argument("--json", action="store_true", help="in một đối tượng JSON ra stdout · print one JSON object")
        one.set_defaults(run=command.run)
        if words is None or command.NAME in words:
            command.add_arguments(one)
    return whole
