"""Falsified copies of what was published: one byte of one file flipped, at a place that means something."""

from __future__ import annotations

import shutil
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Final

from tests.foreign.published import Published


def copy_with(published: Published, folder: Path, name: str, old: bytes, new: bytes) -> Path:
    """A copy of the published files in which `old` in the file `name` (it must occur) has become `new`."""
    copied = folder / "falsified"
    shutil.copytree(published.folder, copied, ignore=shutil.ignore_patterns("home"))
    path = copied / name
    data = path.read_bytes()
    assert old in data, f"{name} does not hold what was to be falsified"
    path.write_bytes(data.replace(old, new, 1))
    return copied


def signature_of(note: bytes, line: int) -> tuple[bytes, bytes]:
    """The text of a note's signature line (from 0), and the same with one bit of the signature's last byte flipped."""
    field = note.rpartition(b"\n\n")[2].split(b"\n")[line].split(b" ")[2]
    return field, flipped(field)


def flipped(field: bytes) -> bytes:
    """Base64 of the same bytes but for one bit of the last but one."""
    raw = bytearray(b64decode(field))
    raw[-2] ^= 1
    return b64encode(raw)


ENTRY: Final = "export/tile/entries/000"
"""The bundle of the first 256 acts."""
LEAVES: Final = "export/tile/0/000"
EARLIER: Final = "earlier"
