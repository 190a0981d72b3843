"""PostgreSQL arrays in their binary wire form, built directly: an append sends thirteen of them.

Layout: int32 dimensions, int32 has-nulls, uint32 element type, int32 length, int32 lower bound, then per element int32
length (-1 for null) || bytes (PostgreSQL source, array_send).
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any, ClassVar, Final
from uuid import UUID

from psycopg import Connection
from psycopg.adapt import Buffer, Dumper
from psycopg.pq import Format
from typing_extensions import override

_head: Final = struct.Struct("!iiIii").pack
_length: Final = struct.Struct("!i").pack
_int4: Final = struct.Struct("!ii").pack
_int8: Final = struct.Struct("!iq").pack
_NULL: Final = _length(-1)
_SIXTEEN: Final = _length(16)


class _Array:
    """Bytes on their way to the server. element, array: type numbers of pg_type, which never change."""

    __slots__ = ("data",)
    element: ClassVar[int]
    array: ClassVar[int]

    def __init__(self, length: int, body: bytes, *, nulls: bool = False) -> None:
        self.data = _head(1, nulls, self.element, length, 1) + body if length else _head(0, 0, self.element, 0, 0)[:12]


class UuidArray(_Array):
    """uuid[]"""

    element, array = 2950, 2951

    def __init__(self, values: Sequence[UUID]) -> None:
        super().__init__(len(values), b"".join([_SIXTEEN + value.bytes for value in values]))


class BytesArray(_Array):
    """bytea[]"""

    element, array = 17, 1001

    def __init__(self, values: Sequence[bytes]) -> None:
        super().__init__(len(values), b"".join([_length(len(value)) + value for value in values]))


class TextArray(_Array):
    """text[], None for null"""

    element, array = 25, 1009

    def __init__(self, values: Sequence[str | None]) -> None:
        encoded = [None if value is None else value.encode() for value in values]
        body = b"".join([_NULL if item is None else _length(len(item)) + item for item in encoded])
        super().__init__(len(values), body, nulls=None in values)


class Int4Array(_Array):
    """int[]"""

    element, array = 23, 1007

    def __init__(self, values: Sequence[int]) -> None:
        super().__init__(len(values), b"".join([_int4(4, value) for value in values]))


class Int8Array(_Array):
    """bigint[]"""

    element, array = 20, 1016

    def __init__(self, values: Sequence[int]) -> None:
        super().__init__(len(values), b"".join([_int8(8, value) for value in values]))


def register_arrays(connection: Connection[Any]) -> None:
    """Let a connection send these arrays."""
    for kind in (UuidArray, BytesArray, TextArray, Int4Array, Int8Array):
        connection.adapters.register_dumper(kind, _dumper(kind))


def _dumper(kind: type[_Array]) -> type[Dumper]:
    class ArrayDumper(Dumper):
        format = Format.BINARY
        oid = kind.array

        @override
        def dump(self, obj: Any) -> Buffer | None:
            data: bytes = obj.data
            return data

    return ArrayDumper
