"""A prepared act under way into the log: no sweep and no destruction takes its ciphertexts from under the append."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec
import psycopg
import pytest

from domain.errors import Refusal
from ledger.prepared_file import PreparedFile
from ledger.receipt import Receipt
from ledger.sealer import SealedPlace
from tests.ledger.conftest import BoxPacked, House
from tests.ledger.elsewhere import HOUR, Desk, signed

LATER = datetime.now(UTC) + 2 * HOUR


@contextmanager
def submitting(desk: Desk, file: PreparedFile) -> Iterator[Future[Receipt]]:
    """A submission that has begun its append and waits for its turn at the head of the log, until the block ends."""
    with ThreadPoolExecutor(1) as pool, psycopg.connect(desk.house.database.main_admin) as ahead:
        ahead.execute("SELECT FROM main_log.head FOR UPDATE")
        future = pool.submit(desk.submit, file)
        _until_somebody_waits(desk)
        yield future
        ahead.rollback()


def _until_somebody_waits(desk: Desk, many: int = 1) -> None:
    with psycopg.connect(desk.house.database.main_admin, autocommit=True) as watching:
        for _ in range(500):
            row: Any = watching.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            ).fetchone()
            if row[0] >= many:
                return
            time.sleep(0.01)
    pytest.fail("nobody waits")


def kept_before(desk: Desk, file: PreparedFile) -> None:
    """The state that a refused append leaves behind: its ciphertexts lie in the store, its act waits on."""
    waiting = desk.waiting.find(file.header.id)
    assert waiting is not None
    desk.house.store.put(waiting.fields)


def label_of(desk: Desk, box: UUID) -> list[Any]:
    """What the label of the box's first piece says."""
    [stored] = desk.house.main.recorder.select_events(box)
    event = desk.house.main.event_mapper.decode(stored.topic, stored.state)
    assert isinstance(event, BoxPacked)
    sealed: Any = event.label
    return list(desk.house.unsealer.open_many([SealedPlace(sealed, box, 1, "/label")]))


def test_a_sweep_passes_over_what_is_being_submitted(house: House) -> None:
    """Given an act tried before and submitted again, a sweep at its expiry leaves it, and its content opens."""
    desk, box = Desk(house), uuid4()
    desk.join()
    file = signed(desk.prepare(desk.packing(box, "kept")), desk.officer)
    kept_before(desk, file)
    with submitting(desk, file) as receipt:
        assert desk.waiting.discard_expired(LATER) == 0
    assert receipt.result().act_index == house.main.size() - 1
    assert label_of(desk, box) == ["kept"]
    assert desk.counts() == (0, 0, 1)


def test_a_destruction_waits_for_what_is_being_submitted(house: House) -> None:
    """Given an act under way, destroying its file waits for the append, then leaves no ciphertext of it."""
    desk, box = Desk(house), uuid4()
    desk.join()
    file = signed(desk.prepare(desk.packing(box, "gone")), desk.officer)
    with ThreadPoolExecutor(1) as pool:
        with submitting(desk, file) as receipt:
            destroyed = pool.submit(house.store.destroy, box)
            _until_somebody_waits(desk, 2)
            assert not destroyed.done()
        receipt.result()
        destroyed.result()
    assert desk.counts() == (0, 0, 0)


def test_swept_first_it_is_submitted_no_more(house: House) -> None:
    """Given a sweep that came first, the submission is told so, and nothing of the act is left."""
    desk = Desk(house)
    desk.join()
    file = signed(desk.prepare(desk.packing(uuid4(), "late")), desk.officer)
    kept_before(desk, file)
    assert desk.waiting.discard_expired(LATER) == 1
    with pytest.raises(Refusal, match="prepared-act-unknown"):
        desk.submit(file)
    assert desk.counts() == (0, 0, 0)


def test_asked_again_it_is_the_same_act(house: House) -> None:
    """Given the same command under the same id, the same bytes come back; another command under it is refused."""
    desk, box = Desk(house), uuid4()
    desk.join()
    asked = desk.packing(box, "once")
    first = desk.prepare(asked)
    assert desk.prepare(asked) == first
    assert desk.counts() == (1, 1, 0)
    with pytest.raises(Refusal, match="act-id-reused"):
        desk.prepare(msgspec.structs.replace(asked, request={"other": True}))
    desk.submit(signed(first, desk.officer))
    with pytest.raises(Refusal, match="act-id-reused"):
        desk.prepare(asked)
