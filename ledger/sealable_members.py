"""Which members of a Struct may hold a `Plain`, by their types: nearly every member of nearly every event may not.

A `Plain` put where its type does not allow one stays unsealed, and the mapper refuses the event.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec
from msgspec import inspect

from domain.sealed import Plain

_CLOSED = (
    inspect.NoneType, inspect.BoolType, inspect.IntType, inspect.FloatType, inspect.StrType, inspect.BytesType,
    inspect.UUIDType, inspect.EnumType, inspect.LiteralType, inspect.DateType, inspect.DateTimeType,
)  # fmt: skip


@cache
def sealable_members(kind: type[msgspec.Struct]) -> tuple[str, ...]:
    """The names of the members in which to look."""
    described = inspect.type_info(kind)
    assert isinstance(described, inspect.StructType)
    return tuple(field.name for field in described.fields if _may_hold(field.type, frozenset({kind})))


def _may_hold(described: inspect.Type, above: frozenset[type[Any]]) -> bool:
    """above: the Structs that this lies in; one that may lie within itself is always looked into."""
    match described:
        case inspect.StructType(cls=cls):
            inner = above | {cls}
            return cls is Plain or cls in above or any(_may_hold(field.type, inner) for field in described.fields)
        case inspect.UnionType():
            return any(_may_hold(one, above) for one in described.types)
        case inspect.CollectionType():
            return _may_hold(described.item_type, above)
        case inspect.TupleType():
            return any(_may_hold(one, above) for one in described.item_types)
        case inspect.DictType():
            return _may_hold(described.value_type, above)
        case inspect.Metadata():
            return _may_hold(described.type, above)
        case _:
            return not isinstance(described, _CLOSED)  # what is not known may hold one
