"""Record keys that several ask for, make and destroy at the same moment."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from time import monotonic, sleep
from uuid import UUID, uuid4

import psycopg

from ledger.key_store import KeyStore
from tests.ledger.conftest import House

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
MADE = "INSERT INTO key_store.record_key (owner, class, wrapped) VALUES (%s, 'record', 'x')"
DESTROYED = "DELETE FROM key_store.record_key WHERE owner = %s"


def test_a_key_destroyed_in_the_meantime_is_not_handed_out(house: House) -> None:
    """Given a key that another destroys while it is asked for, who asked gets the new one, which is in the database."""
    owner = uuid4()
    before = house.keys.keys_for([owner])
    with closing(_store(house)) as late, psycopg.connect(_url(house)) as other, ThreadPoolExecutor(1) as thread:
        other.execute(DESTROYED, (owner,))
        asked = thread.submit(late.keys_for, [owner])
        _until_waiting(house, 1)
        other.commit()
        got = asked.result()
        assert got == late.find([owner])
    with closing(_store(house)) as fresh:
        assert got == fresh.find([owner])
    assert got != before


def test_nobody_waits_in_a_circle(house: House) -> None:
    """Given two who make keys of the same owners, named in whatever order, and wait for a third, both get them."""
    named, middle, turned = _crossed()
    blocked: list[Future[dict[UUID, bytes]]] = []
    with (
        closing(_store(house)) as one,
        closing(_store(house)) as two,
        ThreadPoolExecutor(2) as threads,
        psycopg.connect(_url(house)) as other,
    ):
        other.execute(MADE, (middle,))
        for number, (store, owners) in enumerate(((one, named), (two, turned)), start=1):
            blocked.append(threads.submit(store.keys_for, owners))
            _until_waiting(house, number)
        other.rollback()
        first, second = (asked.result() for asked in blocked)
    assert {owner: first[owner] for owner in turned} == second


def _crossed() -> tuple[Sequence[UUID], UUID, Sequence[UUID]]:
    """Owners, one that a set gives between others, and two of those that a smaller set gives the other way round."""
    while True:
        owners = [uuid4() for _ in range(10)]
        least, middle, greatest = (sorted(owners)[at] for at in (0, 5, 9))
        placed = list(set(owners))
        if placed.index(least) < placed.index(middle) < placed.index(greatest):
            turned = [greatest, least]
        elif placed.index(greatest) < placed.index(middle) < placed.index(least):
            turned = [least, greatest]
        else:
            continue
        if list(set(turned)) == turned:
            return owners, middle, turned


def _url(house: House) -> str:
    return house.database.keys_url("mocban_ledger_writer")


def _store(house: House) -> KeyStore:
    return KeyStore(_url(house), b"k" * 32, "record")


def _until_waiting(house: House, count: int) -> None:
    with psycopg.connect(house.database.keys_admin, autocommit=True) as connection:
        until = monotonic() + 10
        while connection.execute(WAITING).fetchall() != [(count,)]:
            assert monotonic() < until, "they wait for nobody"
            sleep(0.01)
