"""The runner folds each event once, whatever else runs, dies or is not understood."""

from __future__ import annotations

import time
from collections.abc import Sequence
from threading import Thread
from uuid import uuid4

import psycopg
import pytest
from typing_extensions import override

from domain.errors import Refusal
from domain.event import Event
from domain.principal import PrincipalAppointed
from domain.sealed import Plain
from ledger.destruction import destroy
from ledger.log_name import LogName
from projections.finding_aid_queries import file as file_of
from projections.principals import Principals
from projections.runner import Runner
from projections.view import Cursor, Recorded
from tests.projections.house import MAIN, PROJECTOR, BoxPacked, House, Rows, decode
from tests.projections.story import Story, a


def appointed(house: House) -> int:
    """How many principals the view knows."""
    with house.reader() as reader:
        row = reader.execute("SELECT count(*) FROM projection.principal").fetchone()
    assert row is not None
    return int(row[0])


def appoint(house: House) -> int:
    """Appoint somebody; the Ledger-Position."""
    fact = PrincipalAppointed(agency=a("agency", "archive"), office="Văn thư", Name=Plain("Lê Thị Mẫu"))
    return house.record("principal.appoint", {uuid4(): [fact]}).position


def test_reading_your_writes(house: House) -> None:
    """Given a running runner, when a write's position is waited for, the views show the write."""
    with house.runner as runner:
        for number in range(3):
            runner.wait_for(appoint(house), 5)
            assert appointed(house) == number + 1


def test_a_position_that_is_not_reached_is_refused(house: House) -> None:
    """Given nobody folding, when a position is waited for, the refusal says how far the views are."""
    position = appoint(house)
    with pytest.raises(Refusal) as refused:
        house.runner.wait_for(position, 0.1)
    assert refused.value.code == "projection-lags"
    assert refused.value.facts == {"position": position, "reached": 0}


def test_unknown_events_still_advance(house: House) -> None:
    """Given events of a kind no view knows, they are passed and tracked."""
    position = house.record("box.pack", {uuid4(): [BoxPacked(), BoxPacked()]}).position
    house.runner.drain()
    assert house.runner.tracking.position() == position


def test_history_that_cannot_be_read_stops_the_runner_loudly(house: House) -> None:
    """Given a newer shape of a kind that a view reads, the page is not folded and whoever waits is told."""

    class Newer(Event, frozen=True, kw_only=True, tag="principal.appointed/9"):
        office: str

    house.main.event_mapper._names[Newer] = "principal.appointed/9"
    position = house.record("principal.appoint", {uuid4(): [Newer(office="?")]}).position
    with house.runner as runner:
        with pytest.raises(Refusal) as refused:
            runner.wait_for(position, 2)
        assert refused.value.code == "projection-stopped"
        with pytest.raises(Refusal) as cause:
            runner.run_forever(1)
    assert (cause.value.code, cause.value.facts["type"]) == ("projection-cannot-read", "principal.appointed/9")


def test_a_page_is_folded_wholly_or_not_at_all(house: House) -> None:
    """Given a view that fails after another has written, neither rows nor tracking remain; then all is folded."""

    class Failing(Principals):
        @override
        def fold(self, cursor: Cursor, page: Sequence[Recorded]) -> None:
            super().fold(cursor, page)
            raise ZeroDivisionError

    appoint(house)
    runner = Runner(house.database.main_url(PROJECTOR), MAIN, [Failing()], decode)
    with pytest.raises(ZeroDivisionError):
        runner.advance()
    runner.stop()
    assert appointed(house) == 0
    house.runner.drain()
    assert appointed(house) == 1


def test_runners_of_one_projection_never_fold_twice(house: House) -> None:
    """Given four runners at once over small pages, the rows are as one runner would have made them."""
    Story(house).tell()
    runners = [house.new_runner(page_size=5) for _ in range(4)]
    folded = [0] * 4

    def drain(at: int) -> None:
        folded[at] = runners[at].drain()

    threads = [Thread(target=drain, args=(at,)) for at in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for runner in runners:
        runner.stop()
    assert sum(folded) == house.main.recorder.max_notification_id()
    live = Rows.read(house)
    house.new_rebuild().run()
    assert Rows.read(house) == live


def test_a_killed_connection_is_made_anew(house: House) -> None:
    """Given a running runner whose every connection is killed, when something is recorded, it is still folded."""
    with house.runner as runner:
        runner.wait_for(appoint(house), 5)
        with psycopg.connect(house.database.main_admin, autocommit=True) as admin:
            killed = admin.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid() AND query ~ 'LISTEN|projection'"
            ).fetchone()
        assert killed is not None
        assert killed[0] >= 1
        position = appoint(house)
        until = time.monotonic() + 15
        while house.new_position() < position and time.monotonic() < until:
            time.sleep(0.1)
        assert runner.failure is None
        assert appointed(house) == 2


def test_what_was_destroyed_is_absent_and_stops_nothing(house: House) -> None:
    """Given a file whose key was destroyed before folding, it is there without title; the rest is whole."""
    story = Story(house)
    story.found_bodies()
    story.register_files(1)
    gone, other = sorted(story.files, key=str)[:2]
    destroy(gone, house.keys[LogName.MAIN], house.store, house.blobs)
    house.runner.drain()
    with house.reader() as reader:
        without, whole = file_of(reader, gone), file_of(reader, other)
    assert without is not None
    assert whole is not None
    assert without.title is None
    assert without.code == story.files[gone].FileCode.text
    assert whole.title


def test_a_tampered_ciphertext_leaves_one_title_out(house: House) -> None:
    """Given one ciphertext altered behind the ledger's back, its title is absent and everything else is folded."""
    story = Story(house)
    story.found_bodies()
    story.register_files(2)
    bad = sorted(story.files, key=str)[5]
    with psycopg.connect(house.database.main_admin) as admin:
        admin.execute(
            "UPDATE sealed.field SET ciphertext = set_byte(ciphertext, 3, 0) || '\\x00' WHERE owner = %s", (bad,)
        )
    house.runner.drain()
    with house.reader() as reader:
        titles = {key: getattr(file_of(reader, key), "title", None) for key in story.files}
    assert titles.pop(bad) is None
    assert all(titles.values())
