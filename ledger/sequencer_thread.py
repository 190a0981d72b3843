"""The sequencer at work: a checkpoint within a second of an act, and one an hour when nothing happens."""

from __future__ import annotations

import time
from typing import Final

import psycopg
from typing_extensions import override

from domain.errors import Refusal
from ledger.periodic import Periodic
from ledger.sequencer import Sequencer

GATHER_SECONDS: Final = 0.2
TICK_SECONDS: Final = 0.5
HEARTBEAT_SECONDS: Final = 3600.0
_PAUSE_SECONDS: Final = 1.0
_WAITS_FOR: Final = frozenset({"sequencer-busy"})


class SequencerThread(Periodic):
    """Runs a sequencer until stopped. `stopped_by` is what stopped the log, if anything did."""

    def __init__(self, sequencer: Sequencer, heartbeat_seconds: float = HEARTBEAT_SECONDS) -> None:
        super().__init__("sequencer")
        self._sequencer = sequencer
        self._heartbeat_seconds = heartbeat_seconds
        self._signed, self._size = time.monotonic(), -1
        self.stopped_by: Exception | None = None

    @override
    def stop(self) -> None:
        super().stop()
        self._sequencer.close()

    @override
    def turn(self) -> float | None:
        try:
            self._look()
            return GATHER_SECONDS if self._sequencer.wait(TICK_SECONDS) else 0.0
        except Refusal as refusal:
            if refusal.code in _WAITS_FOR:
                return _PAUSE_SECONDS
            self.stopped_by = refusal
        except (psycopg.Error, OSError):
            self._sequencer.close()
            return _PAUSE_SECONDS
        except Exception as error:  # noqa: BLE001  kept for whoever watches; a log never goes on after a surprise
            self.stopped_by = error
        return None

    def _look(self) -> None:
        """A checkpoint over what is new; else a heartbeat when it is time for one."""
        now = self._sequencer.advance()
        if self._size == -1:  # a server that is started again and again must not put the hour off
            self._signed, self._size = time.monotonic() - self._sequencer.silence(), now
        elif now != self._size:
            self._signed, self._size = time.monotonic(), now
        if time.monotonic() - self._signed > self._heartbeat_seconds:
            self._sequencer.heartbeat()
            self._signed = time.monotonic()
