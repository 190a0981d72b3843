"""An exported log taken apart: its acts, each with its events, and the same put together again as an export."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from signing.act import open_act
from signing.checkpoint import sign_checkpoint
from signing.log_verifier import MAX_FILE, Bad
from signing.merkle import leaf_hash, root
from signing.note import Signer
from signing.tile import (
    Kind,
    entry_bundles_for,
    event_bundles_for,
    parse_entry_bundle,
    parse_event_bundle,
    position_bundles_for,
    tile_path,
    tiles_for,
    width_of,
)

CHECKPOINT: Final = "checkpoint"
_EVIDENT: Final = re.compile(r"checkpoint|checkpoints/\d+|genesis|tile/.*")
"""Files that the verifier must not find changed; the lists of keys beside them are for people and prove nothing."""


class HeldAct(msgspec.Struct, frozen=True):
    """note: the log entry. events: its event entries."""

    note: bytes
    events: tuple[bytes, ...]


class HeldLog(msgspec.Struct, frozen=True, kw_only=True):
    """files: of the export, by name. sizes: those of the checkpoints in it, rising."""

    origin: str
    acts: tuple[HeldAct, ...]
    files: dict[str, bytes]
    sizes: tuple[int, ...]

    def first_position(self, act: int) -> int:
        """Where the events of an act begin."""
        return sum(len(one.events) for one in self.acts[:act])

    def act_of_event(self, position: int) -> int:
        """The act that an event belongs to."""
        return next(at for at in range(len(self.acts)) if position < self.first_position(at + 1))

    def checkpoint_after(self, act: int) -> int:
        """The smallest published tree that holds the act."""
        return min(size for size in self.sizes if size > act)

    @classmethod
    def read(cls, folder: Path, origin: str) -> HeldLog:
        """From an export folder of fewer than 256 acts and events, as the drill's are."""
        names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
        files = {name: (folder / name).read_bytes() for name in names if _EVIDENT.fullmatch(name)}
        count = int(files[CHECKPOINT].split(b"\n")[1])
        notes = parse_entry_bundle(files[_path("entries", count)], count)
        sizes = [open_act(note, origin).header.events for note in notes]
        events = parse_event_bundle(files[_path("events", sum(sizes))], sum(sizes))
        bounds = [sum(sizes[:at]) for at in range(count + 1)]
        acts = [HeldAct(note, tuple(events[bounds[at] : bounds[at + 1]])) for at, note in enumerate(notes)]
        points = sorted({count, *(int(name.split("/")[1]) for name in files if name.startswith("checkpoints/"))})
        return cls(origin=origin, acts=tuple(acts), files=files, sizes=tuple(points))


class Exported:
    """Files by name, as the verifier of `verify` reads them."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        self.names = set(files)
        self.unsafe: list[Bad] = []
        self.zipped = False

    def read(self, name: str) -> bytes:
        """Raises Bad for a file that is not there or larger than any may be."""
        if len(self.files.get(name, bytes(MAX_FILE + 1))) > MAX_FILE:
            raise Bad("file-unreadable", name)
        return self.files[name]


def tree_files(acts: Sequence[HeldAct]) -> dict[str, bytes]:
    """Tiles and bundles over the acts, whatever they say."""
    notes = [act.note for act in acts]
    events = [entry for act in acts for entry in act.events]
    firsts = [sum(len(act.events) for act in acts[:at]) for at in range(len(acts))]
    return {
        **tiles_for(0, len(acts), [leaf_hash(note) for note in notes], _nothing),
        **entry_bundles_for(0, len(acts), notes, _nothing),
        **event_bundles_for(0, len(events), events, _nothing),
        **position_bundles_for(0, len(acts), firsts, _nothing),
    }


def resigned(acts: Sequence[HeldAct], origin: str, signers: Sequence[Signer]) -> dict[str, bytes]:
    """A whole export over the acts, as who holds the log's keys makes it: a history of its own, one checkpoint."""
    top = root([leaf_hash(act.note) for act in acts])
    note = sign_checkpoint(origin, len(acts), top, signers, int(time.time()))
    return {**tree_files(acts), CHECKPOINT: note, "genesis": acts[0].note}


def _path(kind: Kind, count: int) -> str:
    return tile_path(kind, 0, width_of(count, 0))


def _nothing(path: str) -> bytes:
    raise AssertionError(f"nothing of {path} was begun")
