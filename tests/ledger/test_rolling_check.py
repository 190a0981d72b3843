"""The rolling check names what a superuser changes under a running ledger, and stops a log that was rolled back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.errors import Refusal
from ledger.log_name import LogName
from ledger.rolling_check import CheckedLog, RollingCheck
from tests.ledger.conftest import House
from tests.ledger.test_append import append_boxes
from tests.ledger.test_sequencer import administrator, rolled_back, sequencer

ALTER = "UPDATE main_log.event SET state = state || ' ' WHERE position = 9"
MEND = "UPDATE main_log.event SET state = substr(state, 1, octet_length(state) - 1) WHERE position = 9"


def rolling(house: House, rest: float = 0.0) -> RollingCheck:
    """A check in a hurry."""
    logs = [
        CheckedLog(
            log=ledger.log_name,
            origin=ledger.origin,
            vkeys=tuple(signer.verifier_key for signer in house.signers_of(ledger)),
        )
        for ledger in (house.main, house.access)
    ]
    return RollingCheck(
        house.database.main_url("mocban_auditor"),
        house.home,
        logs,
        lambda: datetime.now(UTC),
        whole_seconds=0.01,
        rest_seconds=rest,
        look_seconds=0.05,
    )


@contextmanager
def running(house: House) -> Iterator[RollingCheck]:
    """It, at work."""
    check = rolling(house)
    check._first_after = 0.0
    check.start()
    yield check
    check.stop()


def published(house: House, acts: int = 12) -> None:
    """Both logs published with some acts."""
    append_boxes(house, acts)
    for ledger in (house.main, house.access):
        line = sequencer(house, ledger)
        line.advance()
        line.close()


def by_superuser(house: House, statement: str) -> None:
    """What no role may do."""
    with administrator(house) as connection:
        for table in ("act", "event"):
            connection.execute(f"ALTER TABLE main_log.{table} DISABLE TRIGGER USER".encode())
        assert connection.execute(statement.encode()).rowcount > 0


def eventually(seen: Callable[[], bool]) -> bool:
    """Whether it is so within ten seconds."""
    until = time.monotonic() + 10
    while not seen():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def test_an_altered_row_is_an_alarm_until_it_is_mended(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """Given a running check, when a row is altered, then it alone is told once and shown; mended, the alarm ends."""
    published(house)
    with running(house) as check:
        assert eventually(lambda: check.standing().whole_at is not None)
        assert check.standing().alarms == ()
        by_superuser(house, ALTER)
        assert eventually(lambda: len(check.standing().alarms) > 0)
        [bad] = check.standing().alarms
        assert (bad.log, bad.fault, bad.act, bad.event) == (LogName.MAIN, "row-altered", 9, 9)
        assert check.stopped_by is None
        by_superuser(house, MEND)
        assert eventually(lambda: check.standing().alarms == ())
    said = [record.getMessage() for record in caplog.records if record.name == "ledger.rolling_check"]
    assert len(said) == 1
    assert "row-altered" in said[0]


@pytest.mark.parametrize("rows", ["DELETE FROM main_log.act WHERE index = 5", ALTER])
def test_a_round_goes_on_where_the_process_before_was(house: House, rows: str) -> None:
    """Given a check stopped in mid-round, the next one takes up its page and what it had found."""
    published(house, 300)
    by_superuser(house, rows)
    first = rolling(house)
    first.turn()
    assert first._rounds[LogName.MAIN].page == 1
    found = first.standing().alarms
    first.stop()
    second = rolling(house)
    assert second._rounds[LogName.MAIN].page == 1
    assert second.standing().alarms == found
    for _ in range(40):
        second._next_page = 0.0
        second.turn()
    assert [bad.fault for bad in second.standing().alarms] == ["row-missing" if "DELETE" in rows else "row-altered"]
    assert second.standing().whole_at is not None
    second.stop()


def missing_tile(house: House) -> None:
    """The last positions are gone."""
    for path in (house.home / "objects" / "main_log" / "tile" / "positions").rglob("*"):
        if path.is_file():
            path.unlink()


def test_tiles_that_cannot_be_read_are_an_alarm(house: House) -> None:
    """Given a tile that is gone, the check says so and goes on with the other log."""
    published(house)
    missing_tile(house)
    with running(house) as check:
        assert eventually(lambda: check.standing().whole_at is not None)
        assert [bad.fault for bad in check.standing().alarms] == ["tile-unreadable"]


def other_checkpoint(house: House) -> None:
    """An older database that has grown again since: long enough, and without the checkpoint."""
    with administrator(house) as connection, connection.transaction():
        connection.execute("ALTER TABLE main_log.checkpoint DISABLE TRIGGER USER")
        connection.execute("DELETE FROM main_log.checkpoint")
        connection.execute("UPDATE main_log.latest_checkpoint SET size = 0, note = ''")
        connection.execute("UPDATE main_log.head SET acts = 99, events = 99")


@pytest.mark.parametrize(
    ("disaster", "code"),
    [(rolled_back, "ledger-shorter-than-checkpoint"), (other_checkpoint, "ledger-not-as-checkpoint")],
)
def test_a_database_rolled_back_while_it_runs_stops_the_log(
    house: House, disaster: Callable[[House], None], code: str
) -> None:
    """Given a running check, when the database becomes an older one, then it stops and says why."""
    published(house)
    with running(house) as check:
        assert eventually(lambda: check.standing().whole_at is not None)
        disaster(house)
        assert eventually(lambda: check.stopped_by is not None)
        assert isinstance(check.stopped_by, Refusal)
        assert check.stopped_by.code == code


def test_a_database_that_goes_away_does_not_end_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given its connection is cut, the check connects anew."""
    monkeypatch.setattr("ledger.periodic.PAUSE_SECONDS", 0.05)
    published(house)
    with running(house) as check:
        assert eventually(lambda: check.standing().whole_at is not None)
        with administrator(house) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'rolling check'"
            )
        by_superuser(house, ALTER)
        assert eventually(lambda: len(check.standing().alarms) == 1)


def test_what_was_kept_and_cannot_be_read_is_begun_anew(house: House, tmp_path: Path) -> None:
    """Given nonsense in the file between two processes, the round begins at the first page."""
    published(house)
    (house.home / "run").mkdir(exist_ok=True)
    (house.home / "run" / "rolling-check-main_log.json").write_bytes(b"{")
    check = rolling(house)
    assert check._rounds[LogName.MAIN].page == 0
    check.stop()
