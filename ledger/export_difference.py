"""Where two histories part: the first act in which an export folder differs from the published log."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from itertools import accumulate
from pathlib import Path

from ledger.published_files import PublishedLog
from signing.merkle import HASH_SIZE
from signing.tile import (
    TILE_WIDTH,
    Kind,
    parse_entry_bundle,
    parse_event_bundle,
    tile_path,
    width_of,
)

_POSITION_SIZE = 8
Framed = Callable[[bytes, int], list[int]]
"""The bytes each item of a file takes, from its bytes and width."""


def first_difference(log: PublishedLog, folder: Path, claimed: int | None = None) -> int | None:
    """The index of the first act of which the folder's tiles or bundles say something else; None when none does.

    claimed: how many acts the folder's checkpoint speaks of; where it goes on beyond the log, the act after the log's
    last is the first that differs. Reads both, bundle by bundle, up to the difference.
    """
    found = [
        index
        for index in (
            _first(log, folder, 0, lambda _, width: [HASH_SIZE] * width),
            _first(
                log, folder, "entries", lambda data, width: [2 + len(one) for one in parse_entry_bundle(data, width)]
            ),
            _first(log, folder, "positions", lambda _, width: [_POSITION_SIZE] * width),
            _first_of_events(log, folder),
            *_upper_levels(log, folder),
        )
        if index is not None
    ]
    if found:
        return min(found)
    size = log.checkpoint.size
    return size if claimed is not None and claimed > size else None


def _first(log: PublishedLog, folder: Path, kind: Kind, framed: Framed, count: int | None = None) -> int | None:
    """The first item of a kind that differs."""
    count = log.checkpoint.size if count is None else count
    for number in range(-(-count // TILE_WIDTH)):
        width = width_of(count, number)
        ours = log.tiles.read(tile_path(kind, number, width))
        at = _differs_at(ours, list(accumulate(framed(ours, width))), _theirs(folder, kind, number))
        if at is not None:
            return number * TILE_WIDTH + at
    return None


def _first_of_events(log: PublishedLog, folder: Path) -> int | None:
    position = _first(
        log,
        folder,
        "events",
        lambda data, width: [4 + len(one) for one in parse_event_bundle(data, width)],
        log.events,
    )
    return None if position is None else log.places().act_of(position)


def _upper_levels(log: PublishedLog, folder: Path) -> Iterator[int]:
    """The first act below a hash of a higher level that differs."""
    level = 1
    while count := log.checkpoint.size >> (8 * level):
        at = _first(log, folder, level, lambda _, width: [HASH_SIZE] * width, count)
        if at is not None:
            yield at << (8 * level)
        level += 1


def _theirs(folder: Path, kind: Kind, number: int) -> bytes:
    """The folder's file, whole or the widest partial one; empty where there is none."""
    path = folder / tile_path(kind, number)
    partials = path.with_name(f"{path.name}.p")
    widths = [int(one.name) for one in partials.iterdir() if one.name.isdecimal()] if partials.is_dir() else []
    if not path.is_file():
        if not widths:
            return b""
        path = partials / str(max(widths))
    return path.read_bytes()


def _differs_at(ours: bytes, ends: list[int], theirs: bytes) -> int | None:
    """The first item that differs. ends: where each of ours ends. Shorter by whole items is no difference."""
    end = min(len(ours), len(theirs))
    same = end if ours[:end] == theirs[:end] else next(at for at in range(end) if ours[at] != theirs[at])
    if same == len(ours) or (same == len(theirs) and same in {0, *ends}):
        return None
    return bisect_right(ends, same)
