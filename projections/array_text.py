"""Array literals of PostgreSQL, as COPY and array updates carry them."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID


def array_text(values: Iterable[object]) -> str:
    """`{"a","b",NULL}`: each value as its text, quoted where it is text."""
    return "{" + ",".join([_element(value) for value in values]) + "}"


def _element(value: object) -> str:
    if isinstance(value, UUID):
        return value.hex
    if value is None:
        return "NULL"
    if isinstance(value, bool | int):
        return str(value)
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
