"""An append that somebody waits for: a future cut down to one lock, since waking a writer is a good part of its act."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from ledger.prepared_act import Outcome, PreparedAct

Preparation = Callable[[], PreparedAct]
"""Encodes, signs and checks one act that is decided and sealed. Raises Refusal."""


class Pending:
    """Prepared, then settled, once each, by whoever works for the others; any thread may wait."""

    __slots__ = ("_error", "_open", "_outcome", "_preparation", "act")

    act: PreparedAct

    def __init__(self, preparation: Preparation) -> None:
        self._preparation = preparation
        self._open = Lock()
        self._open.acquire()
        self._outcome: Outcome | None = None
        self._error: BaseException | None = None

    @classmethod
    def of(cls, act: PreparedAct) -> Pending:
        """One whose act is prepared already."""
        pending = cls(lambda: act)
        pending.act = act
        return pending

    def prepare(self) -> bool:
        """Make `act`; when that is refused, fail, and False."""
        try:
            self.act = self._preparation()
        except BaseException as error:  # noqa: BLE001  it is raised again, where somebody waits for it
            self.fail(error)
            return False
        return True

    def result(self) -> Outcome:
        """What came of the act, once it is durable or refused. Raises what `fail` was given."""
        with self._open:  # who waits passes it on to the next who does
            pass
        if self._outcome is None:
            assert self._error is not None
            raise self._error
        return self._outcome

    @property
    def settled(self) -> bool:
        """Whether `result` would answer at once."""
        return self._outcome is not None or self._error is not None

    def settle(self, outcome: Outcome) -> None:
        """Let whoever waits go on. Once."""
        self._outcome = outcome
        self._open.release()

    def fail(self, error: BaseException) -> None:
        """As `settle`, by raising."""
        self._error = error
        self._open.release()
