"""Migrations: every `migrations/NNNN_noun.sql` in order, once, in one transaction each.

The first line of a file may say where and how it runs, in words parted by commas:
`-- for each log`: twice, `{log}` read as `main_log` and `access_log`;
`-- in the key database` or `-- in both databases`: otherwise the main database (`for` reads as `in`);
`-- as the administrator`: as the migrating login, for what belongs to the cluster; otherwise as `mocban_owner`.

A migration may come over a running system. It asks for each table lock for a moment only and, when somebody is in the
way, lets everybody pass and tries again: those who write and read never wait longer than that moment for it to begin.
"""

from __future__ import annotations

import hashlib
import random
import re
import time
from pathlib import Path
from typing import Any, Final, TypeAlias

import msgspec
import psycopg

import migrations
from mocban.database.addresses import Databases
from mocban.environment_problem import EnvironmentProblem

FOLDER: Final = Path(migrations.__file__).parent
LOGS: Final = ("main_log", "access_log")
OWNER: Final = "mocban_owner"
PATIENCE_SECONDS: Final = 60.0
"""How long a file is tried again while others hold what it must lock."""

_NAME: Final = re.compile(r"(\d{4})_[a-z][a-z0-9_]*\.sql")
_WORDS: Final = frozenset({"for each log", "in the key database", "in both databases", "as the administrator"})
_DIRECTIVE: Final = re.compile(r"-- (for|in|as) ")
_LOCK: Final = "SELECT pg_advisory_lock(hashtextextended('mocban.migrate', 0))"
_UNLOCK: Final = "SELECT pg_advisory_unlock(hashtextextended('mocban.migrate', 0))"
# Shorter than PostgreSQL's deadlock_timeout (1 s): in a deadlock it is the migration that yields, never a writer.
_MOMENT: Final = "SET LOCAL lock_timeout = '400ms'"
# A rebuild that began before would swap in tables of the old shape (`projections.rebuild` holds this lock).
_NO_REBUILD: Final = "SELECT pg_advisory_xact_lock_shared(hashtextextended('mocban.rebuild', 0))"
_APPLIED: Final = "SELECT name, checksum FROM migration.applied"
_RECORD: Final = "INSERT INTO migration.applied (name, checksum) VALUES (%s, %s)"

Connection: TypeAlias = psycopg.Connection[tuple[Any, ...]]


class Migration(msgspec.Struct, frozen=True, kw_only=True):
    """One file. checksum: SHA-256 of its bytes (32 bytes). words: the directives of its first line."""

    name: str
    checksum: bytes
    text: str
    words: frozenset[str]

    @property
    def in_main(self) -> bool:
        """It runs in the main database."""
        return "in the key database" not in self.words

    @property
    def in_keys(self) -> bool:
        """It runs in the key database."""
        return bool(self.words & {"in the key database", "in both databases"})

    @property
    def statements(self) -> tuple[str, ...]:
        """What is run: the file, or the file once for each log."""
        if "for each log" in self.words:
            return tuple(self.text.replace("{log}", log) for log in LOGS)
        return (self.text,)


def migrate(databases: Databases, folder: Path = FOLDER) -> list[str]:
    """Bring both databases up to date; return what was applied, in order, as `main/0001_roles.sql`.

    Idempotent; of two callers at once one waits. Raises EnvironmentProblem when a file was altered after it was
    applied, the database is newer than the program, the login lacks rights, or somebody holds a table for longer than
    `PATIENCE_SECONDS`; files before that stay applied.
    """
    files = read_migrations(folder)
    known = {file.name for file in files}
    login = psycopg.conninfo.conninfo_to_dict(databases.main).get("user")
    done: list[str] = []
    for label, url, chosen in (
        ("keys", databases.keys_admin, [file for file in files if file.in_keys]),
        ("main", databases.main_admin, [file for file in files if file.in_main]),
    ):
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(_LOCK)
            try:
                applied = _migrate_one(connection, chosen, known, str(login) if login else connection.info.user)
            finally:
                connection.execute(_UNLOCK)
        done += [f"{label}/{name}" for name in applied]
    return done


def read_migrations(folder: Path = FOLDER) -> list[Migration]:
    """Every migration of `folder` in order. Raises EnvironmentProblem for a misnamed file or a repeated number."""
    found: dict[str, Migration] = {}
    for path in sorted(folder.glob("*.sql")):
        match = _NAME.fullmatch(path.name)
        if match is None or match[1] in found:
            raise EnvironmentProblem("migration-misnamed", name=path.name)
        raw = path.read_bytes()
        text = raw.decode("utf-8")
        words = _directives(path.name, text.split("\n", 1)[0])
        found[match[1]] = Migration(name=path.name, checksum=hashlib.sha256(raw).digest(), text=text, words=words)
    return list(found.values())


def _directives(name: str, line: str) -> frozenset[str]:
    """The words of a first line. A misspelt one would run the file in the wrong place, so it is refused."""
    if _DIRECTIVE.match(line) is None:
        return frozenset()
    words = frozenset(re.sub("^for (?=the|both)", "in ", word.strip()) for word in line.removeprefix("--").split(","))
    if not words <= _WORDS:
        raise EnvironmentProblem("migration-misdirected", name=name, line=line)
    return words


def _migrate_one(connection: Connection, files: list[Migration], known: set[str], login: str) -> list[str]:
    applied = _applied(connection)
    for name in applied:
        if name not in known:
            raise EnvironmentProblem("migration-unknown", name=name)
    done = []
    for file in files:
        if file.name not in applied:
            _apply(connection, file, login)
            done.append(file.name)
        elif applied[file.name] != file.checksum:
            raise EnvironmentProblem("migration-altered", name=file.name)
    return done


def _applied(connection: Connection) -> dict[str, bytes]:
    row = connection.execute("SELECT to_regclass('migration.applied')").fetchone()
    if row is None or row[0] is None:
        return {}
    return {str(name): bytes(checksum) for name, checksum in connection.execute(_APPLIED)}


def _apply(connection: Connection, file: Migration, login: str) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return _apply_at_once(connection, file, login)
        except psycopg.errors.LockNotAvailable as problem:
            if time.monotonic() > until:
                seconds = round(PATIENCE_SECONDS)
                raise EnvironmentProblem("migration-waits", name=file.name, seconds=seconds) from problem
            time.sleep(random.uniform(0.05, 0.3))  # noqa: S311  spreading, not secrecy


def _apply_at_once(connection: Connection, file: Migration, login: str) -> None:
    try:
        with connection.transaction():
            connection.execute(_MOMENT)
            connection.execute(_NO_REBUILD)
            connection.execute("SELECT set_config('mocban.login', %s, true)", (login,))
            if "as the administrator" not in file.words:
                connection.execute(f"SET LOCAL ROLE {OWNER}")
            for statement in file.statements:
                connection.execute(statement.encode())
            connection.execute(_RECORD, (file.name, file.checksum))
    except psycopg.errors.InsufficientPrivilege as problem:
        raise EnvironmentProblem(
            "migration-forbidden", name=file.name, reason=problem.diag.message_primary
        ) from problem
