"""A server that was given by `DATABASE_URL`: looked at, never started, changed only by what we are asked to make."""

from __future__ import annotations

from typing import Any, Final

import psycopg
import psycopg.conninfo
from psycopg import sql

from mocban.database.addresses import Databases
from mocban.environment_problem import EnvironmentProblem

OLDEST: Final = 15
ENCODING: Final = "UTF8"
"""In any other, Vietnamese does not fit; SQL_ASCII would take it and hand back bytes for text."""
_CONNECT_SECONDS: Final = 10


def open_given(url: str, keys_url: str | None) -> Databases:
    """Both addresses, proven reachable. Without `keys_url` the key database is `<name>_keys` on the same server.

    Raises EnvironmentProblem; no text of it holds a password.
    """
    _refuse_misspelt(url, "DATABASE_URL")
    with _connect(url) as connection:
        keys = keys_url or _keys_beside(connection, url)
    if keys_url is not None:
        _refuse_misspelt(keys_url, "MOCBAN_KEYS_DATABASE_URL")
        _connect(keys_url).close()
    return Databases(main=url, keys=keys, main_admin=url, keys_admin=keys)


def _keys_beside(connection: psycopg.Connection[tuple[Any, ...]], url: str) -> str:
    name = f"{connection.info.dbname}_keys"
    if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
        try:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
            pass  # made by another process a moment ago
        except psycopg.Error:
            raise EnvironmentProblem("keys-database-missing", database=name) from None
    beside = psycopg.conninfo.make_conninfo(url, dbname=name)
    _connect(beside).close()
    return beside


def _connect(url: str) -> psycopg.Connection[tuple[Any, ...]]:
    try:
        connection = psycopg.connect(url, autocommit=True, connect_timeout=_CONNECT_SECONDS)
    except psycopg.Error:
        parts = psycopg.conninfo.conninfo_to_dict(url)
        raise EnvironmentProblem(
            "database-unreachable", database=parts.get("dbname", "?"), host=parts.get("host", "localhost")
        ) from None
    found = connection.info.server_version // 10000
    if found < OLDEST:
        connection.close()
        raise EnvironmentProblem("database-too-old", found=found, needed=OLDEST)
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != ENCODING:
        database = connection.info.dbname
        connection.close()
        raise EnvironmentProblem("database-encoding-unfit", database=database, found=encoding, needed=ENCODING)
    return connection


def _refuse_misspelt(url: str, variable: str) -> None:
    try:
        psycopg.conninfo.conninfo_to_dict(url)
    except psycopg.Error:
        raise EnvironmentProblem("database-url-unfit", variable=variable) from None
