"""Tiles and bundles: what a growing log writes, and what is read back from it."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signing.merkle import consistency_path, inclusion_path, leaf_hash, root
from signing.tile import (
    entry_bundles_for,
    event_bundles_for,
    parse_entry_bundle,
    parse_event_bundle,
    parse_positions,
    parse_tile,
    parse_tile_path,
    position_bundles_for,
    tile_path,
    tiles_for,
    width_of,
)
from signing.tile_reader import TileReader, root_from_tiles
from signing.verification_error import VerificationError

LEAVES = [leaf_hash(b"%d" % at) for at in range(66_000)]


class Folder(dict[str, bytes]):
    """Files in memory that note what was read."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def get_file(self, path: str) -> bytes:
        """The file, as an object store would answer."""
        self.read.append(path)
        return self[path]


@pytest.mark.parametrize(
    ("path", "kind", "number", "width"),
    [
        ("tile/0/000", 0, 0, 256),
        ("tile/0/001.p/5", 0, 1, 5),
        ("tile/2/x001/x234/067", 2, 1_234_067, 256),
        ("tile/entries/x001/000.p/255", "entries", 1000, 255),
        ("tile/events/999", "events", 999, 256),
        ("tile/positions/x012/345", "positions", 12_345, 256),
    ],
)
def test_paths_are_those_of_the_format(path: str, kind: int | str, number: int, width: int) -> None:
    """Given a tile's place, when written as a path, then as C2SP writes it, and back."""
    parsed = parse_tile_path(path)
    assert (parsed.kind, parsed.number, parsed.width) == (kind, number, width)
    assert tile_path(parsed.kind, number, width) == path


@pytest.mark.parametrize(
    "path",
    ["", "tile", "tile/0", "tile/0/1", "tile/0/0000", "tile/00/000", "tile/8/000", "tile/-1/000", "tile/0/000.p/0",
     "tile/0/000.p/256", "tile/0/000.p/05", "tile/0/001/000", "tile/0/x1/000", "tile/data/000", "x/0/000",
     "tile/0/../000", "tile/0/-01", "tile/0/\u0661\u0661\u0661", "tile/0/x000/001", "tile/0/000.p/"],
)  # fmt: skip
def test_other_paths_are_refused(path: str) -> None:
    """Given a path that is written otherwise, when parsed, then refused."""
    with pytest.raises(VerificationError):
        parse_tile_path(path)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 700), min_size=1, max_size=6))
def test_a_log_grown_in_steps_has_the_tiles_of_one_grown_at_once(steps: list[int]) -> None:
    """Given growth in steps, when tiles are made, then the last state is that of one step, at one read a level."""
    folder, size = Folder(), 0
    for step in steps:
        before = len(folder.read)
        folder.update(tiles_for(size, size + step, LEAVES[size : size + step], folder.get_file))
        assert len(folder.read) - before <= 3
        size += step
    at_once = tiles_for(0, size, LEAVES[:size], folder.get_file)
    assert {path: folder[path] for path in at_once} == at_once
    assert root_from_tiles(size, folder.get_file) == root(LEAVES[:size])


def test_three_levels_give_roots_and_proofs() -> None:
    """Given more than 256 full tiles, when read, then level 2 is there and roots and paths are the tree's."""
    folder, size = Folder(), len(LEAVES)
    folder.update(tiles_for(0, 65_535, LEAVES[:65_535], folder.get_file))
    assert "tile/2/000.p/1" not in folder
    folder.update(tiles_for(65_535, size, LEAVES[65_535:], folder.get_file))
    assert folder["tile/2/000.p/1"] == root(LEAVES[:65_536])
    assert "tile/1/001.p/1" in folder
    reader, told = TileReader(size, folder.get_file), list[int]()
    assert reader.root() == root(LEAVES) == root_from_tiles(size, folder.get_file, told.append)
    assert told[-1] == size
    folder.read.clear()
    for index in (0, 255, 256, 65_535, 65_536, size - 1):
        assert reader.leaf_hash(index) == LEAVES[index]
        assert reader.inclusion_path(index) == inclusion_path(LEAVES, index)
    for old in (0, 1, 255, 256, 65_536, 65_537, size):
        assert reader.consistency_path(old) == consistency_path(LEAVES, old)
    assert len(folder.read) < 40
    frontier = reader.frontier()
    assert (frontier.size, frontier.root()) == (size, root(LEAVES))


@given(st.integers(0, 700))
@settings(max_examples=40, deadline=None)
def test_a_reader_knows_every_size(size: int) -> None:
    """Given any size, when read from tiles, then root and frontier are the tree's."""
    files = tiles_for(0, size, LEAVES[:size], Folder().get_file)
    reader = TileReader(size, files.__getitem__)
    assert reader.root() == reader.frontier().root() == root(LEAVES[:size])
    with pytest.raises(VerificationError):
        reader.leaf_hash(size)


def test_a_tile_that_contradicts_the_level_below_is_found() -> None:
    """Given a changed hash in level 1, when the root is recomputed, then refused."""
    folder = Folder()
    folder.update(tiles_for(0, 600, LEAVES[:600], folder.get_file))
    folder["tile/1/000.p/2"] = bytes(64)
    with pytest.raises(VerificationError):
        root_from_tiles(600, folder.get_file)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(st.binary(max_size=3), max_size=300), max_size=4))
def test_bundles_grow_as_tiles_do(steps: list[list[bytes]]) -> None:
    """Given entries, events and positions in steps, when bundled, then they are read back in order."""
    folder, items = Folder(), list[bytes]()
    for step in steps:
        old, new = len(items), len(items) + len(step)
        folder.update(entry_bundles_for(old, new, step, folder.get_file))
        folder.update(event_bundles_for(old, new, step, folder.get_file))
        folder.update(position_bundles_for(old, new, [at * 3 for at in range(old, new)], folder.get_file))
        items += step
    entries, events, positions = list[bytes](), list[bytes](), list[int]()
    for number in range(-(-len(items) // 256)):
        width = width_of(len(items), number)
        entries += parse_entry_bundle(folder[tile_path("entries", number, width)], width)
        events += parse_event_bundle(folder[tile_path("events", number, width)], width)
        positions += parse_positions(folder[tile_path("positions", number, width)], width)
    assert entries == events == items
    assert positions == [at * 3 for at in range(len(items))]


def test_a_torn_partial_file_stops_the_growth() -> None:
    """Given an old partial file that is cut, or too few items, when growing, then refused, not continued."""
    for cut in (b"", b"\x00\x05ab", b"\x00\x01a\x00", b"\x00\x01a" * 3):
        with pytest.raises(VerificationError):
            entry_bundles_for(2, 3, [b"x"], {"tile/entries/000.p/2": cut}.__getitem__)
        with pytest.raises(VerificationError):
            tiles_for(2, 3, LEAVES[2:3], {"tile/0/000.p/2": cut}.__getitem__)
        with pytest.raises(VerificationError):
            position_bundles_for(2, 3, [7], {"tile/positions/000.p/2": cut}.__getitem__)
    with pytest.raises(VerificationError):
        tiles_for(0, 3, LEAVES[:2], Folder().get_file)
    with pytest.raises(VerificationError):
        entry_bundles_for(0, 1, [b"x" * 65_536], Folder().get_file)


@given(st.binary(max_size=80), st.integers(0, 5))
def test_hostile_bundles_raise_one_family(data: bytes, width: int) -> None:
    """Given any bytes, when parsed as tiles or bundles, then items or VerificationError."""
    for parse in (parse_tile, parse_entry_bundle, parse_event_bundle, parse_positions):
        with suppress(VerificationError):
            assert len(parse(data, width)) == width
