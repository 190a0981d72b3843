"""A limit on the processor time of programs that this process starts: a busy machine takes longer, not more.

Wall time would call an honest page too costly whenever the machine has other work. Where the system does not tell what
children use, nothing is killed here: whoever calls keeps a limit of wall time as well.
"""

from __future__ import annotations

import os
import resource
import signal
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread, get_native_id
from typing import Final, Self

_LOOK_SECONDS: Final = 0.25
_TICKS: Final = os.sysconf("SC_CLK_TCK")


class ProcessorLimit:
    """Kills a child that this thread starts within the block once it takes over `seconds`. passed: whether it did."""

    def __init__(self, seconds: float) -> None:
        self.passed = False
        self._seconds = seconds
        self._children = Path(f"/proc/self/task/{get_native_id()}/children")
        self._before = frozenset(self._pids())  # helpers that live on, whatever they have used
        self._over = Event()
        self._thread = Thread(target=self._watch, daemon=True)

    def _watch(self) -> None:
        while not self._over.wait(_LOOK_SECONDS):
            for pid in self._pids():
                if pid not in self._before and self._used(pid) > self._seconds:
                    self.passed = True
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)

    def _pids(self) -> list[int]:
        try:
            return [int(pid) for pid in self._children.read_text(encoding="ascii").split()]
        except OSError:
            return []

    def _used(self, pid: int) -> float:
        """Seconds of processor time, of user and system (proc(5), stat, fields 14 and 15)."""
        try:
            numbers = (
                Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(") ")[2].split()
            )
        except OSError:
            return 0.0
        return (int(numbers[11]) + int(numbers[12])) / _TICKS

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()


def spent_by_children() -> float:
    """Processor seconds of this process's children that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
