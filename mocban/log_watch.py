"""The watch over a running log: where its sequencer has stopped, nothing more may be served as if all were well."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Event, Thread
from typing import Final

from domain.errors import Refusal
from ledger.sequencer_thread import SequencerThread

TICK_SECONDS: Final = 0.5


class LogWatch:
    """Looks at sequencers until stopped; calls `alarm` once, when the first of them has stopped its log.

    stopped_by: the code of the refusal, or the kind of the surprise; None while all is well.
    """

    def __init__(self, sequencers: Sequence[SequencerThread], alarm: Callable[[], None]) -> None:
        self._sequencers = sequencers
        self._alarm = alarm
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="log-watch", daemon=True)
        self.stopped_by: str | None = None

    def start(self) -> None:
        """Start once."""
        self._thread.start()

    def stop(self) -> None:
        """Stop looking. Idempotent."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(TICK_SECONDS):
            for sequencer in self._sequencers:
                reason = sequencer.stopped_by
                if reason is not None:
                    self.stopped_by = reason.code if isinstance(reason, Refusal) else type(reason).__name__
                    self._alarm()
                    return
