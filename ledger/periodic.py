"""Work done over and over in a thread of its own: started once, stopped after the turn being made."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from threading import Event, Thread
from types import TracebackType
from typing import Final, Self

PAUSE_SECONDS: Final = 5.0
"""After a turn that failed in a way it did not foresee."""
_log: Final = logging.getLogger(__name__)


class Periodic(ABC):
    """Calls `turn` over and over. A failure that a turn does not handle is told by its kind, once, and tried again."""

    def __init__(self, name: str, first_after: float = 0.0, stop_seconds: float | None = None) -> None:
        """name: of the thread. first_after: seconds before the first turn. stop_seconds: how long `stop` waits for the
        turn being made, for turns that may hang and may be cut short; None for as long as it takes.
        """
        self._stopping: Final = Event()
        self._stop_seconds = stop_seconds
        self._first_after = first_after
        self._thread = Thread(target=self._run, name=name, daemon=True)
        self._failing: str | None = None

    @abstractmethod
    def turn(self) -> float | None:
        """Do it once; the seconds until the next turn, or None to end."""

    def start(self) -> None:
        """Start once."""
        self._thread.start()

    def stop(self) -> None:
        """Stop after the turn being made. Idempotent."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(self._stop_seconds)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _run(self) -> None:
        seconds: float | None = self._first_after
        while seconds is not None and not self._stopping.wait(seconds):
            try:
                seconds = self.turn()
                self._failing = None
            except Exception as error:  # noqa: BLE001  the last door: this thread would be missed by nobody
                kind = type(error).__name__
                if kind != self._failing:
                    _log.warning("%s phải chờ · waits: %s", self._thread.name, kind)
                self._failing = kind
                seconds = PAUSE_SECONDS
