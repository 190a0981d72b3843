"""A migration comes over a running system: writers, readers and runners go on, and nothing is lost."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Event as Flag
from uuid import UUID, uuid4

import psycopg
import pytest

from domain.principal import PrincipalAppointed
from domain.sealed import Plain
from mocban.database import Databases
from mocban.environment_problem import EnvironmentProblem
from mocban.migrate import FOLDER, migrate
from projections.principals import principal, principals_of
from tests.projections.house import House, Rows
from tests.projections.story import a

_LOG = """-- for each log
ALTER TABLE {log}.act ADD COLUMN weight int NOT NULL DEFAULT 7;
ALTER TABLE {log}.event ADD COLUMN shelf text;
CREATE INDEX ON {log}.event (topic);
"""
_VIEW = """
ALTER TABLE projection.principal ADD COLUMN remark text NOT NULL DEFAULT '';
CREATE INDEX ON projection.principal (office);
"""
_LOOK = (
    "SELECT act.* FROM main_log.event JOIN main_log.act ON act.index = event.act_index ORDER BY position DESC LIMIT 1"
)


@pytest.fixture
def house(database: Databases, tmp_path: Path) -> Iterator[House]:
    """A founded ledger with its views."""
    built = House(database, tmp_path)
    yield built
    built.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped migrations and two more."""
    made = tmp_path / "migrations"
    made.mkdir()
    for path in FOLDER.glob("*.sql"):
        (made / path.name).write_bytes(path.read_bytes())
    (made / "9000_weight.sql").write_text(_LOG)
    (made / "9001_remark.sql").write_text(_VIEW)
    return made


def test_writers_readers_and_runners_go_on(house: House, folder: Path) -> None:
    """Given all at work, and one who reads long, when columns and indexes come, nobody fails and no act is lost."""
    stop, people, looks = Flag(), list[UUID](), list[float]()

    def write() -> int:
        def appoint() -> None:
            whom = uuid4()
            house.record("principal.appoint", {whom: [appointed()]})
            people.append(whom)

        return repeated(appoint)

    def read() -> int:
        with house.reader() as reader:
            return repeated(
                lambda: (
                    [principal(reader, whom) for whom in people[-2:]],
                    principals_of(reader, a("agency", "archive")),
                    house.main.streams().load(people[-1], 0, lambda seen, _event: seen + 1) if people else 0,
                )
            )

    def read_long() -> int:
        def look() -> None:
            with psycopg.connect(house.database.main_url("mocban_auditor")) as connection:
                connection.execute(_LOOK)
                time.sleep(0.6)  # longer than a migration waits for its locks
            looks.append(time.monotonic())
            time.sleep(0.3)  # and not for ever

        return repeated(look)

    def repeated(work: Callable[[], object]) -> int:
        for count in itertools.count(1):
            work()
            if stop.is_set():
                return count
        raise AssertionError

    with house.runner, ThreadPoolExecutor(5) as pool:
        working: list[Future[int]] = [pool.submit(work) for work in (write, write, read, read, read_long)]
        wait_until(lambda: (len(people) > 20 and bool(looks)) or any(one.done() for one in working))
        before = len(people)
        assert migrate(house.database, folder) == ["main/9000_weight.sql", "main/9001_remark.sql"]
        seen = len(looks)
        wait_until(
            lambda: (len(people) > before + 20 and len(looks) > seen) or any(one.done() for one in working),
        )
        stop.set()
        counts = [one.result() for one in working]
        assert house.runner.failure is None
    house.runner = house.new_runner()
    house.runner.drain()
    assert min(counts) > 1
    with psycopg.connect(house.database.main_admin) as connection:
        gapless = "SELECT count(*), count(DISTINCT index), max(index) + 1, min(weight) FROM main_log.act"
        acts, distinct, end, weight = connection.execute(gapless).fetchone() or ()
        rows = connection.execute("SELECT count(*), count(DISTINCT id) FROM projection.principal").fetchone()
    assert (acts, weight) == (distinct, 7) == (end, 7)
    assert rows == (len(people), len(people))
    live = Rows.read(house)
    house.new_rebuild().run()
    assert Rows.read(house) == live


def test_a_migration_and_a_rebuild_never_mix(house: House, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a rebuild that has copied the old shape, the migration waits for its swap and no column is lost."""
    monkeypatch.setattr("mocban.migrate.PATIENCE_SECONDS", 0.1)
    (folder / "9000_weight.sql").unlink()  # the log's tables are held by the rebuild's own reading
    house.record("principal.appoint", {uuid4(): [appointed()]})
    house.runner.drain()
    codes = []

    def meanwhile(_done: int, _of: int) -> None:
        with pytest.raises(EnvironmentProblem) as refused:
            migrate(house.database, folder)
        codes.append(refused.value.code)

    house.new_rebuild().run(meanwhile)
    assert codes == ["migration-waits"]
    assert migrate(house.database, folder) == ["main/9001_remark.sql"]
    house.new_rebuild().run()
    with house.reader() as reader:
        assert reader.execute("SELECT DISTINCT remark FROM projection.principal").fetchall() == [("",)]


def appointed() -> PrincipalAppointed:
    """Somebody in an office."""
    return PrincipalAppointed(agency=a("agency", "archive"), office="Văn thư", Name=Plain("Lê Thị Mẫu"))


def wait_until(reached: Callable[[], bool]) -> None:
    """Wait for something that other threads do."""
    until = time.monotonic() + 60
    while not reached():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_migration_that_is_kept_waiting_says_so_and_changes_nothing(
    database: Databases, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given somebody who reads and does not end, the migration gives up by name; writers were never held for long."""
    monkeypatch.setattr("mocban.migrate.PATIENCE_SECONDS", 0.5)
    with psycopg.connect(database.main_url("mocban_auditor")) as reading:
        reading.execute("SELECT count(*) FROM main_log.act")
        with pytest.raises(EnvironmentProblem) as refused:
            migrate(database, folder)
    assert refused.value.code == "migration-waits"
    assert migrate(database, folder) == ["main/9000_weight.sql", "main/9001_remark.sql"]
