"""The demo as a person runs it, in a process of its own, on a few of the shipped scans."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from mocban.settings import Settings

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "reference" / "scans"
THREE = ("ba-dinh-den-3817-qd-ubnd.pdf", "cau-giay-den-3817-qd-ubnd.pdf", "tan-minh-soc-son-31-ttr-ubnd.pdf")
"""One paper that lies in two districts' fonds, and one that the reading room may see."""


class Ran(msgspec.Struct, frozen=True):
    """A finished run. answer: the JSON object, last on stdout; said: stderr."""

    code: int
    answer: dict[str, Any]
    said: str


def environment(settings: Settings) -> Mapping[str, str]:
    """The environment of a run on `settings`' data folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "MOCBAN_"))}
    return {**kept, "MOCBAN_HOME": str(settings.home), "MOCBAN_PASSPHRASE": settings.passphrase or "x"}


def command(*arguments: str) -> Sequence[str]:
    """The command line of a run."""
    return [sys.executable, "-m", "mocban", *arguments]


def run(settings: Settings, *arguments: str, seconds: float = 240) -> Ran:
    """Run a command with `--json` to its end."""
    done = subprocess.run(
        [*command(*arguments), "--json"],
        cwd=ROOT,
        env=environment(settings),
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    last = done.stdout.strip().splitlines()[-1:] or ["{}"]
    return Ran(done.returncode, msgspec.json.decode(last[0]), done.stderr)


def scans(folder: Path, names: Sequence[str] = THREE) -> Path:
    """A folder with copies of shipped scans."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        shutil.copy(SHIPPED / name, folder / name)
    return folder
