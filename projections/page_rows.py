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
        self._id = next(iter(table.columns))
        # By the id's number, since a UUID computes its hash in Python each time.
        self._new: dict[int, dict[str, Any]] = {}
        self._changed: dict[int, dict[str, Any]] = {}

    def begin(self, key: UUID, **values: Any) -> None:
        """A new row; all columns but the key are given."""
        values[self._id] = key
        self._new[key.int] = values

    def change(self, key: UUID, **values: Any) -> None:
        """New values of some columns of a row, of this page or an earlier one. No row, no change."""
        row = self._new.get(key.int)
        if row is None:
            row = self._changed.setdefault(key.int, {self._id: key})
        row.update(values)

    def write(self, cursor: Cursor) -> None:
        """COPY the new rows; change the older ones."""
        rows = list(self._new.values())
        copy_columns(cursor, self._table, [list(map(itemgetter(name), rows)) for name in self._table.columns])
        alike: defaultdict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
        for changed in self._changed.values():
            alike[tuple(changed)].append(changed)
        for names, older in alike.items():
            arrays = [array_text(map(itemgetter(name), older)) for name in names]
            cursor.execute(_update(self._table, names), arrays)


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


def _update(table: Table, wanted: tuple[str, ...]) -> sql.Composed:
    """wanted: the key, then what changes. Columns of an array type cannot travel by `unnest`: they go as text and are
    cast back."""
    key, *names = wanted
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
