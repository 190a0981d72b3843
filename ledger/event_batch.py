"""The events of a bulk draft encoded, checked, hashed and packed many at a time: one by one the calls cost more than
the work. What a look at all together does not clear goes the way of a single event, which refuses it or not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from domain.event import Event
from ledger.copy_rows import EventRows, RowPacker, row_kind
from ledger.mapper import EventMapper
from ledger.placed_event import PlacedEvent
from signing.event_entry import MAX_ENTRY_SIZE, entry_frame, is_clear
from signing.merkle import leaf_hash, leaf_hashes
from signing.verification_error import VerificationError

_TOGETHER: Final = 250
"""Events looked at together: few enough for a processor's own memory, and for one bad one to cost little."""


class _Alike(NamedTuple):
    """What events of one type and version share. middle: of their entries, between stream and payload; kind: of their
    rows; head: how their payloads begin."""

    middle: bytes
    kind: bytes
    head: bytes


class _Frames(dict[tuple[type[Event], int], _Alike]):
    """By type and version, made when first asked for."""

    def __init__(self, mapper: EventMapper) -> None:
        self._name_of = mapper.name_of

    def __missing__(self, key: tuple[type[Event], int]) -> _Alike:
        name, version = self._name_of(key[0]), key[1]
        middle, head = entry_frame(version, name)
        made = self[key] = _Alike(middle, row_kind(version, name), head)
        return made


def packed_events(mapper: EventMapper, events: Sequence[PlacedEvent]) -> tuple[EventRows, list[bytes]]:
    """Their rows, and the leaf hashes of their entries (32 bytes each), in order.

    Raises Refusal as `EventMapper.entry`.
    """
    frames, packer = _Frames(mapper), RowPacker()
    hashes: list[bytes] = []
    for batch in _batches(events):
        together = _entries_together(mapper, frames, packer, batch)
        hashes += leaf_hashes(together) if together is not None else _one_by_one(mapper, packer, batch)
    return packer.packed(), hashes


def _batches(events: Sequence[PlacedEvent]) -> Iterator[Sequence[PlacedEvent]]:
    for at in range(0, len(events), _TOGETHER):
        yield events[at : at + _TOGETHER]


def _entries_together(
    mapper: EventMapper, frames: _Frames, packer: RowPacker, batch: Sequence[PlacedEvent]
) -> list[bytes] | None:
    """The event entries, rows packed; None, and nothing packed, where a closer look is needed."""
    facts = [item.event for item in batch]
    lines = mapper.encode_all(facts)
    if lines is None or not is_clear(lines):
        return None
    payloads = lines.split(b"\n")
    payloads.pop()  # after the last line's end
    try:
        alike = [frames[key] for key in zip(map(type, facts), [item.version for item in batch], strict=True)]
    except VerificationError:
        return None
    middles, kinds, heads = zip(*alike, strict=True)
    if len(payloads) != len(batch) or not all(map(bytes.startswith, payloads, heads)):
        return None
    streams = [item.stream.bytes for item in batch]
    entries = list(map(b"".join, zip(streams, middles, payloads, strict=True)))
    if max(map(len, entries)) > MAX_ENTRY_SIZE:
        return None
    packer.add_all(streams, kinds, payloads)
    return entries


def _one_by_one(mapper: EventMapper, packer: RowPacker, batch: Sequence[PlacedEvent]) -> Iterator[bytes]:
    """The leaf hashes."""
    for item in batch:
        name, payload, entry = mapper.entry(item.stream, item.version, item.event)
        packer.add(entry, name, payload)
        yield leaf_hash(entry)
