"""How often the log speaks by itself: after an act at once, and in silence every hour, restarts or not."""

from __future__ import annotations

import time
from collections.abc import Callable
from uuid import uuid4

from ledger import sequencer_thread
from ledger.log_store import LogStore
from ledger.sequencer import Sequencer
from ledger.sequencer_thread import SequencerThread
from signing.checkpoint import open_checkpoint
from tests.ledger.conftest import House

HOUR = 3600
NOON = 1_800_000_000


def line(house: House, clock: Callable[[], float] = time.time) -> Sequencer:
    """A sequencer of the main log by a clock."""
    return Sequencer(
        log=house.main.log_name,
        origin=house.main.origin,
        conninfo=house.database.main_url("mocban_ledger_writer"),
        home=house.home,
        signers=house.signers_of(house.main),
        clock=clock,
    )


def signed_at(house: House) -> int:
    """The time in the served checkpoint."""
    note = LogStore(house.main, house.home).checkpoint()[1]
    return max(open_checkpoint(note, house.main.log_keys()).times.values())


def until(condition: Callable[[], bool], seconds: float = 20) -> bool:
    """Whether it came true."""
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def test_an_act_is_covered_without_anybody_asking(house: House) -> None:
    """Given a log at work, when acts are appended, then checkpoints cover them; what it waits for is below a second."""
    thread = SequencerThread(line(house))
    thread.start()
    try:
        for _ in range(3):
            size = house.pack(uuid4()).act_index + 1
            assert until(lambda: LogStore(house.main, house.home).tiles.served() is not None)
            assert until(lambda wanted=size: LogStore(house.main, house.home).checkpoint()[0].size >= wanted)  # type: ignore[misc]  # bound now
    finally:
        thread.stop()
    assert sequencer_thread.TICK_SECONDS + sequencer_thread.GATHER_SECONDS < 1
    assert sequencer_thread.HEARTBEAT_SECONDS == HOUR


def test_silence_is_counted_over_a_restart(house: House) -> None:
    """Given a checkpoint of more than an hour ago, when the log is started, then it signs; of less, then not yet."""
    first = line(house, lambda: NOON)
    assert first.silence() == 0
    first.advance()
    first.close()
    for later, signs in ((HOUR - 60, False), (HOUR + 60, True), (HOUR + 90, False)):
        thread = SequencerThread(line(house, lambda at=NOON + later: at))  # type: ignore[misc]  # bound now
        before = signed_at(house)
        thread.start()
        changed = until(lambda was=before: signed_at(house) != was, 20 if signs else 1.5)  # type: ignore[misc]  # as above
        thread.stop()
        assert thread.stopped_by is None
        assert (changed, signed_at(house)) == (signs, NOON + later if signs else before)


def test_a_clock_that_was_set_back_is_no_silence(house: House) -> None:
    """Given a checkpoint from what is now the future, then nothing is overdue."""
    first = line(house, lambda: NOON)
    first.advance()
    first.close()
    again = line(house, lambda: NOON - HOUR)
    assert again.silence() == 0
    again.close()
