"""What is published of a log at one checkpoint: every file by its name, for a folder, a bundle, a mirror."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import msgspec

from ledger.act_places import ActPlaces
from ledger.tile_store import TileStore
from signing.checkpoint import Checkpoint
from signing.tile import TILE_WIDTH, Kind, tile_path, width_of


class PublishedLog(msgspec.Struct, frozen=True, kw_only=True):
    """A log as of one checkpoint. note: the signed checkpoint; events: how many its acts carry.

    policy: JSON of the witness policy; small: further files by name (genesis, keys); history: (size, note) of the
    earlier checkpoints, told anew each time; stamped: (name, bytes) of timestamps and what they stamp.
    """

    checkpoint: Checkpoint
    note: bytes
    events: int
    tiles: TileStore
    small: dict[str, bytes]
    history: Callable[[], Iterator[tuple[int, bytes]]]
    policy: bytes = b"{}"
    stamped: Callable[[], Iterable[tuple[str, bytes]]] = tuple

    def places(self) -> ActPlaces:
        """Where the events of its acts lie."""
        return ActPlaces(self.checkpoint.size, self.checkpoint.origin, self.tiles.read)

    def tile_paths(self) -> Iterator[str]:
        """Every tile and bundle, those of level 0 first."""
        size, level = self.checkpoint.size, 0
        while count := size >> (8 * level):
            yield from _paths(level, count)
            level += 1
        yield from _paths("entries", size)
        yield from _paths("positions", size)
        yield from _paths("events", self.events)

    def files(self) -> Iterator[tuple[str, bytes]]:
        """(name, bytes) of everything but the checkpoint itself, one at a time."""
        for path in self.tile_paths():
            yield path, self.tiles.read(path)
        yield from self.small.items()
        for size, note in self.history():
            yield f"checkpoints/{size}", note
        yield from self.stamped()


def _paths(kind: Kind, count: int) -> Iterator[str]:
    for number in range(-(-count // TILE_WIDTH)):
        yield tile_path(kind, number, width_of(count, number))
