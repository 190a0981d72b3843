"""Audit bundle: one deterministic zip, stored, with everything a stranger needs to check the log offline."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Final

from ledger.published_files import PublishedLog
from ledger.tile_store import CHECKPOINT
from signing.note import Signer, sign_note

_TIME: Final = (1980, 1, 1, 0, 0, 0)
_MANIFEST: Final = "MANIFEST"


def write_bundle(log: PublishedLog, path: Path, policy: bytes, signer: Signer) -> int:
    """Write the bundle, whole or not at all; how many members it has. The same checkpoint gives the same bytes.

    policy: JSON of the witness policy. signer: the log's Ed25519 key, which signs the MANIFEST.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    lines = [f"{log.checkpoint.origin}/manifest/v1"]
    try:
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_STORED) as archive:
            for name, data in _members(log, policy):
                _add(archive, name, data)
                lines.append(f"{sha256(data).hexdigest()} {len(data)} {name}")
            manifest = sign_note(("\n".join(lines) + "\n").encode(), [signer])
            _add(archive, _MANIFEST, manifest)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return len(lines)


def _members(log: PublishedLog, policy: bytes) -> Iterator[tuple[str, bytes]]:
    yield CHECKPOINT, log.note
    yield "policy", policy
    yield "FORMATS.txt", files("ledger").joinpath("FORMATS.txt").read_bytes()
    yield "verify.py", files("signing").joinpath("standalone_verifier.py").read_bytes()
    yield from log.files()


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    member = zipfile.ZipInfo(name, _TIME)
    member.compress_type = zipfile.ZIP_STORED
    member.create_system = 3  # the same bytes on every system
    member.external_attr = 0o644 << 16
    archive.writestr(member, data)
