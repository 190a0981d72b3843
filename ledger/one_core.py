"""One core for all who hand the interpreter to one another in a flood.

Only one thread of a process runs Python at a time. Where the next is woken on another core, waking it takes longer and
its caches are cold: with the desk and 32 writers on two cores, an act cost the process half as much again. So a thread
that waits for its act is woken on the desk's core, and is free to go anywhere from then on. There it comes after
whoever is at work (`SCHED_BATCH`, sched(7)): it could do nothing yet but wait for the interpreter, which that one has.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from threading import get_native_id
from typing import Final, TypeVar

_Result = TypeVar("_Result")
_MOVABLE: Final = hasattr(os, "sched_setaffinity")
_OWN_STATE: Final = Path("/proc/thread-self/stat")
_PROCESSOR: Final = 36
"""Of the words after the thread's name (proc_pid_stat(5), field 39)."""


class OneCore:
    """The desk's thread holds a core or none; any thread may wait near it. Where none can be moved, none is."""

    def __init__(self) -> None:
        self._core: int | None = None
        self._thread = 0
        self._allowed: Iterable[int] = ()

    def hold(self) -> None:
        """Stay on the core where this thread is now, until `free`."""
        if not _MOVABLE or self._core is not None:
            return
        with suppress(OSError, ValueError, IndexError):
            core = int(_OWN_STATE.read_text().rpartition(")")[2].split()[_PROCESSOR])
            self._thread, self._allowed = get_native_id(), os.sched_getaffinity(0)
            os.sched_setaffinity(0, {core})
            self._core = core

    def free(self) -> None:
        """The thread that holds it may go anywhere again, and nobody waits near it."""
        if self._core is not None:
            self._core = None
            with suppress(OSError):
                os.sched_setaffinity(self._thread, self._allowed)

    def near(self, wait: Callable[[], _Result]) -> _Result:
        """What `wait` returns or raises, and nothing else. A thread is held only while it waits."""
        core = self._core
        if core is None:
            return wait()
        allowed: Iterable[int] = ()
        ordinary = False
        try:
            with suppress(OSError):  # the core taken from this process meanwhile, or any of it forbidden
                if core in (now := os.sched_getaffinity(0)):
                    allowed = now
                    ordinary = os.sched_getscheduler(0) == os.SCHED_OTHER
                    os.sched_setaffinity(0, {core})
                    if ordinary:
                        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
            return wait()
        finally:
            if allowed:
                with suppress(OSError):
                    os.sched_setaffinity(0, allowed)
            if ordinary:
                with suppress(OSError):
                    os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
