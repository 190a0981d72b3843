"""COPY's text format, written by hand, column by column: adapting value by value costs a rebuild more than the server.

(PostgreSQL manual, COPY, "Text Format".) A test holds it against psycopg's own writer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import Any, Final

_NULL: Final = "\\N"
_ESCAPES: Final = {ord("\\"): "\\\\", ord("\t"): "\\t", ord("\n"): "\\n", ord("\r"): "\\r"}

Column = Sequence[Any]
_Format = Callable[[Column], Sequence[str]]


def copy_text(columns: Sequence[Column], kinds: Sequence[str]) -> str:
    """Rows as lines. columns: values of a column each, all of one length; kinds: its PostgreSQL type.

    None is null. uuid takes UUID, int and its kin int, boolean bool; every other type takes its text form.
    Raises TypeError or AttributeError for anything else.
    """
    fields = [_formatted(column, _FORMATS.get(kind, _texts)) for column, kind in zip(columns, kinds, strict=True)]
    return "\n".join(chain(map("\t".join, zip(*fields, strict=True)), [""]))


def _formatted(column: Column, form: _Format) -> Sequence[str]:
    """Looking for None in every column would cost more than failing at the first."""
    try:
        return form(column)
    except (TypeError, AttributeError):
        known = iter(form([value for value in column if value is not None]))
        return [_NULL if value is None else next(known) for value in column]


def _texts(column: Column) -> Sequence[str]:
    """Most columns have nothing to escape; one look at all their values together tells."""
    together = "".join(column)
    if together.isprintable() and "\\" not in together:
        return column
    return [value.translate(_ESCAPES) for value in column]


def _uuids(column: Column) -> Sequence[str]:
    return [value.int.to_bytes(16).hex() for value in column]  # faster than `hex`, which formats a number


def _integers(column: Column) -> Sequence[str]:
    return list(map(int.__repr__, column))


def _booleans(column: Column) -> Sequence[str]:
    return [("f", "t")[value] for value in column]


_FORMATS: Final[Mapping[str, _Format]] = {
    "uuid": _uuids,
    "smallint": _integers,
    "int": _integers,
    "bigint": _integers,
    "boolean": _booleans,
}
