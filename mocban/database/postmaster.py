"""The server process of a cluster: is it alive, and is what it left behind in the way?

A killed server leaves `postmaster.pid`, and where nothing reaps orphans its pid stays taken by a zombie, so the
server's own check refuses to start for ever. The file goes only when its process is dead, a zombie or a stranger,
*and* no live process works in the data folder: a leftover backend may still be writing.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

PID_FILE: Final = "postmaster.pid"
_PROC: Final = Path("/proc")
_GONE: Final = frozenset("ZX")
_POLL: Final = 0.05


def running_pid(data: Path) -> int | None:
    """Process id of the live server of `data`, or None."""
    pid = _noted_pid(data)
    return pid if pid is not None and _is_server(pid, data) else None


def wait_until_ready(data: Path, seconds: float) -> bool:
    """Wait while the live server of `data` starts up; True when it takes connections."""
    deadline = time.monotonic() + seconds
    while running_pid(data) is not None and time.monotonic() < deadline:
        if _noted_status(data) == "ready":
            return True
        time.sleep(_POLL)
    return False


def clear_remains(data: Path, seconds: float = 15.0) -> None:
    """Make way for a start after a crash: wait for leftover processes of `data`, then unlink a stale pid file.

    Where processes cannot be looked at (no /proc) the server's own check decides alone.
    """
    if not _PROC.joinpath("self").exists():
        return
    deadline = time.monotonic() + seconds
    while any(True for _ in processes_in(data)) and time.monotonic() < deadline:
        time.sleep(_POLL)
    if not any(True for _ in processes_in(data)):
        (data / PID_FILE).unlink(missing_ok=True)


def end_orphans(data: Path, seconds: float = 15.0) -> None:
    """End servers whose data folder was removed under them: alive still, they would take the new one's socket along.

    For when `data` does not exist. Such a server has nothing left to save, so it is told to quit at once.
    """
    if not _PROC.joinpath("self").exists():
        return
    gone = Path(f"{data.parent.resolve() / data.name} (deleted)")
    deadline = time.monotonic() + seconds
    while orphans := [pid for pid in _processes() if _folder_of(pid) == gone and _state_of(pid) not in _GONE]:
        for pid in orphans:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGQUIT)
        if time.monotonic() > deadline:
            return
        time.sleep(_POLL)


def _processes() -> Iterator[int]:
    return (int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit())


def processes_in(data: Path) -> Iterator[int]:
    """Ids of live processes whose working folder is `data`: the server's all do, and nothing else of ours does."""
    real = data.resolve()
    yield from (pid for pid in _processes() if _folder_of(pid) == real and _state_of(pid) not in _GONE)


def _noted_pid(data: Path) -> int | None:
    lines = _noted(data)
    return int(lines[0]) if lines and lines[0].strip().isdigit() else None


def _noted_status(data: Path) -> str:
    lines = _noted(data)
    return lines[7].strip() if len(lines) > 7 else ""


def _noted(data: Path) -> list[str]:
    """Lines of the server's own note: pid, folder, start, port, socket folder, address, memory key, status."""
    try:
        return (data / PID_FILE).read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        return []


def _is_server(pid: int, data: Path) -> bool:
    if not _PROC.joinpath("self").exists():
        return _answers_signal(pid)
    return _state_of(pid) not in _GONE and _folder_of(pid) == data.resolve()


def _answers_signal(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _folder_of(pid: int) -> Path | None:
    try:
        return (_PROC / str(pid) / "cwd").readlink()
    except OSError:  # gone, a zombie, or another account's
        return None


def _state_of(pid: int) -> str:
    """The letter of `man 5 proc_pid_stat`; the command before it may hold spaces and brackets."""
    try:
        return (_PROC / str(pid) / "stat").read_text(errors="replace").rpartition(") ")[2][:1]
    except OSError:
        return "X"
