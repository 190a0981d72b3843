"""Rows in PostgreSQL's binary COPY form, packed before the head is locked; events get their places under the lock.

Layout: signature, int32 flags, int32 header extension; per row int16 fields, then per field int32 length || bytes;
int16 -1 at the end (PostgreSQL documentation, COPY, binary format).
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterable, Sequence
from typing import Final, Self

import msgspec

from ledger.sealed_field import SealedField

EVENT_COLUMNS: Final = ("position", "act_index", "originator_id", "originator_version", "topic", "state")
SEALED_COLUMNS: Final = ("digest", "stream", "owner", "version", "pointer", "ciphertext")

_SIGNATURE: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END: Final = b"\xff\xff"
_event: Final = struct.Struct("!h iq iq i16s iq i").pack
_place: Final = struct.Struct("!iqiq").pack_into
_sealed: Final = struct.Struct("!h i32s i16s i16s iq i").pack
_length: Final = struct.Struct("!i").pack


class EventRows(msgspec.Struct, frozen=True):
    """Event rows whose positions are not known yet. data: the whole COPY stream; starts: uint32 offsets of its rows."""

    data: bytes
    starts: bytes

    @classmethod
    def packed(cls, rows: Iterable[tuple[bytes, int, bytes, bytes]]) -> Self:
        """(stream's 16 bytes, version, type, payload) in the order they are to stand."""
        parts = [_SIGNATURE]
        starts, at = array("I"), len(_SIGNATURE)
        for stream, version, topic, state in rows:
            starts.append(at)
            row = b"%b%b%b%b" % (
                _event(6, 8, 0, 8, 0, 16, stream, 8, version, len(topic)), topic, _length(len(state)), state,
            )  # fmt: skip
            parts.append(row)
            at += len(row)
        parts.append(_END)
        return cls(b"".join(parts), starts.tobytes())

    def placed(self, first_position: int, act_index: int) -> bytearray:
        """The COPY stream with the places filled in."""
        data = bytearray(self.data)
        for position, start in enumerate(array("I", self.starts), start=first_position):
            _place(data, start + 2, 8, position, 8, act_index)
        return data


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
