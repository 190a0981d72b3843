"""What an auditor takes away of a small ledger, read as files."""

from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path
from typing import Any, Literal

import msgspec

from signing.tile import parse_entry_bundle, parse_event_bundle, tile_path, width_of


class Published(msgspec.Struct, frozen=True):
    """A folder with `export/`, `bundle.zip`, `trust.json`, `certificate.pdf`, `event.tlog-proof`.

    `earlier` is a smaller checkpoint of the same log, `consistency` the proof of growth from it, a hash a line. Read
    here as files, by code that shares nothing with the tools that judge them but the layout of C2SP tiles.
    """

    folder: Path

    @property
    def export(self) -> Path:
        """The export folder."""
        return self.folder / "export"

    @property
    def trust(self) -> dict[str, Any]:
        """The trust file."""
        loaded: dict[str, Any] = json.loads((self.folder / "trust.json").read_bytes())
        return loaded

    @property
    def checkpoint(self) -> bytes:
        """The signed note of the export."""
        return (self.export / "checkpoint").read_bytes()

    @property
    def earlier(self) -> bytes:
        """A checkpoint of the same log from before."""
        return (self.folder / "earlier").read_bytes()

    def entries(self) -> list[bytes]:
        """Every act's note, out of the entry bundles."""
        return self._bundled("entries", tree_head(self.checkpoint)[1])

    def events(self) -> list[bytes]:
        """Every event entry, out of the event bundles."""
        return self._bundled("events", sum(header(note)["events"] for note in self.entries()))

    def hashes(self) -> list[bytes]:
        """The leaf hashes of the level-0 tiles."""
        size = tree_head(self.checkpoint)[1]
        tiles = [
            (self.export / tile_path(0, number, width_of(size, number))).read_bytes()
            for number in range(-(-size // 256))
        ]
        joined = b"".join(tiles)
        return [joined[at : at + 32] for at in range(0, len(joined), 32)]

    def _bundled(self, kind: Literal["entries", "events"], size: int) -> list[bytes]:
        parse = parse_entry_bundle if kind == "entries" else parse_event_bundle
        found: list[bytes] = []
        for number in range(-(-size // 256)):
            width = width_of(size, number)
            found += parse((self.export / tile_path(kind, number, width)).read_bytes(), width)
        return found


def header(note: bytes) -> dict[str, Any]:
    """The line of JSON of an act."""
    loaded: dict[str, Any] = json.loads(note.split(b"\n")[1])
    return loaded


def tree_head(note: bytes) -> tuple[str, int, bytes]:
    """(origin, size, root) of a checkpoint."""
    origin, size, root = note.decode().split("\n")[:3]
    return origin, int(size), b64decode(root)
