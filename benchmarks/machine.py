"""The machine a benchmark ran on, how busy it was, and how much processor time client and server took."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import psycopg


class CpuSpent(msgspec.Struct, frozen=True):
    """Processor seconds: of this process and its helpers, and of the database server with all it forked."""

    client: float
    server: float

    def __sub__(self, earlier: CpuSpent) -> CpuSpent:
        return CpuSpent(self.client - earlier.client, self.server - earlier.server)


class CpuMeter:
    """Reads processor times. postmaster: process id of the server, 0 when there is none to watch.

    children: processes that work for the client, which live as long as the race; this process's own are found.
    """

    def __init__(self, postmaster: int, children: Sequence[int] = ()) -> None:
        self._postmaster = postmaster
        self._children = children

    def read(self) -> CpuSpent:
        """Since the beginning of both. The server's moves in steps of a clock tick, mostly 10 ms."""
        watched = Path("/proc").is_dir()
        server = _family_seconds(self._postmaster) if self._postmaster and watched else 0.0
        children = {*self._children, *_own_children()} - {self._postmaster} if watched else set()
        helpers = sum(_family_seconds(child) for child in children)
        return CpuSpent(time.process_time() + helpers, server)


def _own_children() -> set[int]:
    """The processes that this one has started and that have not ended."""
    found: set[int] = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(stat.read_text().rpartition(") ")[2].split()[1]) == os.getpid():
                found.add(int(stat.parent.name))
    return found


def _family_seconds(parent: int) -> float:
    """utime and stime of a process and its children, with cutime and cstime of children that have ended (proc(5))."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            numbers = stat.read_text().rpartition(") ")[2].split()
        except OSError:
            continue
        if stat.parent.name == str(parent):
            ticks += sum(map(int, numbers[11:15]))
        elif int(numbers[1]) == parent:
            ticks += int(numbers[11]) + int(numbers[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def load() -> list[float]:
    """Load averages over 1, 5 and 15 minutes; empty where the system keeps none."""
    return [round(average, 2) for average in os.getloadavg()] if hasattr(os, "getloadavg") else []


def machine(conninfo: str | None, load_before: list[float]) -> dict[str, Any]:
    """Cores, load before and after, versions. conninfo: of the database, when one took part."""
    facts: dict[str, Any] = {
        "cores": os.cpu_count(),
        "load_before": load_before,
        "load_after": load(),
        "python": platform.python_version(),
        "architecture": platform.machine(),
    }
    if conninfo is not None:
        with psycopg.connect(conninfo) as connection:
            for name in ("server_version", "fsync", "synchronous_commit"):
                row = connection.execute("SELECT current_setting(%s)", (name,)).fetchone()
                facts["postgresql" if name == "server_version" else name] = row[0] if row else None
    return facts
