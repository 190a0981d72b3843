"""A table on a terminal: where it is narrow, words go on in the next line; nothing is cut off."""

from __future__ import annotations

import sys
from typing import Final

from rich.console import Console
from rich.table import Table

WIDE: Final = 200
"""Columns where the answer goes into a file or another program."""


def print_whole(table: Table, console: Console | None = None) -> None:
    """Print it whole: a file's code that ends in an ellipsis names no file."""
    for column in table.columns:
        column.overflow = "fold"
    (console or wide_console()).print(table)


def wide_console() -> Console:
    """As wide as the terminal, or WIDE. Numbers within names and codes get no colours of their own."""
    return Console(width=None if sys.stdout.isatty() else WIDE, highlight=False)
