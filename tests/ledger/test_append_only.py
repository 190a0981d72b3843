"""What is written stays: every way to change it is refused to every role, the owner and superusers too."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import psycopg
import pytest
from psycopg import sql

from mocban.database import Databases
from tests.ledger.conftest import House, build, close

ROLES = (
    "mocban_ledger_writer",
    "mocban_bulk",
    "mocban_projector",
    "mocban_reader",
    "mocban_access_logger",
    "mocban_auditor",
)
LOGS = ("main_log", "access_log")
CHANGES = (
    "UPDATE {log}.act SET trace = 'x'",
    "DELETE FROM {log}.act",
    "TRUNCATE {log}.act",
    "UPDATE {log}.event SET topic = 'x'",
    "DELETE FROM {log}.event WHERE position = 0",
    "TRUNCATE {log}.event",
    "TRUNCATE {log}.act, {log}.event CASCADE",
    "UPDATE {log}.checkpoint SET note = ''",
    "DELETE FROM {log}.checkpoint",
    "TRUNCATE {log}.checkpoint",
    "INSERT INTO {log}.event SELECT * FROM {log}.event ON CONFLICT (position) DO UPDATE SET topic = 'x'",
    "MERGE INTO {log}.act AS a USING {log}.head AS h ON true WHEN MATCHED THEN DELETE",
)
HEADS = (
    "UPDATE {log}.head SET acts = 0",
    "DELETE FROM {log}.head",
    "INSERT INTO {log}.act SELECT * FROM {log}.act",
    "INSERT INTO {log}.event SELECT * FROM {log}.event",
    "UPDATE {log}.latest_checkpoint SET size = 0",
    "INSERT INTO {log}.checkpoint VALUES (1, '')",
    "DROP TABLE {log}.event",
    "ALTER TABLE {log}.event DISABLE TRIGGER append_only",
    "CREATE OR REPLACE FUNCTION {log}.refuse_change() RETURNS trigger LANGUAGE sql AS 'SELECT 1'",
    "SELECT {log}.store(0, 0, '{{}}', '{{}}', '{{}}', '{{}}', '{{}}', '{{}}', '{{}}', '{{}}', '{{}}', '{{}}')",
)


@pytest.fixture(scope="module")
def shared(module_database: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One founded ledger for every attempt here; none of them may succeed."""
    house = build(module_database, tmp_path_factory.mktemp("home"))
    yield house
    close(house)


def attempt(connection: psycopg.Connection[tuple[object, ...]], statement: str, log: str) -> str | None:
    """The SQLSTATE with which the server refused, None when it did not."""
    try:
        with connection.transaction(force_rollback=True):
            connection.execute(sql.SQL(statement).format(log=sql.Identifier(log)))
    except psycopg.Error as error:
        return error.sqlstate
    return None


@pytest.mark.parametrize(("change", "log"), list(product(CHANGES, LOGS)))
def test_no_superuser_and_no_owner_changes_what_is_written(shared: House, change: str, log: str) -> None:
    """A superuser, one who calls itself a replica, and the owner of the tables get the trigger's refusal."""
    with psycopg.connect(shared.database.main_admin, autocommit=True) as connection:
        assert attempt(connection, change, log) == "MB001"
        connection.execute("SET session_replication_role = replica")
        assert attempt(connection, change, log) == "MB001"
        connection.execute("RESET session_replication_role")
        connection.execute("SET ROLE mocban_owner")
        assert attempt(connection, change, log) == "MB001"


@pytest.mark.parametrize("role", [*ROLES, None])
def test_no_role_changes_anything(shared: House, role: str | None) -> None:
    """Run-time roles have no right to write past the definer functions, and none to switch the triggers off."""
    with psycopg.connect(shared.database.main_url(role), autocommit=True) as connection:
        for statement, log in product((*CHANGES, *HEADS), LOGS):
            assert attempt(connection, statement, log) in ("42501", "MB001"), statement


@pytest.mark.parametrize(
    ("role", "log", "allowed"),
    [
        ("mocban_ledger_writer", "main_log", True),
        ("mocban_ledger_writer", "access_log", False),
        ("mocban_access_logger", "access_log", True),
        ("mocban_access_logger", "main_log", False),
        ("mocban_projector", "main_log", False),
        ("mocban_reader", "main_log", False),
        ("mocban_auditor", "main_log", False),
        (None, "main_log", False),
    ],
)
def test_each_log_has_one_writer(shared: House, role: str | None, log: str, allowed: bool) -> None:
    """Who appends acts on records cannot append acts of reading, and the other way round."""
    empty = "SELECT {log}.append(" + ", ".join(["'{{}}'"] * 13) + ")"
    several = "SELECT {log}.append_act(NULL, NULL, NULL, NULL, NULL, " + ", ".join(["'{{}}'"] * 6) + ")"
    each = "SELECT {log}.append_each('{{}}', '{{}}', '{{}}', '{{}}', 0, " + ", ".join(["'{{}}'"] * 4) + ")"
    one = "SELECT {log}.append_one(" + ", ".join(["NULL"] * 9) + ")"
    publish = "SELECT {log}.publish_checkpoint(0, 9, '')"
    with psycopg.connect(shared.database.main_url(role), autocommit=True) as connection:
        for nothing in (empty, several, each):
            assert attempt(connection, nothing, log) == ("MB002" if allowed else "42501")
        assert attempt(connection, one, log) == (None if allowed else "42501")
        assert attempt(connection, publish, log) == (None if allowed else "42501")


def test_functions_fix_their_search_path(shared: House) -> None:
    """A definer function looks names up nowhere but in pg_catalog, and nobody executes it by default."""
    query = """
        SELECT p.proname, p.proconfig, p.prosecdef, pg_get_userbyid(p.proowner),
               coalesce(p.proacl::text, '') ~ '(^|,|\\{)=X'
        FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace WHERE n.nspname IN ('main_log', 'access_log')
    """
    with psycopg.connect(shared.database.main_admin) as connection:
        rows = connection.execute(query).fetchall()
    assert len(rows) == 22
    for name, config, definer, owner, public in rows:
        assert "search_path=pg_catalog, pg_temp" in config, name
        assert definer is (name not in ("conflict", "store", "refuse_change")), name
        assert (owner, public) == ("mocban_owner", False), name
