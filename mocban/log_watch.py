"""The watch over a running log: once a part of it has stopped the log, nothing is served as if all were well."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Protocol

from typing_extensions import override

from domain.errors import Refusal
from ledger.periodic import Periodic

TICK_SECONDS: Final = 0.5


class Stoppable(Protocol):
    """What may find that its log must stop."""

    @property
    def stopped_by(self) -> Exception | None:
        """Why, if it did."""
        ...


class LogWatch(Periodic):
    """Looks at them until stopped; calls `alarm` once, when the first of them has stopped its log.

    stopped_by: the code of the refusal, or the kind of the surprise; None while all is well.
    """

    def __init__(self, parts: Sequence[Stoppable], alarm: Callable[[], None]) -> None:
        super().__init__("log-watch")
        self._parts = parts
        self._alarm = alarm
        self.stopped_by: str | None = None

    @override
    def turn(self) -> float | None:
        for part in self._parts:
            reason = part.stopped_by
            if reason is not None:
                self.stopped_by = reason.code if isinstance(reason, Refusal) else type(reason).__name__
                self._alarm()
                return None
        return TICK_SECONDS
