"""The sequencer at work: a checkpoint within a second of an act, and one an hour when nothing happens."""

from __future__ import annotations

import time
from threading import Event, Thread
from typing import Final

import psycopg

from domain.errors import Refusal
from ledger.sequencer import Sequencer

GATHER_SECONDS: Final = 0.2
TICK_SECONDS: Final = 0.5
HEARTBEAT_SECONDS: Final = 3600.0
_PAUSE_SECONDS: Final = 1.0
_WAITS_FOR: Final = frozenset({"sequencer-busy"})


class SequencerThread:
    """Runs a sequencer until stopped. `stopped_by` is what stopped the log, if anything did."""

    def __init__(self, sequencer: Sequencer, heartbeat_seconds: float = HEARTBEAT_SECONDS) -> None:
        self._sequencer = sequencer
        self._heartbeat_seconds = heartbeat_seconds
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="sequencer", daemon=True)
        self.stopped_by: Exception | None = None

    def start(self) -> None:
        """Start once."""
        self._thread.start()

    def stop(self) -> None:
        """Stop after the checkpoint being made. Idempotent."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()
        self._sequencer.close()

    def _run(self) -> None:
        signed, size = time.monotonic(), -1
        while not self._stopping.is_set():
            try:
                now = self._sequencer.advance()
                if now != size:
                    signed, size = time.monotonic(), now
                elif time.monotonic() - signed > self._heartbeat_seconds:
                    self._sequencer.heartbeat()
                    signed = time.monotonic()
                if self._sequencer.wait(TICK_SECONDS):
                    self._stopping.wait(GATHER_SECONDS)
            except Refusal as refusal:
                if refusal.code not in _WAITS_FOR:
                    self.stopped_by = refusal
                    return
                self._stopping.wait(_PAUSE_SECONDS)
            except (psycopg.Error, OSError):
                self._sequencer.close()
                self._stopping.wait(_PAUSE_SECONDS)
            except Exception as error:  # noqa: BLE001  kept for whoever watches; a log never goes on after a surprise
                self.stopped_by = error
                return
