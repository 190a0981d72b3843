"""C2SP tlog-tiles v0.1.0: the log as small files that never change once full.

Four kinds lie under `tile/`: hash tiles of level 0, 1, ... (32 B a hash), `entries` (uint16be length || entry),
and two of our own: `events` (uint32be length || event entry, by global position) and `positions` (uint64be: each act's
first event position). A file holds 256 items, or fewer while it is the last: then its path ends in `.p/<W>`.
Pure: bytes of old partial files come through `read_tile(path)`.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from typing import Final, Literal

import msgspec

from signing.merkle import HASH_SIZE, root
from signing.verification_error import VerificationError

TILE_WIDTH: Final = 256
Kind = int | Literal["entries", "events", "positions"]
ReadTile = Callable[[str], bytes]
_LENGTH_BYTES: Final = {"entries": 2, "events": 4}
_UNPACK: Final = {2: struct.Struct("!H").unpack_from, 4: struct.Struct("!I").unpack_from}
_MAX_LEVEL: Final = 7  # 256**8 leaves are all that a 64-bit size can count


class TilePath(msgspec.Struct, frozen=True):
    """A parsed path. kind: a hash level, or the name of a bundle; width: 1..256 items."""

    kind: Kind
    number: int
    width: int


def tile_path(kind: Kind, number: int, width: int = TILE_WIDTH) -> str:
    """`tile/<L>/<N>[.p/<W>]`; N in groups of three digits, all but the last prefixed with x."""
    if number < 0 or not 1 <= width <= TILE_WIDTH:
        raise VerificationError("tile-path", "no such tile")
    digits = str(number)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    name = "/".join([*("x" + group for group in groups[:-1]), groups[-1]])
    return f"tile/{kind}/{name}" if width == TILE_WIDTH else f"tile/{kind}/{name}.p/{width}"


def parse_tile_path(path: str) -> TilePath:
    """Inverse of `tile_path`. Raises VerificationError `tile-path`."""
    try:
        _, kind_text, rest = path.split("/", 2)
        name, partial, width_text = rest.partition(".p/")
        number, width = int(name.replace("x", "").replace("/", "")), int(width_text) if partial else TILE_WIDTH
        kind: Kind
        match kind_text:
            case "entries" | "events" | "positions":
                kind = kind_text
            case _:
                kind = int(kind_text)
        same = tile_path(kind, number, width) == path and (isinstance(kind, str) or 0 <= kind <= _MAX_LEVEL)
    except ValueError as error:
        raise VerificationError("tile-path", "not the path of a tile") from error
    if not same:
        raise VerificationError("tile-path", "not the path of a tile")
    return TilePath(kind, number, width)


def width_of(size: int, number: int) -> int:
    """How many items file `number` holds when there are `size` in all; 0 when there is no such file."""
    return max(0, min(TILE_WIDTH, size - number * TILE_WIDTH))


def tiles_for(old_size: int, new_size: int, leaf_hashes: Sequence[bytes], read_tile: ReadTile) -> dict[str, bytes]:
    """Path -> bytes of the hash tiles, full and partial, that a log grown from `old_size` to `new_size` gains.

    leaf_hashes: those of leaves old_size..new_size-1. read_tile is asked for at most one partial tile a level, with
    the widths that belong to `old_size`. Hashes go up only from full tiles. Raises VerificationError `tile`.
    """
    files: dict[str, bytes] = {}
    level, items = 0, leaf_hashes
    while items or level == 0:
        shift = 8 * level
        grown = _grow(level, old_size >> shift, new_size >> shift, items, read_tile)
        files.update(grown)
        items = [root(parse_tile(data, TILE_WIDTH)) for data in grown.values() if len(data) == TILE_WIDTH * HASH_SIZE]
        level += 1
    return files


def entry_bundles_for(old_size: int, new_size: int, entries: Sequence[bytes], read_tile: ReadTile) -> dict[str, bytes]:
    """Path -> bytes of the entry bundles gained; entries: those of acts old_size..new_size-1."""
    return _grow("entries", old_size, new_size, [_frame("entries", entry) for entry in entries], read_tile)


def event_bundles_for(old: int, new: int, event_entries: Sequence[bytes], read_tile: ReadTile) -> dict[str, bytes]:
    """Path -> bytes of the event bundles gained; event_entries: those at global positions old..new-1."""
    return _grow("events", old, new, [_frame("events", entry) for entry in event_entries], read_tile)


def position_bundles_for(
    old_size: int, new_size: int, first_positions: Sequence[int], read_tile: ReadTile
) -> dict[str, bytes]:
    """Path -> bytes of the positions bundles gained; first_positions: of acts old_size..new_size-1."""
    items = [position.to_bytes(8, "big") for position in first_positions]
    return _grow("positions", old_size, new_size, items, read_tile)


def parse_tile(data: bytes, width: int) -> list[bytes]:
    """The `width` hashes of a hash tile. Raises VerificationError `tile`."""
    return _fixed(data, width, HASH_SIZE)


def parse_entry_bundle(data: bytes, width: int) -> list[bytes]:
    """The `width` log entries of an entry bundle. Raises VerificationError `tile`."""
    return _framed(data, width, 2)


def parse_event_bundle(data: bytes, width: int) -> list[bytes]:
    """The `width` event entries of an event bundle. Raises VerificationError `tile`."""
    return _framed(data, width, 4)


def parse_positions(data: bytes, width: int) -> list[int]:
    """The first event position of each of `width` acts. Raises VerificationError `tile`."""
    return [int.from_bytes(item, "big") for item in _fixed(data, width, 8)]


def _frame(kind: Literal["entries", "events"], entry: bytes) -> bytes:
    try:
        return len(entry).to_bytes(_LENGTH_BYTES[kind], "big") + entry
    except OverflowError as error:
        raise VerificationError("tile", "an entry larger than its bundle can say") from error


def _grow(kind: Kind, old: int, new: int, items: Sequence[bytes], read_tile: ReadTile) -> dict[str, bytes]:
    """The files that hold items old..new-1, the first of them continued from its old partial file."""
    if new - old != len(items):
        raise VerificationError("tile", "not as many items as the sizes say")
    files: dict[str, bytes] = {}
    number, width = divmod(old, TILE_WIDTH)
    begun = b""
    if width and items:
        begun = read_tile(tile_path(kind, number, width))
        _check(kind, begun, width)
    taken = 0
    while taken < len(items):
        take = min(TILE_WIDTH - width, len(items) - taken)
        files[tile_path(kind, number, width + take)] = begun + b"".join(items[taken : taken + take])
        taken, number, width, begun = taken + take, number + 1, 0, b""
    return files


def _check(kind: Kind, data: bytes, width: int) -> None:
    match kind:
        case "entries" | "events":
            _framed(data, width, _LENGTH_BYTES[kind])
        case "positions":
            _fixed(data, width, 8)
        case _:
            _fixed(data, width, HASH_SIZE)


def _fixed(data: bytes, width: int, size: int) -> list[bytes]:
    if len(data) != width * size:
        raise VerificationError("tile", "not the length that its width says")
    return [data[at : at + size] for at in range(0, len(data), size)]


def _framed(data: bytes, width: int, length_bytes: int) -> list[bytes]:
    entries: list[bytes] = []
    unpack, at = _UNPACK[length_bytes], 0
    try:
        for _ in range(width):
            start = at + length_bytes
            at = start + unpack(data, at)[0]
            entries.append(data[start:at])
    except struct.error as error:
        raise VerificationError("tile", "a bundle that is cut short") from error
    if at > len(data):
        raise VerificationError("tile", "a bundle that is cut short")
    if at < len(data):
        raise VerificationError("tile", "bytes after the last entry of a bundle")
    return entries
