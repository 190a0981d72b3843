"""Asking a view: one query, its rows as Structs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec
from psycopg.rows import dict_row

from projections.view import Connection

Answer = TypeVar("Answer")


def ask(connection: Connection, kind: type[Answer], query: str, **facts: Any) -> list[Answer]:
    """The rows of a query as Structs of `kind`, matched by column name. A null column takes the member's default."""
    return convert_rows(_run(connection, query, facts), kind)


def ask_one(connection: Connection, kind: type[Answer], query: str, **facts: Any) -> Answer | None:
    """The first row, or None."""
    found = ask(connection, kind, query, **facts)
    return found[0] if found else None


def convert_rows(rows: list[dict[str, Any]], kind: type[Answer]) -> list[Answer]:
    """Rows as Structs; nulls are left out so that defaults apply."""
    present = [{name: value for name, value in row.items() if value is not None} for row in rows]
    return msgspec.convert(present, list[kind])  # type: ignore[valid-type]  # a type made from an argument


def _run(connection: Connection, query: str, facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query.encode(), facts).fetchall()
