"""Export: a log as a folder of C2SP tiles that anyone can check without us; a second export adds what is new."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from domain.errors import Refusal
from ledger.published_files import PublishedLog
from ledger.tile_store import CHECKPOINT
from signing.checkpoint import parse_checkpoint_text
from signing.note import parse_note
from signing.tile import TILE_WIDTH, parse_tile_path, tile_path
from signing.tile_reader import TileReader
from signing.verification_error import VerificationError

Progress = Callable[[int], None]
"""Told the number of files done."""


def export_log(log: PublishedLog, folder: Path, progress: Progress | None = None) -> int:
    """Write or complete an export folder; how many files were new. The checkpoint comes last.

    Raises Refusal `export-contradicts` for a folder whose checkpoint or tiles are another history's; it is left as it
    was. OSError.
    """
    _check_checkpoint(log, folder)
    written = 0
    for done, (name, data) in enumerate(log.files(), start=1):
        written += _write_once(folder, name, data)
        if progress is not None:
            progress(done)
    _replace(folder / CHECKPOINT, log.note)
    _prune(log, folder)
    return written


def _check_checkpoint(log: PublishedLog, folder: Path) -> None:
    """What is there must be this log, earlier or now."""
    try:
        data = (folder / CHECKPOINT).read_bytes()
    except FileNotFoundError:
        return
    try:
        there = parse_checkpoint_text(parse_note(data).text)
    except VerificationError as error:
        raise Refusal("export-contradicts", path=CHECKPOINT) from error
    now = log.checkpoint
    if there.origin != now.origin or there.size > now.size:
        raise Refusal("export-contradicts", path=CHECKPOINT)
    if TileReader(there.size, log.tiles.read).root() != there.root:
        raise Refusal("export-contradicts", path=CHECKPOINT)


def _write_once(folder: Path, name: str, data: bytes) -> bool:
    """A published file never changes, except the list of keys, which grows."""
    path = folder / name
    try:
        held = path.read_bytes()
    except FileNotFoundError:
        _replace(path, data)
        return True
    if held == data:
        return False
    if name.startswith(("tile/", "checkpoints/", "genesis")):
        raise Refusal("export-contradicts", path=name)
    _replace(path, data)
    return True


def _replace(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_bytes(data)
    draft.replace(path)


def _prune(log: PublishedLog, folder: Path) -> None:
    """Remove partial tiles that this export has outgrown."""
    for path in log.tile_paths():
        parsed = parse_tile_path(path)
        partials = folder / f"{tile_path(parsed.kind, parsed.number)}.p"
        if partials.is_dir():
            for partial in partials.iterdir():
                if parsed.width == TILE_WIDTH or partial.name != str(parsed.width):
                    partial.unlink()
            if parsed.width == TILE_WIDTH:
                partials.rmdir()
