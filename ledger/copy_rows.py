"""Rows in PostgreSQL's binary COPY form, packed before the head is locked; events get their places under the lock.

Layout: signature, int32 flags, int32 header extension; per row int16 fields, then per field int32 length || bytes;
int16 -1 at the end (PostgreSQL documentation, COPY, binary format).
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain, repeat
from typing import Final

import msgspec

from ledger.sealed_field import SealedField

EVENT_COLUMNS: Final = ("position", "act_index", "originator_id", "originator_version", "topic", "state")
SEALED_COLUMNS: Final = ("digest", "stream", "owner", "version", "pointer", "ciphertext")

_PIECE: Final = 250
"""Rows of a piece of a COPY stream, some hundred kilobytes."""
_SIGNATURE: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END: Final = b"\xff\xff"
_UNPLACED: Final = struct.pack("!h iq iq i", len(EVENT_COLUMNS), 8, 0, 8, 0, 16)
_EIGHT: Final = struct.pack("!i", 8)
_BARE_ROW: Final = len(_UNPLACED) + 16 + 4
"""Bytes of a row beside its kind and its payload."""
_place: Final = struct.Struct("!iqiq").pack_into
_sealed: Final = struct.Struct("!h i32s i16s i16s iq i").pack
_length: Final = struct.Struct("!i").pack


class EventRows(msgspec.Struct, frozen=True):
    """Event rows whose positions are not known yet. data: the whole COPY stream; starts: uint32 offsets of its rows."""

    data: bytes
    starts: bytes

    def placed(self, first_position: int, act_index: int) -> Iterator[bytearray]:
        """The COPY stream with the places filled in, piece by piece: while one is read, the next can be made."""
        starts, view = array("I", self.starts), memoryview(self.data)
        for first in range(0, len(starts), _PIECE):
            rows = starts[first : first + _PIECE]
            begin = rows[0] if first else 0
            end = starts[first + _PIECE] if first + _PIECE < len(starts) else len(view)
            piece = bytearray(view[begin:end])
            for position, start in enumerate(rows, start=first_position + first):
                _place(piece, start - begin + 2, 8, position, 8, act_index)
            yield piece


class RowPacker:
    """Packs events as rows, in the order in which they are to stand."""

    def __init__(self) -> None:
        self._parts: list[bytes] = [_SIGNATURE]
        self._ends = array("I", [len(_SIGNATURE)])

    def add(self, entry: bytes, topic: str, payload: bytes) -> None:
        """An event entry (stream's 16 bytes, version in 8, ...), and what of it are type and payload."""
        kind = row_kind(int.from_bytes(entry[16:24], "big"), topic)
        self.add_all([entry[:16]], [kind], [payload])

    def add_all(self, streams: Sequence[bytes], kinds: Sequence[bytes], payloads: Sequence[bytes]) -> None:
        """Many events at a time. streams: 16 bytes each; kinds: as `row_kind`."""
        sizes = list(map(len, payloads))
        rows = zip(repeat(_UNPLACED), streams, kinds, map(_length, sizes), payloads, strict=False)
        self._parts.extend(chain.from_iterable(rows))
        lengths = map(sum, zip(repeat(_BARE_ROW), map(len, kinds), sizes, strict=False))
        self._ends.extend(accumulate(lengths, initial=self._ends.pop()))

    def packed(self) -> EventRows:
        """All of them."""
        return EventRows(b"".join([*self._parts, _END]), self._ends[:-1].tobytes())


def row_kind(version: int, topic: str) -> bytes:
    """What of a row is alike in all events of one type and version."""
    name = topic.encode()
    return b"".join((_EIGHT, version.to_bytes(8, "big"), _length(len(name)), name))


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
