"""A small log of twelve acts, ways to spoil its files, and what the verifier says of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from signing.log_verifier import Trust, verify
from tests.signing.small_log import (
    SmallLog,
    write_folder,
)

Files = dict[str, bytes]
ENTRIES, EVENTS, POSITIONS = "tile/entries/000.p/12", "tile/events/000.p/18", "tile/positions/000.p/12"
LEAVES = "tile/0/000.p/12"


def small() -> SmallLog:
    """Twelve acts and eighteen events: founding 0..5 (act 5 has two events), then acts 6..11; act 8 has six events."""
    log = SmallLog()
    log.found()
    for index in range(6, 12):
        log.register(6 if index == 8 else 1)
    return log


def checked(files: Files, base: Path, trust: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """The report on files laid out as an export."""
    write_folder(files, base / "export")
    (base / "trust.json").write_text(json.dumps(trust))
    known = Trust.load(base / "trust.json") if trust is not None else Trust()
    known.checkpoints += more.get("checkpoints", [])
    return verify(base / "export", known)


def found(report: dict[str, Any]) -> list[tuple[int | None, str]]:
    """(act, code) of every bad row, in the order of the report."""
    return [(row["act"], row["code"]) for row in report["bad"]]


def flip(name: str, at: int, bit: int = 1) -> Callable[[Files], None]:
    """One bit of one file."""

    def spoil(files: Files) -> None:
        data = bytearray(files[name])
        data[at] ^= bit
        files[name] = bytes(data)

    return spoil


def replace(name: str, old: bytes, new: bytes) -> Callable[[Files], None]:
    """The last occurrence of some bytes."""

    def spoil(files: Files) -> None:
        head, middle, tail = files[name].rpartition(old)
        assert middle
        files[name] = head + new + tail

    return spoil
