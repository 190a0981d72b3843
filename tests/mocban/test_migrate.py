"""Migrations are applied once, in order, whole or not at all, and never silently altered."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from mocban.database import Databases
from mocban.environment_problem import EnvironmentProblem
from mocban.migrate import FOLDER, OWNER, migrate, read_migrations
from mocban.settings import Settings

RUN_TIME_ROLES = (
    "mocban_ledger_writer",
    "mocban_bulk",
    "mocban_projector",
    "mocban_reader",
    "mocban_access_logger",
    "mocban_auditor",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped migrations with room for one more."""
    for path in FOLDER.glob("*.sql"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path


def test_a_migrated_pair_needs_nothing_more(database: Databases) -> None:
    """A second run applies nothing and loses nothing."""
    assert migrate(database) == []
    assert migrate(database) == []


@pytest.mark.parametrize("role", RUN_TIME_ROLES)
def test_the_running_login_takes_on_a_role(database: Databases, role: str) -> None:
    """Each run-time role can be a session's role in both databases, and it owns nothing."""
    for url in (database.main_url(role), database.keys_url(role)):
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT current_user, session_user").fetchone() == (role, "mocban")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("CREATE TABLE public.mine (x int)")


def test_the_running_login_cannot_become_the_owner(database: Databases) -> None:
    """What runs the product can neither own a table nor step up to the administrator."""
    with psycopg.connect(database.main_url()) as connection:
        for role in (OWNER, "mocban_admin"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(f"SET ROLE {role}")


def test_everything_belongs_to_the_owner(database: Databases) -> None:
    """No relation or function that a migration makes belongs to a login."""
    query = """
        SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname NOT LIKE 'pg\\_%%' AND n.nspname NOT IN ('information_schema', 'public')
          AND pg_get_userbyid(c.relowner) <> %(owner)s
        UNION ALL
        SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname NOT LIKE 'pg\\_%%' AND n.nspname NOT IN ('information_schema', 'public')
          AND pg_get_userbyid(p.proowner) <> %(owner)s
    """
    for url in (database.main_admin, database.keys_admin):
        with psycopg.connect(url) as connection:
            assert connection.execute(query, {"owner": OWNER}).fetchall() == []


def test_a_file_for_each_log_runs_twice(database: Databases, folder: Path) -> None:
    """`{log}` becomes the one log and then the other, in one transaction."""
    (folder / "9000_mark.sql").write_text("-- for each log\nCREATE SCHEMA {log}_mark;\n")
    assert migrate(database, folder) == ["main/9000_mark.sql"]
    with psycopg.connect(database.main_admin) as connection:
        rows = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE '%log_mark' ORDER BY 1")
        assert [name for (name,) in rows] == ["access_log_mark", "main_log_mark"]


def test_a_file_in_the_key_database_stays_there(database: Databases, folder: Path) -> None:
    """The main database never sees what belongs to the keys."""
    (folder / "9000_mark.sql").write_text("-- in the key database\nCREATE SCHEMA mark;\n")
    assert migrate(database, folder) == ["keys/9000_mark.sql"]
    with psycopg.connect(database.main_admin) as connection:
        assert connection.execute("SELECT to_regnamespace('mark')").fetchone() == (None,)


def test_a_failing_file_leaves_nothing(database: Databases, folder: Path) -> None:
    """The transaction of a broken file is undone whole, and the mended file then applies."""
    broken = folder / "9000_mark.sql"
    broken.write_text("CREATE SCHEMA mark;\nSELECT no_such_column;\n")
    with pytest.raises(psycopg.errors.UndefinedColumn):
        migrate(database, folder)
    broken.write_text("CREATE SCHEMA mark;\n")
    assert migrate(database, folder) == ["main/9000_mark.sql"]


def test_four_callers_at_once_apply_once(database: Databases, folder: Path) -> None:
    """The advisory lock makes one apply and the others find nothing to do."""
    (folder / "9000_mark.sql").write_text("CREATE SCHEMA mark;\nSELECT pg_sleep(0.1);\n")
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: migrate(database, folder), range(4)))
    assert sorted(done) == [[], [], [], ["main/9000_mark.sql"]]


def test_an_altered_file_is_refused(database: Databases, folder: Path) -> None:
    """What was applied may not change afterwards."""
    with (folder / "0001_roles.sql").open("a") as file:
        file.write("-- one more line\n")
    with pytest.raises(EnvironmentProblem) as refused:
        migrate(database, folder)
    assert refused.value.code == "migration-altered"


def test_a_newer_database_is_refused(database: Databases, folder: Path) -> None:
    """A program older than the database does not touch it."""
    (folder / "9000_mark.sql").write_text("CREATE SCHEMA mark;\n")
    migrate(database, folder)
    with pytest.raises(EnvironmentProblem) as refused:
        migrate(database)
    assert refused.value.code == "migration-unknown"


@pytest.mark.parametrize("name", ["9_mark.sql", "9000-mark.sql", "0001_again.sql", "9000_Mark.sql"])
def test_a_misnamed_file_is_refused(folder: Path, name: str) -> None:
    """Numbers have four digits, are not repeated, and a noun follows."""
    (folder / name).write_text("SELECT 1;\n")
    with pytest.raises(EnvironmentProblem) as refused:
        read_migrations(folder)
    assert refused.value.code == "migration-misnamed"


def test_a_misspelt_first_line_is_refused(folder: Path) -> None:
    """A file that may run in the wrong database does not run at all."""
    (folder / "9000_mark.sql").write_text("-- in the keys database\nSELECT 1;\n")
    with pytest.raises(EnvironmentProblem) as refused:
        read_migrations(folder)
    assert refused.value.code == "migration-misdirected"


def test_copied_databases_are_apart(database: Databases, module_database: Databases, test_settings: Settings) -> None:
    """Two fixtures never share a database, and addresses show no password."""
    assert database.main != module_database.main
    assert "password" not in repr(database)
    assert repr(test_settings).count("passphrase") == 0
