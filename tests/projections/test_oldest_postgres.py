"""The oldest PostgreSQL that is promised: migrated, appended to, folded and rebuilt, where its programs are here.

The whole of these folders on it: `MOCBAN_TEST_PG_BIN=/usr/lib/postgresql/15/bin ./run test --no-check tests/ledger
tests/projections tests/mocban/test_migrate.py`.
"""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from mocban.database import open_databases
from mocban.database.programs import OLDEST
from mocban.migrate import migrate
from mocban.settings import Settings
from tests.projections.house import House, Rows
from tests.projections.story import Story

PROGRAMS = [Path(f"/usr/lib/postgresql/{OLDEST}/bin"), Path(f"/usr/pgsql-{OLDEST}/bin")]


def test_migrate_append_fold_and_rebuild(home: Path, tmp_path: Path) -> None:
    """Given a cluster of PostgreSQL 15, the views folded live from a small story equal the rebuilt ones."""
    here = [folder for folder in PROGRAMS if (folder / "postgres").exists()]
    if not here:
        pytest.skip(f"no PostgreSQL {OLDEST} is installed")
    databases = open_databases(Settings(home=home, pg_bin=here[0]))
    with psycopg.connect(databases.main_admin) as connection:
        assert connection.info.server_version // 10000 == OLDEST
    assert "main/0002_log.sql" in migrate(databases)
    house = House(databases, tmp_path)
    try:
        story = Story(house)
        story.found_bodies()
        story.register_files(2)
        story.appoint()
        assert house.runner.drain() == house.main.recorder.max_notification_id()
        live = Rows.read(house)
        house.new_rebuild().run()
        assert Rows.read(house) == live
        assert live.tables["file"]
        assert live.tables["principal"]
    finally:
        house.close()
