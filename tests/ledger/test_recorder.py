"""The recorder keeps eventsourcing's contract, and a tailing reader misses nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event as Signal
from threading import Thread
from uuid import uuid4

import psycopg
from eventsourcing.persistence import StoredEvent

from ledger.mapper import StreamEvent
from ledger.sequencer_thread import SequencerThread
from tests.ledger.conftest import BoxPacked, House, pieces
from tests.ledger.test_append import prepared
from tests.ledger.test_sequencer import sequencer


def test_ids_are_positions_plus_one(house: House) -> None:
    """Selections count from 1, both ends, limits and topics as the library says."""
    recorder = house.main.recorder
    boxes = [uuid4() for _ in range(4)]
    for box in boxes:
        house.pack(box)
    assert recorder.max_notification_id() == 7
    assert [n.id for n in recorder.select_notifications(4, 10)] == [4, 5, 6, 7]
    assert [n.id for n in recorder.select_notifications(4, 10, inclusive_of_start=False)] == [5, 6, 7]
    assert [n.id for n in recorder.select_notifications(4, 2)] == [4, 5]
    assert [n.id for n in recorder.select_notifications(4, 10, stop=6)] == [4, 5, 6]
    assert [n.id for n in recorder.select_notifications(None, 10, topics=["box.packed/1"])] == [4, 5, 6, 7]
    assert [n.originator_id for n in recorder.select_notifications(4, 10)] == boxes


def test_events_of_a_stream_are_selected(house: House) -> None:
    """Versions between bounds, either way round, through recorder and event store."""
    box = uuid4()
    for _ in range(4):
        house.pack(box)
    recorder = house.main.recorder
    assert [e.originator_version for e in recorder.select_events(box, gt=1, lte=3)] == [2, 3]
    assert [e.originator_version for e in recorder.select_events(box, desc=True, limit=2)] == [4, 3]
    first = next(iter(house.main.events.get(box)))
    assert first == StreamEvent(box, 1, BoxPacked(piece=1))


def test_the_stock_way_in_needs_the_act(house: House) -> None:
    """`insert_events` appends the act it is given and returns the notification ids."""
    act = prepared(house, uuid4())
    stored = [StoredEvent(one.stream, one.version, one.type, one.payload) for one in act.events]
    assert list(house.main.recorder.insert_events(stored, act=act) or ()) == [4]


def test_a_tailing_reader_misses_nothing(house: House) -> None:
    """Four writers, one reader, its LISTEN connection killed meanwhile: every id once, in order."""
    seen: list[int] = []
    done = Signal()
    with house.main.recorder.subscribe(gt=3) as subscription:

        def tail() -> None:
            for notification in subscription:
                seen.append(notification.id)
                if len(seen) == 200:
                    done.set()
                    return

        reader = Thread(target=tail)
        reader.start()
        box = uuid4()
        with ThreadPoolExecutor(4) as pool:
            writing = [pool.submit(house.pack, uuid4() if at % 3 else box) for at in range(200)]
            with psycopg.connect(house.database.main_admin, autocommit=True) as connection:
                connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
            for future in writing:
                future.result()
        assert done.wait(20)
        reader.join()
    assert seen == list(range(4, 204))
    assert house.main.streams().load(box, 0, pieces) == 67


def test_the_sequencer_thread_follows_the_log(house: House) -> None:
    """An act is covered by a checkpoint soon after, without anybody asking."""
    thread = SequencerThread(sequencer(house))
    thread.start()
    receipt = house.pack(uuid4())
    covered = Signal()

    def watch() -> None:
        with psycopg.connect(house.database.main_url("mocban_auditor"), autocommit=True) as connection:
            while not covered.is_set():
                row = connection.execute("SELECT size FROM main_log.latest_checkpoint").fetchone()
                if row is not None and row[0] > receipt.act_index:
                    covered.set()

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    assert covered.wait(10)
    thread.stop()
    assert thread.stopped_by is None
