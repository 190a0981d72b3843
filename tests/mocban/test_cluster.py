"""The embedded server starts from nothing, keeps what it was given, and never trusts anybody."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from mocban.database import Databases, open_databases
from mocban.database.cluster import Cluster
from mocban.database.passwords import ADMIN
from mocban.settings import Settings
from tests.mocban.asking import answers


def test_it_starts_stops_and_starts_again(settings: Settings) -> None:
    """What was written before a clean stop is there after it, and opening twice changes nothing."""
    databases = open_databases(settings)
    with psycopg.connect(databases.main_admin) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS x")
    assert open_databases(settings) == databases
    assert Cluster(settings=settings).stop()
    assert not Cluster(settings=settings).stop()
    with psycopg.connect(open_databases(settings).main_admin) as connection:
        assert connection.execute("SELECT x FROM kept").fetchone() == (7,)


def test_it_is_durable_and_listens_to_nobody_else(started: Databases) -> None:
    """fsync and synchronous_commit are on, no network address is open, every entrance asks for a password."""
    with psycopg.connect(started.main_admin) as connection:
        for name, wanted in (
            ("fsync", "on"),
            ("synchronous_commit", "on"),
            ("full_page_writes", "on"),
            ("listen_addresses", ""),
            ("password_encryption", "scram-sha-256"),
        ):
            assert connection.execute("SELECT current_setting(%s)", (name,)).fetchone() == (wanted,)
        rules = connection.execute("SELECT DISTINCT type, auth_method FROM pg_hba_file_rules").fetchall()
        assert rules == [("local", "scram-sha-256")]


@pytest.mark.parametrize("login", ["mocban", ADMIN, "postgres"])
def test_a_wrong_password_is_refused(module_database: Databases, login: str) -> None:
    """Nobody gets in without the generated password, not even through the private socket."""
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(module_database.main, user=login, password="wrong").close()


def test_secrets_and_socket_are_private(test_settings: Settings, module_database: Databases) -> None:
    """The password files and the socket's folder open to their owner alone."""
    passwords = list(test_settings.pg.glob("*.password"))
    assert {path.stat().st_mode & 0o777 for path in passwords} == {0o600}
    assert len(passwords) == 2
    assert (test_settings.pg / "socket").stat().st_mode & 0o777 == 0o700
    assert (test_settings.pg / "data").stat().st_mode & 0o077 == 0


def test_statements_and_rows_stay_out_of_the_log(test_settings: Settings, database: Databases) -> None:
    """A failing statement with a person's name in it leaves no trace of the name in the server's log."""
    with psycopg.connect(database.main_admin, autocommit=True) as connection:
        connection.execute("CREATE TABLE person (name text PRIMARY KEY)")
        for _ in range(2):
            try:
                connection.execute("INSERT INTO person VALUES ('Nguyễn Văn Mẫu')")
            except psycopg.errors.UniqueViolation:
                continue
    log = (test_settings.pg / "postgresql.log").read_text()
    assert "person_pkey" in log
    assert "Mẫu" not in log


def test_a_long_home_gets_a_short_socket(home: Path) -> None:
    """A home whose socket path would be too long for the kernel still works, and its socket folder is private."""
    settings = Settings(home=home / ("a" * 60) / ("b" * 60))
    assert answers(open_databases(settings))
    noted = Path((settings.pg / "socket_folder").read_text().strip())
    assert noted.stat().st_mode & 0o777 == 0o700
    Cluster(settings=settings).stop()
    assert not noted.exists()
