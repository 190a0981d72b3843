"""A folder of scans that a stranger delivered: what is taken, and a word on everything else that lies there."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from digitization.inspection_pages import Limits
from digitization.worksheet_letters import strange
from domain.errors import Refusal
from domain.identifiers import nfc

_BESIDE: Final = frozenset({".json", ".yaml", ".csv", ".xlsx", ".txt", ".md", ".py"})
"""Endings of what lies beside scans and is none: worksheets, notes, checksums."""


class ScanFolder(msgspec.Struct, frozen=True, kw_only=True):
    """What lies in a folder and below. scans: regular files, sorted; what is no PDF among them is refused when read.

    refused: what cannot be a scan; remarks: what was passed over or is named otherwise than as written.
    """

    scans: tuple[Path, ...]
    refused: tuple[Refusal, ...]
    remarks: tuple[Refusal, ...]

    def named(self, folder: Path, name: str) -> Path | None:
        """The scan of that name in `folder` itself, however its letters are composed; None where there is none."""
        exact = folder / name
        if exact in self.scans:
            return exact
        alike = [scan for scan in self.scans if scan.parent == folder and nfc(scan.name) == nfc(name)]
        return alike[0] if len(alike) == 1 else None


def read_folder(folder: Path) -> ScanFolder:
    """Look at every entry of the folder and its folders; nothing is opened."""
    scans: list[Path] = []
    refused: list[Refusal] = []
    remarks: list[Refusal] = []
    for path in _entries(folder, refused):
        fault = _fault(path, folder)
        if fault is not None:
            refused.append(fault)
        elif path.name.startswith(".") or path.suffix.lower() in _BESIDE:
            remarks.append(Refusal("scan-passed-over", name=shown(path.name)))
        else:
            scans.append(path)
            if nfc(path.name) != path.name:
                remarks.append(Refusal("scan-name-composed", name=nfc(path.name)))
    return ScanFolder(scans=tuple(sorted(scans)), refused=tuple(refused), remarks=tuple(remarks))


def require_scan(scan: Path, limits: Limits | None = None) -> None:
    """Raise Refusal `scan-unreadable`, `scan-not-file` or `scan-too-large` for what must not even be opened."""
    limit = (limits or Limits()).bytes
    try:
        known = scan.stat()
    except (OSError, ValueError) as error:
        raise Refusal("scan-unreadable", name=shown(scan.name)) from error
    if not stat.S_ISREG(known.st_mode):
        raise Refusal("scan-not-file", name=shown(scan.name))
    if known.st_size > limit:
        raise Refusal("scan-too-large", name=shown(scan.name), bytes=known.st_size, limit=limit)


def shown(name: str) -> str:
    """A name that may be printed: what would move the cursor, turn the direction or hide is written as its code."""
    return "".join(one if strange(one) is None else f"\\u{ord(one):04x}" for one in name)


def _entries(folder: Path, refused: list[Refusal]) -> Iterator[Path]:
    """Everything that is no folder, and links to folders, which are not followed."""

    def unread(error: OSError) -> None:
        refused.append(Refusal("scan-unreadable", name=shown(Path(os.fsdecode(error.filename or "?")).name)))

    for at, folders, files in os.walk(folder, onerror=unread):
        folders.sort()
        for name in folders:
            inner = Path(at, name)
            if inner.is_symlink():
                yield inner
            elif inner.suffix.lower() == ".pdf":
                refused.append(Refusal("scan-not-file", name=shown(name)))
        yield from (Path(at, name) for name in sorted(files))


def _fault(path: Path, folder: Path) -> Refusal | None:
    name = shown(path.name)
    letter = strange(unicodedata.normalize("NFC", path.name))
    if letter is not None:
        return Refusal("scan-name-refused", name=name, character=f"U+{ord(letter):04X}")
    try:
        mode = path.stat().st_mode
        inside = path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # a link to nothing, or in a circle
        return Refusal("scan-link-broken" if path.is_symlink() else "scan-unreadable", name=name)
    if path.is_symlink() and not inside:
        return Refusal("scan-link-outside", name=name)
    return None if stat.S_ISREG(mode) else Refusal("scan-not-file", name=name)
