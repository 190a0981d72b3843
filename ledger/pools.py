"""Pools of connections over any libpq connection string: sockets, TLS and `options` included."""

from __future__ import annotations

from typing import Any, cast

from eventsourcing.postgres import PostgresDatastore
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool

from ledger.binary_array import register_arrays
from ledger.live_connection import check_alive


class SchemaDatastore(PostgresDatastore):
    """eventsourcing's pool, on one schema. idle_seconds: how long a transaction may do nothing, 0 for ever."""

    def __init__(self, conninfo: str, schema: str, *, pool_size: int, max_overflow: int, idle_seconds: int = 0) -> None:
        parts = conninfo_to_dict(conninfo)
        super().__init__(
            dbname=str(parts.get("dbname") or ""),
            host=str(parts.get("host") or ""),
            port=str(parts.get("port") or ""),
            user=str(parts.get("user") or ""),
            password="",
            pool_size=pool_size,
            max_overflow=max_overflow,
            connect_timeout=30.0,
            idle_in_transaction_session_timeout=idle_seconds,
            schema=schema,
        )
        self.pool._check = check_alive  # noqa: SLF001  its own would cost a round trip
        self.pool.kwargs = cast("dict[str, Any]", {**parts, "row_factory": dict_row})


def open_pool(conninfo: str, *, most: int = 8, name: str | None = None) -> ConnectionPool:
    """An open pool of autocommit connections that know binary arrays, at most `most` of them."""
    return ConnectionPool(
        conninfo,
        min_size=1,
        max_size=most,
        kwargs={"autocommit": True},
        configure=register_arrays,
        check=check_alive,
        open=True,
        name=name,
    )
