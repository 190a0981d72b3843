"""Events drafted many at a time get the bytes, hashes and refusals that each gets alone."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from domain.errors import Refusal
from domain.event import Event
from domain.sealed import Plain, Sealed
from ledger.copy_rows import RowPacker
from ledger.event_batch import packed_events
from ledger.mapper import EventMapper
from ledger.placed_event import PlacedEvent
from signing.merkle import leaf_hash
from tests.ledger.conftest import BOX_EVENTS, BoxClosed, BoxPacked

MAPPER = EventMapper(BOX_EVENTS)
LABEL = Sealed(kc="k", nonce="n", ct="c", len=3)


class Unknown(Event, frozen=True, kw_only=True, tag="box.unknown/1"):
    """Of no type that the mapper knows."""


def _named(text: str) -> Event:
    return BoxPacked(piece=1, label=Sealed(kc=text, nonce="n", ct="c", len=3))


GOOD: dict[str, Event] = {
    "plain": BoxPacked(piece=1),
    "sealed": BoxPacked(piece=2, label=LABEL),
    "Vietnamese": _named("Hồ sơ số 1"),
    "other letters": _named("語 Ω \U0001f600"),
    "words that hold null": _named("null and void"),
    "a line's end": _named("a\nb\r\n\u2028"),
    "of another type": BoxClosed(inside=(LABEL,)),
    "nearly too large": _named("x" * 65_300),
}
BAD: dict[str, tuple[PlacedEvent, str]] = {
    "not sealed": (PlacedEvent(uuid4(), 1, BoxPacked(piece=1, label=Plain("x")), uuid4()), "event-not-sealed"),
    "unknown": (PlacedEvent(uuid4(), 1, Unknown(), uuid4()), "event-unknown"),
    "not NFC": (PlacedEvent(uuid4(), 1, _named("Ho\u0302\u0300"), uuid4()), "event-bytes-refused"),
    "a null": (PlacedEvent(uuid4(), 1, BoxPacked(piece=None), uuid4()), "event-bytes-refused"),  # type: ignore[arg-type]
    "too large": (PlacedEvent(uuid4(), 1, _named("x" * 65_536), uuid4()), "event-bytes-refused"),
    "version 0": (PlacedEvent(uuid4(), 0, BoxPacked(piece=1), uuid4()), "event-bytes-refused"),
    "a version too high": (PlacedEvent(uuid4(), 1 << 64, BoxPacked(piece=1), uuid4()), "event-bytes-refused"),
}


def _alone(events: list[PlacedEvent]) -> tuple[bytes, bytes, list[bytes]]:
    packer, hashes = RowPacker(), []
    for item in events:
        name, payload, entry = MAPPER.entry(item.stream, item.version, item.event)
        packer.add(entry, name, payload)
        hashes.append(leaf_hash(entry))
    rows = packer.packed()
    return rows.data, rows.starts, hashes


def _together(events: list[PlacedEvent]) -> tuple[bytes, bytes, list[bytes]]:
    rows, hashes = packed_events(MAPPER, events)
    return rows.data, rows.starts, hashes


@pytest.mark.parametrize("name", GOOD)
def test_many_events_get_the_bytes_of_each_alone(name: str) -> None:
    """Given an event among hundreds of others, when drafted together, then rows and hashes are those of one by one."""
    events = [PlacedEvent(UUID(int=at), 1 + at % 3, BoxPacked(piece=at), uuid4()) for at in range(600)]
    events[300] = PlacedEvent(UUID(int=7), (1 << 63) - 1, GOOD[name], uuid4())
    assert _together(events) == _alone(events)
    assert _together(events[300:301]) == _alone(events[300:301])


@pytest.mark.parametrize("count", [1, 249, 250, 251, 600])
def test_every_row_of_every_piece_gets_its_place(count: int) -> None:
    """Given rows packed without places, when placed piece by piece, then the stream holds each at its position."""
    events = [PlacedEvent(UUID(int=at), 1, BoxPacked(piece=at), uuid4()) for at in range(count)]
    rows, _ = packed_events(MAPPER, events)
    stream = b"".join(rows.placed(70_000, 9))
    assert stream[:19] == rows.data[:19]
    at, found = 19, []
    while (fields := int.from_bytes(stream[at : at + 2], "big", signed=True)) != -1:
        at, row = at + 2, []
        for _ in range(fields):
            size = int.from_bytes(stream[at : at + 4], "big")
            row.append(stream[at + 4 : at + 4 + size])
            at += 4 + size
        found.append((int.from_bytes(row[0], "big"), int.from_bytes(row[1], "big"), UUID(bytes=row[2]), row[5]))
    assert at + 2 == len(stream)
    payloads = [MAPPER.encode(item.event)[1] for item in events]
    assert found == [(70_000 + n, 9, UUID(int=n), payload) for n, payload in enumerate(payloads)]


@pytest.mark.parametrize("name", BAD)
def test_what_is_refused_alone_is_refused_among_many(name: str) -> None:
    """Given an event that may not be stored, when drafted among others, then it is refused as it is alone."""
    bad, code = BAD[name]
    events = [PlacedEvent(uuid4(), 1, BoxPacked(piece=at), uuid4()) for at in range(600)]
    events[400] = bad
    for way in (_together, _alone):
        with pytest.raises(Refusal) as refused:
            way(events)
        assert refused.value.code == code
