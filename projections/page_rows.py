"""Rows of a page: gathered while folding, written once at the page's end by COPY and array updates.

A row that begins in the page and changes in the same page is copied in its final state; rows of earlier pages are
changed by one statement per set of columns.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from operator import itemgetter
from typing import Any, Final
from uuid import UUID

import msgspec
from psycopg import sql

from projections.array_text import array_text
from projections.copy_text import Column, copy_text
from projections.view import Cursor

_ROWS_PER_WRITE: Final = 1_000


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A table that a view writes. columns: name -> PostgreSQL type, in the table's order."""

    name: str
    columns: dict[str, str]


class AppendedRows:
    """Rows that are only ever added."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._rows: list[tuple[Any, ...]] = []

    def add(self, *values: Any) -> None:
        """One row, its values in the order of the table's columns."""
        self._rows.append(values)

    def write(self, cursor: Cursor) -> None:
        """COPY what was gathered."""
        copy_columns(cursor, self._table, list(zip(*self._rows, strict=True)))


class KeyedRows:
    """Rows with an `id` as their first column, that begin once and change later."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._new: dict[UUID, dict[str, Any]] = {}
        self._changed: defaultdict[UUID, dict[str, Any]] = defaultdict(dict)

    def begin(self, key: UUID, **values: Any) -> None:
        """A new row; all columns but the key are given."""
        self._new[key] = values

    def change(self, key: UUID, **values: Any) -> None:
        """New values of some columns of a row, of this page or an earlier one. No row, no change."""
        (self._new[key] if key in self._new else self._changed[key]).update(values)

    def write(self, cursor: Cursor) -> None:
        """COPY the new rows; change the older ones."""
        names = list(self._table.columns)[1:]
        rows = list(self._new.values())
        copy_columns(cursor, self._table, [list(self._new), *(list(map(itemgetter(name), rows)) for name in names)])
        alike: defaultdict[tuple[str, ...], list[UUID]] = defaultdict(list)
        for key, values in self._changed.items():
            alike[tuple(values)].append(key)
        for changed, keys in alike.items():
            arrays = [array_text([self._changed[key][name] for key in keys]) for name in changed]
            cursor.execute(_update(self._table, changed), (array_text(keys), *arrays))


def copy_columns(cursor: Cursor, table: Table, columns: Sequence[Column]) -> None:
    """COPY rows, given as a sequence of values for each column, into a table of the current schema."""
    if not columns or not columns[0]:
        return
    kinds = list(table.columns.values())
    with cursor.copy(_copy(table)) as copy:
        for at in range(0, len(columns[0]), _ROWS_PER_WRITE):
            copy.write(copy_text([column[at : at + _ROWS_PER_WRITE] for column in columns], kinds))


def _copy(table: Table) -> sql.Composed:
    columns = sql.SQL(", ").join(map(sql.Identifier, table.columns))
    return sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), columns)


_UPDATE: Final = "UPDATE {table} AS t SET {sets} FROM unnest({arrays}) AS c ({names}) WHERE t.{key} = c.{key}"


def _update(table: Table, names: tuple[str, ...]) -> sql.Composed:
    """Columns of an array type cannot travel by `unnest`; they go as text and are cast back."""
    key = next(iter(table.columns))
    wanted = (key, *names)
    return sql.SQL(_UPDATE).format(
        table=sql.Identifier(table.name),
        key=sql.Identifier(key),
        sets=sql.SQL(", ").join(
            sql.SQL("{0} = c.{0}{1}").format(sql.Identifier(name), sql.SQL(_cast_back(table.columns[name])))
            for name in names
        ),
        arrays=sql.SQL(", ").join(sql.SQL("%s::" + _travelling(table.columns[name]) + "[]") for name in wanted),
        names=sql.SQL(", ").join(map(sql.Identifier, wanted)),
    )


def _travelling(kind: str) -> str:
    return kind if _cast_back(kind) == "" else "text"


def _cast_back(kind: str) -> str:
    return f"::{kind}" if kind.endswith("[]") or kind in {"jsonb", "tsvector"} else ""
