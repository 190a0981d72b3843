"""The parts of a command: words after its name, each with a help text of its own; `--json` may come before or after."""

from __future__ import annotations

import argparse
from collections.abc import Callable


def add_part(
    parts: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    told: str,
    chosen: Callable[[argparse.Namespace], int] | None = None,
) -> argparse.ArgumentParser:
    """One more part. told: Vietnamese first; chosen: set as `args.chosen`, where the command runs that."""
    one = parts.add_parser(name, help=told, description=told)
    one.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="in JSON · print JSON")
    if chosen is not None:
        one.set_defaults(chosen=chosen)
    return one
