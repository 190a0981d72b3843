"""Tiles and the served checkpoint of one log, as files under the object store, out of the database's reach."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from domain.errors import Refusal
from ledger.log_name import LogName
from signing.durable_file import write_all_durably, write_durably
from signing.fault_point import FaultPoint, reached
from signing.merkle import HASH_SIZE
from signing.tile import TILE_WIDTH, TilePath, parse_entry_bundle, parse_event_bundle, parse_tile_path, tile_path

CHECKPOINT: Final = "checkpoint"


class TileStore:
    """`<objects>/<log>/`: `tile/...` and `checkpoint`. Only the sequencer writes."""

    def __init__(self, objects: Path, log: LogName, folder: Path | None = None) -> None:
        """objects: the object store. folder: another place of the same layout, an export folder."""
        self.folder: Final = folder or objects / log.value
        self._log = log

    def read(self, path: str) -> bytes:
        """The bytes of a tile; a partial one that has grown since is cut from the full tile, or a wider partial one.

        Raises FileNotFoundError; VerificationError `tile-path` for what is no tile's path.
        """
        parsed = parse_tile_path(path)
        try:
            return (self.folder / path).read_bytes()
        except FileNotFoundError:
            if parsed.width == TILE_WIDTH:
                raise
        wider = self._wider(parsed)
        data = (self.folder / tile_path(parsed.kind, parsed.number, wider)).read_bytes()
        match parsed.kind:
            case "entries":
                return _framed(parse_entry_bundle(data, wider)[: parsed.width], 2)
            case "events":
                return _framed(parse_event_bundle(data, wider)[: parsed.width], 4)
            case "positions":
                return data[: parsed.width * 8]
            case _:
                return data[: parsed.width * HASH_SIZE]

    def _wider(self, wanted: TilePath) -> int:
        """The width of a tile that begins with the one wanted; of the full one, there or not, where there is none."""
        full = self.folder / tile_path(wanted.kind, wanted.number)
        partials = full.with_name(f"{full.name}.p")
        if full.exists() or not partials.is_dir():
            return TILE_WIDTH
        widths = [int(path.name) for path in partials.iterdir() if path.name.isdecimal()]
        return min((width for width in widths if width > wanted.width), default=TILE_WIDTH)

    def write(self, files: Mapping[str, bytes]) -> None:
        """Write tiles durably; on return they survive a power cut.

        A tile never changes: one that is there with other bytes stops the log. Raises Refusal `log-forked`; OSError.
        """
        fresh: dict[Path, bytes] = {}
        for path, data in files.items():
            target = self.folder / path
            try:
                if target.read_bytes() != data:
                    raise Refusal("log-forked", log=self._log, size="?", reason=f"{path} was written before otherwise")
            except FileNotFoundError:
                fresh[target] = data
        write_all_durably(fresh)

    def prune(self, files: Mapping[str, bytes]) -> None:
        """Remove the partial tiles that the full tiles among `files` have replaced."""
        for path in files:
            partials = self.folder / f"{path}.p"
            if partials.is_dir():
                for partial in partials.iterdir():
                    partial.unlink()
                    reached(FaultPoint.PARTIAL_PRUNED)
                partials.rmdir()

    def set_aside(self, acts: int, events: int) -> int:
        """Move away tiles that hold more than so many acts and events, under `beyond/<acts>`; how many acts more.

        Of a log that was killed before it signed, and whose database then lost those acts: no checkpoint speaks of
        them, and other acts will lie in their places. Idempotent.
        """
        aside = self.folder / "beyond" / str(acts)
        for tile, path in self._tiles_in(self.folder):
            if end_of(tile) > (events if tile.kind == "events" else acts):
                target = aside / path
                target.parent.mkdir(parents=True, exist_ok=True)
                (self.folder / path).replace(target)
        return max((end_of(tile) for tile, _ in self._tiles_in(aside) if tile.kind == "entries"), default=acts) - acts

    def _tiles_in(self, folder: Path) -> list[tuple[TilePath, Path]]:
        """Every tile with its path, drafts left out."""
        files = [path for path in (folder / "tile").rglob("*") if path.is_file() and not path.name.startswith(".")]
        return [(parse_tile_path(path.relative_to(folder).as_posix()), path.relative_to(folder)) for path in files]

    def serve(self, checkpoint: bytes) -> None:
        """Make a checkpoint the one that readers get; everything before it is durable already."""
        write_durably(self.folder / CHECKPOINT, checkpoint)

    def served(self) -> bytes | None:
        """The checkpoint that readers get, None before the first."""
        try:
            return (self.folder / CHECKPOINT).read_bytes()
        except FileNotFoundError:
            return None


def end_of(tile: TilePath) -> int:
    """How many acts, of an event bundle events, there must be for a tile to be complete."""
    level = tile.kind if isinstance(tile.kind, int) else 0
    return int((tile.number * TILE_WIDTH + tile.width) << (8 * level))


def _framed(entries: list[bytes], length_bytes: int) -> bytes:
    return b"".join(len(entry).to_bytes(length_bytes, "big") + entry for entry in entries)
