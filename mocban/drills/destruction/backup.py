"""Back-ups as an operator makes them, with PostgreSQL's own pg_dump, and restored beside the living databases."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from mocban.database import Databases
from mocban.database.account import Account
from mocban.database.opening import make_database
from mocban.database.programs import find_programs
from mocban.environment_problem import EnvironmentProblem
from mocban.settings import Settings

WITHOUT_VIEWS: Final = ("--exclude-table-data=projection.*", "--exclude-table-data=projection_rebuild.*")
"""What a back-up of the main database is made with: views hold opened text, and are made anew from the ledger."""


class Backups:
    """pg_dump and pg_restore of the server's own version or a newer one. Raises EnvironmentProblem without them."""

    def __init__(self, settings: Settings) -> None:
        account = Account(name="-", uid=os.geteuid(), gid=os.getegid(), steps_down=False)  # clients may run as root
        folder = find_programs(pg_bin=settings.pg_bin, account=account, pg=settings.pg, version=None).folder
        self._dump, self._restore = (_program(folder, name) for name in ("pg_dump", "pg_restore"))

    def dump(self, url: str, path: Path, *options: str) -> None:
        """Dump a database in the custom format, uncompressed: what it holds can be looked for in its bytes."""
        self._run(url, self._dump, "--format=custom", "--compress=0", *options, f"--file={path}")

    @contextmanager
    def restored(self, url: str, path: Path, name: str) -> Iterator[str]:
        """A dump as a database `name` on the server of `url`; its address. Dropped afterwards."""
        address = urlsplit(url)._replace(path=f"/{name}").geturl()
        with psycopg.connect(urlsplit(url)._replace(path="/postgres").geturl(), autocommit=True) as connection:
            make_database(connection, name, "template0")
            try:
                self._run(
                    address, self._restore, "--exit-on-error", f"--dbname={_without_password(address)}", str(path)
                )
                yield address
            finally:
                connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    @staticmethod
    def _run(url: str, program: Path, *words: str) -> None:
        """The password goes by the environment: other accounts of a machine see arguments."""
        secret = str(psycopg.conninfo.conninfo_to_dict(url).get("password") or "")
        where = () if program.name == "pg_restore" else (f"--dbname={_without_password(url)}",)
        done = subprocess.run(
            [program, *where, *words],
            env={**os.environ, "PGPASSWORD": secret},
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(f"{program.name}: {done.stderr[-2000:]}")


def renamed(databases: Databases, main: str) -> Databases:
    """The same two databases with another main one, at the administrator's address `main`."""

    def named(address: str) -> str:
        return urlsplit(address)._replace(path=urlsplit(main).path).geturl()

    return Databases(
        main=named(databases.main),
        keys=databases.keys,
        main_admin=named(databases.main_admin),
        keys_admin=databases.keys_admin,
    )


def _without_password(url: str) -> str:
    facts = psycopg.conninfo.conninfo_to_dict(url)
    facts.pop("password", None)
    return psycopg.conninfo.make_conninfo("", **facts)


def _program(folder: Path, name: str) -> Path:
    found = folder / name
    other = shutil.which(name)
    if found.exists():
        return found
    if other is None:
        raise EnvironmentProblem("database-programs-missing")
    return Path(other)
