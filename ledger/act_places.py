"""Where the events of published acts lie, from the positions beside the tiles: a few small files, whatever the size."""

from __future__ import annotations

from bisect import bisect_right
from typing import Final

from signing.act import open_act
from signing.tile import TILE_WIDTH, ReadTile, parse_entry_bundle, parse_positions, tile_path, width_of

_CACHED: Final = 64


class ActPlaces:
    """The places of acts 0..size-1, read through `read_tile`. Raises what that does; VerificationError."""

    def __init__(self, size: int, origin: str, read_tile: ReadTile) -> None:
        self.size: Final = size
        self._origin = origin
        self._read_tile = read_tile
        self._starts: dict[int, list[int]] = {}
        self._events: int | None = None

    @property
    def events(self) -> int:
        """How many events the acts carry together."""
        if self._events is None:
            self._events = self._first_after_all() if self.size else 0
        return self._events

    def first(self, index: int) -> int:
        """The first position of an act's events; of the act after the last, where events end."""
        if index >= self.size:
            return self.events
        number, at = divmod(index, TILE_WIDTH)
        return self._starts_of(number)[at]

    def act_of(self, position: int) -> int:
        """The act whose event lies at a position."""
        numbers = range(-(-self.size // TILE_WIDTH))
        number = bisect_right(numbers, position, key=lambda one: self._starts_of(one)[0]) - 1
        return number * TILE_WIDTH + bisect_right(self._starts_of(number), position) - 1

    def _starts_of(self, number: int) -> list[int]:
        starts = self._starts.get(number)
        if starts is None:
            width = width_of(self.size, number)
            starts = parse_positions(self._read_tile(tile_path("positions", number, width)), width)
            if len(self._starts) >= _CACHED:
                self._starts.clear()
            self._starts[number] = starts
        return starts

    def _first_after_all(self) -> int:
        number = (self.size - 1) // TILE_WIDTH
        width = width_of(self.size, number)
        last = parse_entry_bundle(self._read_tile(tile_path("entries", number, width)), width)[-1]
        return self.first(self.size - 1) + open_act(last, self._origin).header.events
