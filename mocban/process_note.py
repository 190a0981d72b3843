"""Notes of background processes: a file with the process id, locked for as long as the process lives.

The lock, not the number, says that it lives: the kernel frees it at any death, and a reused id proves nothing.
"""

from __future__ import annotations

import fcntl
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from domain.errors import Refusal

_POLL: Final = 0.05


def make_run(run: Path) -> None:
    """Make the folder `run`, and the data folder it is in where there is none: nobody else looks into either."""
    run.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    run.mkdir(mode=0o700, exist_ok=True)


@contextmanager
def process_note(run: Path, name: str) -> Iterator[None]:
    """Hold the note `name` under the folder `run` while the block runs. Raises Refusal `already-running`."""
    make_run(run)
    with (run / f"{name}.pid").open("a+") as note:
        try:
            fcntl.flock(note, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refusal("already-running", name=name) from None
        note.truncate(0)
        note.write(f"{os.getpid()}\n")
        note.flush()
        try:
            yield
        finally:
            note.truncate(0)


@contextmanager
def waiting_turn(run: Path, name: str) -> Iterator[None]:
    """Wait until no other process of this `name` works here, then hold the place while the block runs."""
    make_run(run)
    with (run / f"{name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def noted_process(run: Path, name: str) -> int | None:
    """Process id of the live holder of the note, or None."""
    try:
        with (run / f"{name}.pid").open("r") as note:
            try:
                fcntl.flock(note, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                text = note.read().strip()
                return int(text) if text.isdigit() else None
            return None
    except FileNotFoundError:
        return None


def end_process(run: Path, name: str, seconds: float = 20.0) -> bool:
    """Ask the holder to end, then after `seconds` make it; False when there is none."""
    pid = noted_process(run, name)
    if pid is None:
        return False
    _signal(pid, signal.SIGTERM)
    deadline = time.monotonic() + seconds
    while noted_process(run, name) == pid:
        if time.monotonic() > deadline:
            _signal(pid, signal.SIGKILL)
            deadline += seconds
        time.sleep(_POLL)
    return True


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
