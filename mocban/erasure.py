"""Rewriting: what was deleted leaves the databases' files too, not only their answers.

PostgreSQL keeps deleted rows in their pages until they are vacuumed, and bytes of them after that; statistics keep
samples of values; the write-ahead log keeps all of it until its segments go. So tables are written anew with their
indexes, statistics are taken anew, and the log is brought to a point from which older segments can go.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import msgspec
import psycopg
from psycopg import sql

from mocban.database import Databases
from mocban.migrate import OWNER

MAIN_SCHEMAS: Final = ("sealed", "projection", "projection_rebuild", "job")
KEY_SCHEMAS: Final = ("key_store",)
STATISTICS: Final = ("pg_statistic", "pg_statistic_ext_data")
_TABLES: Final = "SELECT schemaname, tablename FROM pg_tables WHERE schemaname = ANY(%s) ORDER BY 1, 2"
_AHEAD: Final = (
    "SELECT count(*) FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$' "
    "AND name > pg_walfile_name(pg_current_wal_insert_lsn())"
)
_BUSY: Final = (psycopg.errors.LockNotAvailable, psycopg.errors.QueryCanceled)


class Rewritten(msgspec.Struct, frozen=True, kw_only=True):
    """tables: written anew. left: what this login may not do or somebody held, as `database.schema.table` or a word."""

    tables: int
    left: tuple[str, ...]


def rewrite(databases: Databases, *, own_server: bool, tell: Callable[[str], None] = lambda _table: None) -> Rewritten:
    """Write every table anew that can hold sealed content, keys or opened text. Each is locked while it is written.

    own_server: the embedded one, whose write-ahead log is ours to turn over. tell: called with each table's name. The
    ledger's own tables hold commitments only and are left alone.
    """
    done, left = 0, list[str]()
    for label, url, schemas in (
        ("keys", databases.keys_admin, KEY_SCHEMAS),
        ("main", databases.main_admin, MAIN_SCHEMAS),
    ):
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("SET lock_timeout = '60s'")
            count, missed = _rewrite_one(connection, schemas, tell)
            done += count
            left += [f"{label}.{one}" for one in missed]
    if own_server:
        with psycopg.connect(databases.main_admin, autocommit=True) as connection:
            _turn_over(connection)
    else:
        left.append("pg_wal")
    return Rewritten(tables=done, left=tuple(left))


def _rewrite_one(
    connection: psycopg.Connection[tuple[object, ...]], schemas: Sequence[str], tell: Callable[[str], None]
) -> tuple[int, list[str]]:
    done, left = 0, list[str]()
    superuser = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone() == (True,)
    if not superuser:
        connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(OWNER)))
    for schema, table in connection.execute(_TABLES, (list(schemas),)).fetchall():
        tell(f"{schema}.{table}")
        try:
            name = sql.Identifier(str(schema), str(table))
            connection.execute(sql.SQL("VACUUM (FULL, ANALYZE) {}").format(name))
            done += 1
        except (psycopg.errors.InsufficientPrivilege, *_BUSY):
            left.append(f"{schema}.{table}")
    for table in STATISTICS:
        if not superuser:
            left.append(table)
            continue
        connection.execute(sql.SQL("VACUUM (FULL) {}").format(sql.Identifier("pg_catalog", table)))
    return done, left


def _turn_over(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """Bring the write-ahead log past every segment that holds older bytes, and let those go for good.

    A segment that waits to be used again still holds what it held; a switch fills what is left of one with zeros.
    """
    connection.execute("ALTER SYSTEM SET wal_recycle = off")
    connection.execute("SELECT pg_reload_conf()")
    try:
        ahead = connection.execute(_AHEAD).fetchone()
        for _ in range(int(str(ahead[0])) + 1 if ahead else 1):
            connection.execute("SELECT pg_logical_emit_message(false, 'mocban', '', true)")
            connection.execute("SELECT pg_switch_wal()")
        for _ in range(2):
            connection.execute("SELECT pg_logical_emit_message(false, 'mocban', '', true)")
            connection.execute("SELECT pg_switch_wal()")
            connection.execute("CHECKPOINT")
    finally:
        connection.execute("ALTER SYSTEM RESET wal_recycle")
        connection.execute("SELECT pg_reload_conf()")
