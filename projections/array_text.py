"""Array literals of PostgreSQL, as COPY and array updates carry them."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID


def array_text(values: Iterable[object]) -> str:
    """`{"a","b",NULL}`: each value as its text, quoted where it is text."""
    values = list(values)
    kinds = set(map(type, values))
    return "{" + (_alike(kinds.pop(), values) if len(kinds) == 1 else _mixed(values)) + "}"


def _alike(kind: type, values: list[object]) -> str:
    """Values of one type, as most columns are: written together."""
    if kind is UUID:
        return ",".join([value.int.to_bytes(16).hex() for value in values])  # type: ignore[attr-defined]
    if kind is int:
        return ",".join(map(int.__repr__, values))
    if issubclass(kind, str):
        together = '","'.join(values)  # type: ignore[arg-type]
        if "\\" not in together and together.count('"') == 2 * (len(values) - 1):
            return f'"{together}"'
    return _mixed(values)


def _mixed(values: list[object]) -> str:
    return ",".join([_element(value) for value in values])


def _element(value: object) -> str:
    if isinstance(value, UUID):
        return value.hex
    if value is None:
        return "NULL"
    if isinstance(value, bool | int):
        return str(value)
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
