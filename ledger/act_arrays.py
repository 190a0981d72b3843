"""Acts as the arrays that a log's functions take: an element an act, an event, a guard, a ciphertext."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from ledger.binary_array import BytesArray, Int8Array, TextArray, UuidArray
from ledger.prepared_act import PreparedAct
from ledger.sealed_field import SealedField
from signing.event_entry import EventEntry

ACT_ARRAYS: Final = (UuidArray.array, BytesArray.array, BytesArray.array, TextArray.array)
EVENT_ARRAYS: Final = (UuidArray.array, Int8Array.array, TextArray.array, BytesArray.array)
GUARD_ARRAYS: Final = (UuidArray.array, Int8Array.array)
SEALED_ARRAYS: Final = (
    BytesArray.array, BytesArray.array, UuidArray.array, UuidArray.array, Int8Array.array, TextArray.array,
)  # fmt: skip


def act_arrays(acts: Sequence[PreparedAct]) -> list[bytes | None]:
    """Ids, notes, request digests, traces."""
    return [
        UuidArray([act.id for act in acts]).data,
        BytesArray([act.note for act in acts]).data,
        BytesArray([act.digest for act in acts]).data,
        TextArray([act.trace for act in acts]).data,
    ]


def event_arrays(events: Sequence[EventEntry]) -> list[bytes | None]:
    """Streams, versions, types, payloads."""
    return [
        UuidArray([event.stream for event in events]).data,
        Int8Array([event.version for event in events]).data,
        TextArray([event.type for event in events]).data,
        BytesArray([event.payload for event in events]).data,
    ]


def guard_arrays(guards: Sequence[tuple[UUID, int]]) -> list[bytes | None]:
    """Streams, versions."""
    return [UuidArray([stream for stream, _ in guards]).data, Int8Array([version for _, version in guards]).data]


def sealed_arrays(rows: Sequence[SealedField]) -> list[bytes | None]:
    """In the order of the columns of `sealed.field`."""
    return [
        BytesArray([row.digest for row in rows]).data,
        BytesArray([row.ciphertext for row in rows]).data,
        UuidArray([row.owner for row in rows]).data,
        UuidArray([row.stream for row in rows]).data,
        Int8Array([row.version for row in rows]).data,
        TextArray([row.pointer for row in rows]).data,
    ]
