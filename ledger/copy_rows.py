"""Rows in PostgreSQL's binary COPY form, packed before the head is locked; events get their places under the lock.

Layout: signature, int32 flags, int32 header extension; per row int16 fields, then per field int32 length || bytes;
int16 -1 at the end (PostgreSQL documentation, COPY, binary format).
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Sequence
from typing import Final

import msgspec

from ledger.sealed_field import SealedField

EVENT_COLUMNS: Final = ("position", "act_index", "originator_id", "originator_version", "topic", "state")
SEALED_COLUMNS: Final = ("digest", "stream", "owner", "version", "pointer", "ciphertext")

_SIGNATURE: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END: Final = b"\xff\xff"
_UNPLACED: Final = struct.pack("!h iq iq i", len(EVENT_COLUMNS), 8, 0, 8, 0, 16)
_EIGHT: Final = struct.pack("!i", 8)
_place: Final = struct.Struct("!iqiq").pack_into
_sealed: Final = struct.Struct("!h i32s i16s i16s iq i").pack
_length: Final = struct.Struct("!i").pack


class EventRows(msgspec.Struct, frozen=True):
    """Event rows whose positions are not known yet. data: the whole COPY stream; starts: uint32 offsets of its rows."""

    data: bytes
    starts: bytes

    def placed(self, first_position: int, act_index: int) -> bytearray:
        """The COPY stream with the places filled in."""
        data = bytearray(self.data)
        for position, start in enumerate(array("I", self.starts), start=first_position):
            _place(data, start + 2, 8, position, 8, act_index)
        return data


class RowPacker:
    """Packs event entries as rows, in the order in which they are to stand."""

    def __init__(self) -> None:
        self._data = bytearray(_SIGNATURE)
        self._starts = array("I")
        self._topics: dict[str, bytes] = {}

    def add(self, entry: bytes, topic: str, payload: bytes) -> None:
        """An event entry (stream's 16 bytes, version in 8, ...), and what of it are type and payload."""
        if (packed := self._topics.get(topic)) is None:
            name = topic.encode()
            packed = self._topics[topic] = _length(len(name)) + name
        self._starts.append(len(self._data))
        row = (_UNPLACED, entry[:16], _EIGHT, entry[16:24], packed, _length(len(payload)), payload)
        self._data += b"".join(row)

    def packed(self) -> EventRows:
        """All of them."""
        return EventRows(bytes(self._data + _END), self._starts.tobytes())


def packed_sealed(fields: Sequence[SealedField]) -> bytes:
    """The COPY stream of ciphertexts; empty when there are none."""
    if not fields:
        return b""
    parts = [_SIGNATURE]
    for row in fields:
        pointer = row.pointer.encode()
        head = _sealed(6, 32, row.digest, 16, row.stream.bytes, 16, row.owner.bytes, 8, row.version, len(pointer))
        parts += (head, pointer, _length(len(row.ciphertext)), row.ciphertext)
    parts.append(_END)
    return b"".join(parts)
