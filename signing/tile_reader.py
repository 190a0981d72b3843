"""Roots and proofs from hash tiles alone: O(log n) small files instead of the whole log."""

from __future__ import annotations

from collections.abc import Callable

from signing.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_ranges,
    inclusion_ranges,
    node_hash,
    root,
    split,
)
from signing.tile import TILE_WIDTH, ReadTile, parse_tile, tile_path, width_of
from signing.verification_error import VerificationError

_CACHED_TILES = 1024


class TileReader:
    """The tree of `size` leaves, read through `read_tile(path) -> bytes`. Nothing is checked against a signature here.

    Widths of partial tiles are those of `size`; where only the full tile is left, `read_tile` may answer with it cut.
    """

    def __init__(self, size: int, read_tile: ReadTile) -> None:
        if size < 0:
            raise VerificationError("tile", "a tree has no negative size")
        self.size = size
        self._read_tile = read_tile
        self._tiles: dict[tuple[int, int], list[bytes]] = {}

    def root(self) -> bytes:
        """The root of the whole tree."""
        return self.range_root(0, self.size) if self.size else EMPTY_ROOT

    def inclusion_path(self, index: int) -> list[bytes]:
        """As `merkle.inclusion_path`, from tiles."""
        return [self.range_root(start, end) for start, end in inclusion_ranges(index, self.size)]

    def consistency_path(self, old_size: int) -> list[bytes]:
        """As `merkle.consistency_path`, from tiles."""
        return [self.range_root(start, end) for start, end in consistency_ranges(old_size, self.size)]

    def frontier(self) -> Frontier:
        """The state from which a sequencer goes on."""
        peaks, start = [], 0
        for bit in range(self.size.bit_length() - 1, -1, -1):
            if self.size >> bit & 1:
                peaks.append(self.node(bit, start >> bit))
                start += 1 << bit
        return Frontier.from_peaks(self.size, peaks)

    def leaf_hash(self, index: int) -> bytes:
        """The hash of one leaf."""
        return self.node(0, index)

    def range_root(self, start: int, end: int) -> bytes:
        """The root over leaves [start, end), a range that occurs as a subtree when the tree is split."""
        size = end - start
        if size & (size - 1) == 0:
            level = size.bit_length() - 1
            return self.node(level, start >> level)
        middle = start + split(size)
        return node_hash(self.range_root(start, middle), self.range_root(middle, end))

    def node(self, level: int, index: int) -> bytes:
        """The root of the complete subtree of 2**level leaves that starts at leaf index * 2**level."""
        if index < 0 or (index + 1) << level > self.size:
            raise VerificationError("tile", "no such complete subtree")
        tile_level, inside = divmod(level, 8)
        number, at = divmod(index << inside, TILE_WIDTH)
        return root(self._tile(tile_level, number)[at : at + (1 << inside)])

    def _tile(self, level: int, number: int) -> list[bytes]:
        hashes = self._tiles.get((level, number))
        if hashes is None:
            width = width_of(self.size >> (8 * level), number)
            hashes = parse_tile(self._read_tile(tile_path(level, number, width)), width)
            if len(self._tiles) >= _CACHED_TILES:
                self._tiles.clear()
            self._tiles[level, number] = hashes
        return hashes


def root_from_tiles(size: int, read_tile: ReadTile, progress: Callable[[int], None] | None = None) -> bytes:
    """The root over all leaves, recomputed from level 0; higher levels must agree on the way.

    progress: told the number of leaves done. Raises VerificationError `tile` where a level contradicts the one below.
    """
    level, hashes = 0, _level(0, size, read_tile, progress)
    while len(hashes) >= TILE_WIDTH:
        full = len(hashes) // TILE_WIDTH
        above = [root(hashes[at * TILE_WIDTH : (at + 1) * TILE_WIDTH]) for at in range(full)]
        level += 1
        if _level(level, full, read_tile, None) != above:
            raise VerificationError("tile", f"level {level} contradicts the level below")
        hashes = above
    return TileReader(size, read_tile).root()


def _level(level: int, count: int, read_tile: ReadTile, progress: Callable[[int], None] | None) -> list[bytes]:
    hashes: list[bytes] = []
    for number in range(-(-count // TILE_WIDTH)):
        width = width_of(count, number)
        hashes += parse_tile(read_tile(tile_path(level, number, width)), width)
        if progress is not None:
            progress(len(hashes))
    return hashes
