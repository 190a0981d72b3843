"""COPY's text format, written by hand: adapting value by value costs a rebuild more than the server's own work.

(PostgreSQL manual, COPY, "Text Format".) A test holds it against psycopg's own writer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, cast
from uuid import UUID

_ESCAPES: Final = {ord("\\"): "\\\\", ord("\t"): "\\t", ord("\n"): "\\n", ord("\r"): "\\r"}


def copy_text(rows: Iterable[Sequence[Any]]) -> str:
    """Rows of None, str, int, bool and UUID values as lines."""
    return "".join(["\t".join([_field(value) for value in row]) + "\n" for row in rows])


def _field(value: Any) -> str:
    kind = type(value)
    if kind is UUID:
        return cast("UUID", value).hex
    if value is None:
        return "\\N"
    if kind is int:
        return str(value)
    if kind is bool:
        return "t" if value else "f"
    if not isinstance(value, str):
        raise TypeError(kind.__name__)
    # Most values have nothing to escape, and translating is dear.
    return value if value.isprintable() and "\\" not in value else value.translate(_ESCAPES)
