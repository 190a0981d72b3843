"""The watch over a running log."""

from __future__ import annotations

import time

import pytest

from domain.errors import Refusal
from mocban.log_watch import LogWatch


class _Sequencing:
    """As much of a sequencer's thread as the watch looks at."""

    def __init__(self) -> None:
        self.stopped_by: Exception | None = None


@pytest.mark.parametrize(
    ("reason", "named"),
    [(Refusal("log-forked", log="main_log", size=3, reason="x"), "log-forked"), (KeyError(), "KeyError")],
)
def test_a_log_that_stops_raises_the_alarm_once(reason: Exception, named: str) -> None:
    """Given two sequencers, when one stops its log, then the alarm sounds once and says why, without its message."""
    one, other = _Sequencing(), _Sequencing()
    alarms: list[float] = []
    watch = LogWatch([one, other], lambda: alarms.append(time.monotonic()))
    watch.start()
    assert alarms == []
    other.stopped_by = reason
    deadline = time.monotonic() + 10
    while watch.stopped_by is None and time.monotonic() < deadline:
        time.sleep(0.05)
    watch.stop()
    assert (watch.stopped_by, len(alarms)) == (named, 1)
