"""Export: a log as a folder of C2SP tiles that anyone can check without us; a second export adds what is new."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import msgspec

from domain.errors import Refusal
from ledger.export_difference import first_difference
from ledger.published_files import PublishedLog
from ledger.tile_store import CHECKPOINT, end_of
from signing.checkpoint import parse_checkpoint_text
from signing.durable_file import faults_naming, sync_written, write_durably
from signing.fault_point import FaultPoint, reached
from signing.note import parse_note
from signing.tile import TILE_WIDTH, parse_tile_path, tile_path
from signing.tile_reader import TileReader
from signing.verification_error import VerificationError

_FINAL = ("tile/", "checkpoints/", "genesis")
Progress = Callable[[int], None]
"""Told the number of files done."""


def export_log(log: PublishedLog, folder: Path, progress: Progress | None = None) -> int:
    """Write or complete an export folder; how many files were new. The checkpoint comes last, when all is durable.

    Raises Refusal `export-contradicts` for a folder whose checkpoint or tiles are another history's, with the index of
    the first act that differs; it is left as it was. OSError.
    """
    covered = _covered(log, folder)
    written, fresh = 0, list[Path]()
    for done, (name, data) in enumerate(log.files(), start=1):
        written += _write_once(log, folder, name, data, covered)
        if not covered.holds(name):
            fresh.append(folder / name)
        if progress is not None:
            progress(done)
    sync_written(fresh)  # before the checkpoint that speaks for them
    reached(FaultPoint.EXPORT_FILES_SYNCED)
    write_durably(folder / CHECKPOINT, log.note)
    reached(FaultPoint.EXPORT_CHECKPOINT_NAMED)
    _prune(log, folder)
    return written


class _Covered(msgspec.Struct, frozen=True):
    """What the folder's own checkpoint speaks for. Beyond it lies what an export wrote that was cut short."""

    acts: int = 0
    events: int = 0

    def holds(self, name: str) -> bool:
        """Whether a file may not be written anew."""
        if name.startswith("tile/"):
            tile = parse_tile_path(name)
            return end_of(tile) <= (self.events if tile.kind == "events" else self.acts)
        if name.startswith("checkpoints/"):
            return int(name.removeprefix("checkpoints/")) <= self.acts
        return name == "genesis" and self.acts > 0


def _covered(log: PublishedLog, folder: Path) -> _Covered:
    """What is there must be this log, earlier or now."""
    try:
        data = (folder / CHECKPOINT).read_bytes()
    except FileNotFoundError:
        return _Covered()
    try:
        there = parse_checkpoint_text(parse_note(data).text)
    except VerificationError as error:
        raise _contradiction(log, folder, CHECKPOINT) from error
    now = log.checkpoint
    if there.origin != now.origin or there.size > now.size:
        raise _contradiction(log, folder, CHECKPOINT, there.size, other=there.origin != now.origin)
    if TileReader(there.size, log.tiles.read).root() != there.root:
        raise _contradiction(log, folder, CHECKPOINT, there.size)
    return _Covered(there.size, log.places().first(there.size))


def _write_once(log: PublishedLog, folder: Path, name: str, data: bytes, covered: _Covered) -> bool:
    """A published file never changes, except the list of keys, which grows. Whether there is a new one."""
    path = folder / name
    try:
        held = path.read_bytes()
    except FileNotFoundError:
        held = None
    if held == data:
        return False
    if held is not None and name.startswith(_FINAL) and (covered.holds(name) or not _torn(held, data)):
        raise _contradiction(log, folder, name)
    _replace(path, data)
    return True


def _torn(held: bytes, data: bytes) -> bool:
    """Whether a file is what a power cut leaves of one just written: its beginning, then nothing."""
    return data.startswith(held.rstrip(b"\0"))


def _contradiction(
    log: PublishedLog, folder: Path, name: str, size: int | None = None, *, other: bool = False
) -> Refusal:
    """size: acts the folder says it has. other: it is another ledger's, from its first act on."""
    index = 0 if other or name == "genesis" else first_difference(log, folder, size)
    return Refusal("export-contradicts", path=name, index="?" if index is None else index)


def _replace(path: Path, data: bytes) -> None:
    """Whole or not at all; durable once all is synced."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with faults_naming(path, draft):
        try:
            draft.write_bytes(data)
            reached(FaultPoint.EXPORT_FILE_DRAFTED)
            draft.replace(path)
        except OSError:
            draft.unlink(missing_ok=True)
            raise
    reached(FaultPoint.EXPORT_FILE_NAMED)


def _prune(log: PublishedLog, folder: Path) -> None:
    """Remove partial tiles that this export has outgrown."""
    for path in log.tile_paths():
        parsed = parse_tile_path(path)
        partials = folder / f"{tile_path(parsed.kind, parsed.number)}.p"
        if partials.is_dir():
            for partial in partials.iterdir():
                if parsed.width == TILE_WIDTH or partial.name != str(parsed.width):
                    partial.unlink()
                    reached(FaultPoint.EXPORT_PARTIAL_PRUNED)
            if parsed.width == TILE_WIDTH:
                partials.rmdir()
