"""Reading is recorded durably, sealed and signed, many readings in one act."""

from __future__ import annotations

from uuid import uuid4

import psycopg
import pytest

from domain.access import AccessRule, RecordRead
from domain.errors import Refusal
from domain.sealed import Plain
from ledger.access_journal import AccessJournal
from tests.ledger.conftest import House, new_actor


def reading(reader: str) -> RecordRead:
    """Somebody read one record."""
    return RecordRead(reader=Plain(reader), records=(uuid4(),), what="file", rule=AccessRule.HOLDER)


def test_many_readings_share_an_act(house: House) -> None:
    """Given many readings at once, each has its own position, and there are fewer acts than readings."""
    journal = AccessJournal(house.access, house.clerk)
    readers = [str(uuid4()) for _ in range(5)]
    futures = [journal.record(reading(readers[at % 5]), readers[at % 5]) for at in range(200)]
    positions = sorted(future.result(timeout=30) for future in futures)
    journal.close()
    assert positions == list(range(4, 204))
    with psycopg.connect(house.database.main_admin) as connection:
        acts = connection.execute("SELECT acts FROM access_log.head").fetchone()
        stored = b"".join(row[0] for row in connection.execute("SELECT state FROM access_log.event"))
    assert acts is not None
    assert int(acts[0]) < 100
    assert not any(reader.encode() in stored for reader in readers)
    with psycopg.connect(house.database.keys_admin) as connection:
        count = "SELECT count(*) FROM key_store.record_key WHERE class = 'reader'"
        assert connection.execute(count).fetchone() == (5,)


def test_what_cannot_be_recorded_is_refused(house: House) -> None:
    """A service without the role records nothing, and its caller is told to release nothing."""
    journal = AccessJournal(house.access, new_actor())
    with pytest.raises(Refusal) as refused:
        journal.record(reading("r"), "r").result(timeout=30)
    journal.close()
    assert refused.value.code == "access-not-recorded"
    with pytest.raises(Refusal):
        journal.record(reading("r"), "r")


def test_a_journal_goes_on_after_a_failure(house: House) -> None:
    """After a refused batch the journal begins a new session and records again."""
    journal = AccessJournal(house.access, house.clerk)
    journal.record(reading("r"), "r").result(timeout=30)
    journal._version = 7
    with pytest.raises(Refusal):
        journal.record(reading("r"), "r").result(timeout=30)
    assert journal.record(reading("r"), "r").result(timeout=30) == 5
    journal.close()


def test_who_gives_up_waiting_stops_nobody_else(house: House) -> None:
    """Given a reader that cancelled while waiting, it is not recorded, and those beside and after it are."""
    journal = AccessJournal(house.access, house.clerk)
    with journal._changed:  # held, so that all three wait together
        patient = journal.record(reading("r"), "r")
        assert journal.record(reading("r"), "r").cancel()
        beside = journal.record(reading("r"), "r")
    assert sorted([patient.result(timeout=30), beside.result(timeout=30)]) == [4, 5]
    with journal._changed:
        assert journal.record(reading("r"), "r").cancel()
    assert journal.record(reading("r"), "r").result(timeout=30) == 6
    journal.close()
