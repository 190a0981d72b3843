"""A rebuild gives the very rows, rights and indexes that folding page by page has given."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Event as Flag
from threading import Thread, Timer

import psycopg
import pytest

from domain.errors import Refusal
from domain.lot import Carrier
from projections import rebuild as rebuild_module
from projections.main_views import access_views, main_views
from projections.rebuild import Rebuild
from projections.runner import Runner
from projections.search import Search
from projections.view import Cursor, Recorded
from tests.projections.house import ACCESS, PROJECTOR, House, Rows, decode
from tests.projections.story import Story

_SHAPE = """
SELECT c.relname, c.relkind, c.relacl::text, c.relowner::regrole::text,
       CASE WHEN c.relkind = 'i' THEN pg_get_indexdef(c.oid) ELSE '' END
FROM pg_class AS c WHERE c.relnamespace = 'projection'::regnamespace ORDER BY 1
"""


@pytest.fixture(scope="module")
def told(told_apart: Story) -> Story:
    """A story of this module's own, whose views are made anew."""
    return told_apart


def shape(house: House) -> list[tuple[object, ...]]:
    """Tables and indexes with their rights, owners and definitions."""
    with psycopg.connect(house.database.main_admin) as connection:
        return connection.execute(_SHAPE).fetchall()


def test_every_view_has_a_row_to_compare(told: Story) -> None:
    """The story leaves no table empty, so that comparing tables proves something."""
    rows = Rows.read(told.house)
    assert [name for name, held in rows.tables.items() if not held] == []
    views = [*main_views(told.house.unsealer), *access_views()]
    assert {"tracking", *(table for view in views for table in view.tables)} == set(rows.tables)


def test_rebuilt_equals_live_table_by_table(told: Story) -> None:
    """Given views folded live, when rebuilt from the log, every table holds the same rows."""
    house = told.house
    live, before = Rows.read(house), shape(house)
    done: list[tuple[int, int]] = []
    rebuilt = house.new_rebuild().run(lambda count, of: done.append((count, of)))
    access = Rebuild(house.database.main_url(PROJECTOR), ACCESS, access_views(), decode).run()
    again = Rows.read(house)
    for table, rows in live.tables.items():
        assert again.tables[table] == rows, table
    assert shape(house) == before
    assert rebuilt.events == house.runner.tracking.position() == done[-1][0]
    assert access.events > 0
    assert Rows.read(house, "projection_rebuild").tables == {}
    assert house.runner.drain() == 0


def test_how_events_fall_into_pages_does_not_show(told: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a page for each event, the rebuilt tables are the same; the tests below have pages of other sizes."""
    live = Rows.read(told.house)
    monkeypatch.setattr(rebuild_module, "PAGE", 1)
    told.house.new_rebuild().run()
    assert Rows.read(told.house) == live


def test_what_is_recorded_during_a_rebuild_is_in_it(told: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a live runner and new acts while a rebuild streams, both end at the same place, nothing twice."""
    house, going = told.house, Flag()
    monkeypatch.setattr(rebuild_module, "PAGE", 20)

    def write_on() -> None:
        for number in range(20):
            told.hand_over(f"meanwhile-{number}", "a2", Carrier.PAPER, f"2025-10-{number + 1:02}")
            going.set()

    with house.new_runner() as runner:
        writer = Thread(target=write_on)
        writer.start()
        going.wait(10)
        house.new_rebuild().run()
        writer.join()
        runner.wait_for(house.main.recorder.max_notification_id() or 0, 10)
    live = Rows.read(house)
    house.new_rebuild().run()
    assert Rows.read(house) == live


def test_a_killed_rebuild_leaves_the_live_tables_and_the_next_one_succeeds(
    told: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a rebuild that dies between two pages, the live tables stand and the next rebuild starts clean."""
    live = Rows.read(told.house)
    monkeypatch.setattr(rebuild_module, "PAGE", 7)

    class Killed(BaseException):
        pass

    def die(done: int, _of: int) -> None:
        if done >= 100:
            raise Killed

    with pytest.raises(Killed):
        told.house.new_rebuild().run(die)
    assert Rows.read(told.house) == live
    assert Rows.read(told.house, "projection_rebuild").tables != {}
    told.house.new_rebuild().run()
    assert Rows.read(told.house) == live


def test_a_view_that_fails_stops_the_rebuild_and_the_live_tables_stand(
    told: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given one view that cannot fold a page while others can, the rebuild raises its reason and swaps nothing."""
    live = Rows.read(told.house)
    with monkeypatch.context() as patch:
        patch.setattr(rebuild_module, "PAGE", 20)

        def fail(_self: Search, _cursor: Cursor, _page: Sequence[Recorded]) -> None:
            raise Refusal("projection-cannot-read", type="x", position=1)

        patch.setattr(Search, "fold", fail)
        with pytest.raises(Refusal) as refused:
            told.house.new_rebuild().run()
    assert refused.value.code == "projection-cannot-read"
    assert Rows.read(told.house) == live
    told.house.new_rebuild().run()
    assert Rows.read(told.house) == live


def test_two_rebuilds_at_once_are_refused(told: Story) -> None:
    """Given a rebuild at work, when another begins, it is refused by name."""
    refusals = []

    def second(_done: int, _of: int) -> None:
        with pytest.raises(Refusal) as refused:
            told.house.new_rebuild().run()
        refusals.append(refused.value.code)

    told.house.new_rebuild().run(second)
    assert refusals == ["projection-rebuild-runs"]


def test_a_new_view_asks_for_a_rebuild_and_gets_it(told: Story) -> None:
    """Given a view without a tracking row beside views that are ahead, the runner stops until a rebuild."""
    house = told.house
    live = Rows.read(house)
    with psycopg.connect(house.database.main_admin) as connection:
        connection.execute("DELETE FROM projection.tracking WHERE application_name = 'search'")
        connection.execute("TRUNCATE projection.search_entry")
    runner = Runner(house.database.main_url(PROJECTOR), "main_log", main_views(house.unsealer), decode)
    with pytest.raises(Refusal) as refused:
        runner.advance()
    runner.stop()
    assert (refused.value.code, refused.value.facts["view"]) == ("projection-needs-rebuild", "search")
    house.new_rebuild().run()
    assert Rows.read(house) == live


def test_the_session_of_a_rebuild_just_ended_is_waited_for(house: House) -> None:
    """Given the lock of one that is just being let go, when the next begins, then it waits the moment and runs."""
    before = psycopg.connect(house.database.main_admin, autocommit=True)
    before.execute("SELECT pg_advisory_lock(hashtextextended('mocban.rebuild', 0))")
    Timer(0.3, before.close).start()
    house.new_rebuild().run()
    assert before.closed
