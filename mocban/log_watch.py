"""The watch over a running log: where its sequencer has stopped, nothing more may be served as if all were well."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from typing_extensions import override

from domain.errors import Refusal
from ledger.periodic import Periodic
from ledger.sequencer_thread import SequencerThread

TICK_SECONDS: Final = 0.5


class LogWatch(Periodic):
    """Looks at sequencers until stopped; calls `alarm` once, when the first of them has stopped its log.

    stopped_by: the code of the refusal, or the kind of the surprise; None while all is well.
    """

    def __init__(self, sequencers: Sequence[SequencerThread], alarm: Callable[[], None]) -> None:
        super().__init__("log-watch")
        self._sequencers = sequencers
        self._alarm = alarm
        self.stopped_by: str | None = None

    @override
    def turn(self) -> float | None:
        for sequencer in self._sequencers:
            reason = sequencer.stopped_by
            if reason is not None:
                self.stopped_by = reason.code if isinstance(reason, Refusal) else type(reason).__name__
                self._alarm()
                return None
        return TICK_SECONDS
