"""Opening the databases: start the embedded cluster, or use the server that was given."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any, Final
from urllib.parse import quote

import psycopg
from psycopg import sql

from mocban.database.addresses import Databases
from mocban.database.cluster import Cluster
from mocban.database.given_server import open_given
from mocban.database.passwords import ADMIN, LOGIN, new_password, password
from mocban.settings import Settings

MAIN: Final = "mocban"
KEYS: Final = "mocban_keys"
_TRIES: Final = 3
_PAUSE_SECONDS: Final = 0.2


def open_databases(settings: Settings) -> Databases:
    """Both databases, reachable and possibly empty (`mocban.migrate` fills them).

    Idempotent and safe to call from many processes at once. Raises EnvironmentProblem.
    """
    if settings.database_url is not None:
        return open_given(settings.database_url, settings.keys_database_url)
    return open_embedded(settings, MAIN, KEYS)


def open_embedded(settings: Settings, main: str, keys: str) -> Databases:
    """Two databases of the embedded cluster, made when absent."""
    folder = Cluster(settings=settings).start()

    def address(login: str, database: str) -> str:
        secret = quote(password(settings.pg, login), safe="")
        return f"postgresql://{login}:{secret}@/{database}?host={quote(str(folder), safe='')}&port=5432"

    with _administered(settings, address(ADMIN, "postgres")) as connection:
        _make_login(connection, settings)
        for name in (main, keys):
            make_database(connection, name)
    return Databases(
        main=address(LOGIN, main),
        keys=address(LOGIN, keys),
        main_admin=address(ADMIN, main),
        keys_admin=address(ADMIN, keys),
    )


def _administered(settings: Settings, address: str) -> psycopg.Connection[tuple[Any, ...]]:
    """A connection to the embedded cluster. One that was killed may answer for a moment longer: then it is started."""
    for _ in range(_TRIES - 1):
        with suppress(psycopg.OperationalError):
            return psycopg.connect(address, autocommit=True)
        time.sleep(_PAUSE_SECONDS)
        Cluster(settings=settings).start()
    return psycopg.connect(address, autocommit=True)


def make_database(connection: psycopg.Connection[tuple[Any, ...]], name: str, template: str = "template1") -> None:
    """Make a database unless it exists; of two makers at once one wins and both go on."""
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
        return
    try:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )
    except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
        return


def _make_login(connection: psycopg.Connection[tuple[Any, ...]], settings: Settings) -> None:
    """The running login. Its password is kept before the role exists, under a lock, so the two always agree."""
    if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (LOGIN,)).fetchone():
        return
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('mocban.login', 0))")
        if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (LOGIN,)).fetchone():
            return
        secret = new_password(settings.pg, LOGIN)
        connection.execute(
            sql.SQL("CREATE ROLE {} LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {}").format(
                sql.Identifier(LOGIN), sql.Literal(secret)
            )
        )
