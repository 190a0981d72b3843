"""An append that somebody waits for: a future cut down to one lock, since waking a writer is a good part of its act."""

from __future__ import annotations

from threading import Lock

from ledger.prepared_act import Outcome


class Pending:
    """Settled once, by the committer; any thread may wait."""

    __slots__ = ("_error", "_open", "_outcome")

    def __init__(self) -> None:
        self._open = Lock()
        self._open.acquire()
        self._outcome: Outcome | None = None
        self._error: BaseException | None = None

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
