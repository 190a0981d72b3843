"""Products over the shared cluster, and copies of databases as an administrator restores them."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import msgspec
import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from mocban.database import Databases
from mocban.settings import Settings

_numbers = itertools.count(1)


class Archive(msgspec.Struct, frozen=True, kw_only=True):
    """A data folder and its databases on the shared cluster, where fsync is off: nothing here pulls the plug."""

    settings: Settings
    copies: list[str]

    def with_databases(self, main: str | None = None, keys: str | None = None) -> Settings:
        """The same data folder on other databases."""
        one = self.settings
        return msgspec.structs.replace(
            one, database_url=main or one.database_url, keys_database_url=keys or one.keys_database_url
        )

    def copy(self, url: str | None, template: str | None = None) -> str:
        """A back-up of a database, or a fresh one from `template`, as a database of its own; its address."""
        assert url is not None
        source = template or str(conninfo_to_dict(url)["dbname"])
        name = f"{source}_copy_{os.getpid()}_{next(_numbers)}"  # of this worker: they share the cluster
        with self.administrator(url, "postgres") as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(source))
            )
        self.copies.append(name)
        return make_conninfo(url, dbname=name)

    def administrator(self, url: str | None, database: str | None = None) -> psycopg.Connection[tuple[object, ...]]:
        """A superuser on a database, who can do what no role may."""
        assert url is not None
        return psycopg.connect(make_conninfo(url, **({"dbname": database} if database else {})), autocommit=True)


def archive_on(database: Databases, home: Path) -> Iterator[Archive]:
    """An archive whose copies are dropped at the end."""
    settings = Settings(
        home=home,
        database_url=database.main_admin,
        keys_database_url=database.keys_admin,
        passphrase="a passphrase for tests",
    )
    archive = Archive(settings=settings, copies=[])
    yield archive
    with archive.administrator(settings.database_url, "postgres") as connection:
        for name in archive.copies:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def archive(database: Databases, tmp_path: Path) -> Iterator[Archive]:
    """An archive for one test; nothing is founded yet."""
    yield from archive_on(database, tmp_path / "home")
