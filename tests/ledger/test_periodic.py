"""What threads do over and over: at the pace they ask for, past what they did not foresee, until told or done."""

from __future__ import annotations

from threading import Event

import pytest
from typing_extensions import override

from ledger.periodic import Periodic


class _Turns(Periodic):
    """Fails in the turns named, ends after the last one."""

    def __init__(self, last: int, failing: tuple[int, ...] = (), first_after: float = 0.0) -> None:
        super().__init__("turns", first_after)
        self._last, self._failures = last, failing
        self.made = 0
        self.done = Event()

    @override
    def turn(self) -> float | None:
        self.made += 1
        if self.made in self._failures:
            raise ZeroDivisionError("what people wrote")
        if self.made == self._last:
            self.done.set()
            return None
        return 0.0


def test_it_goes_on_past_a_failure_and_tells_of_it_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Given turns that fail, the next ones are made; a row of failures is told once, by kind and not by message."""
    monkeypatch.setattr("ledger.periodic.PAUSE_SECONDS", 0.0)
    turns = _Turns(7, failing=(2, 3, 5))
    turns.start()
    assert turns.done.wait(5)
    turns.stop()
    assert turns.made == 7
    said = [record.getMessage() for record in caplog.records]
    assert said == ["turns phải chờ · waits: ZeroDivisionError"] * 2


def test_it_is_stopped_before_its_first_turn() -> None:
    """Given a first turn that is an hour away, when stopped, twice, then it ends at once and made none."""
    turns = _Turns(1, first_after=3600.0)
    turns.start()
    turns.stop()
    turns.stop()
    assert turns.made == 0


def test_one_that_was_never_started_can_be_stopped() -> None:
    """Given nothing begun, stopping is nothing, and what is started after it makes no turn."""
    turns = _Turns(1)
    turns.stop()
    turns.start()
    turns.stop()
    assert turns.made == 0
