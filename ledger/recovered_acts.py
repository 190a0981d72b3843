"""Acts and events as published, read back from tiles in order, for a database that has lost them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from ledger.act_places import ActPlaces
from ledger.tile_store import TileStore
from signing.act import ActHeader, open_act
from signing.checkpoint import Checkpoint
from signing.event_entry import EventEntry, parse_event_entry
from signing.tile import TILE_WIDTH, parse_entry_bundle, parse_event_bundle, tile_path, width_of
from signing.tile_reader import TileReader

_REGISTRY: Final = "registry."


class PublishedAct(msgspec.Struct, frozen=True, kw_only=True):
    """An act where it lies. note: its log entry; entries: how many events it carries."""

    index: int
    note: bytes
    header: ActHeader
    first_position: int


class PublishedActs:
    """The tiles of one log under one checkpoint. Nothing is verified here. Raises OSError, VerificationError."""

    def __init__(self, tiles: TileStore, checkpoint: Checkpoint) -> None:
        self.tiles: Final = tiles
        self.checkpoint: Final = checkpoint
        self.places: Final = ActPlaces(checkpoint.size, checkpoint.origin, tiles.read)
        self._bundle: tuple[int, list[bytes]] = (-1, [])

    def acts(self, start: int) -> Iterator[PublishedAct]:
        """Acts from `start` on."""
        size = self.checkpoint.size
        for number in range(start // TILE_WIDTH, -(-size // TILE_WIDTH)):
            width = width_of(size, number)
            notes = parse_entry_bundle(self.tiles.read(tile_path("entries", number, width)), width)
            for index, note in enumerate(notes, start=number * TILE_WIDTH):
                if index >= start:
                    header = open_act(note, self.checkpoint.origin).header
                    yield PublishedAct(index=index, note=note, header=header, first_position=self.places.first(index))

    def events(self, act: PublishedAct) -> Iterator[tuple[bytes, EventEntry]]:
        """An act's event entries, whole and parsed."""
        for position in range(act.first_position, act.first_position + act.header.events):
            number, at = divmod(position, TILE_WIDTH)
            if self._bundle[0] != number:
                width = width_of(self.places.events, number)
                data = self.tiles.read(tile_path("events", number, width))
                self._bundle = (number, parse_event_bundle(data, width))
            entry = self._bundle[1][at]
            yield entry, parse_event_entry(entry)

    def root(self, size: int) -> bytes:
        """The root of the first `size` acts, no more than are published."""
        return TileReader(size, self.tiles.read).root()


def moves_registry(event: EventEntry) -> bool:
    """Whether the head's registry index follows an act with this event."""
    return event.type.startswith(_REGISTRY)
