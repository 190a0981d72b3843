"""COPY's text format, written by hand: adapting value by value costs a rebuild more than the server's own work.

(PostgreSQL manual, COPY, "Text Format".) A test holds it against psycopg's own writer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

_ESCAPES: Final = {ord("\\"): "\\\\", ord("\t"): "\\t", ord("\n"): "\\n", ord("\r"): "\\r"}


def copy_text(rows: Iterable[Sequence[Any]]) -> str:
    """Rows of None, str, int, bool and UUID values as lines."""
    return "".join(["\t".join([_field(value) for value in row]) + "\n" for row in rows])


def _field(value: Any) -> str:
    if isinstance(value, str):
        # Checked first: most values have nothing to escape, and translating is dear.
        if "\\" in value or "\n" in value or "\t" in value or "\r" in value:
            return value.translate(_ESCAPES)
        return value
    if isinstance(value, UUID):
        return value.hex
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, int):
        return str(value)
    raise TypeError(type(value).__name__)
