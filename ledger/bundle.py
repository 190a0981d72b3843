"""Audit bundle: one deterministic zip, stored, with everything a stranger needs to check the log offline.

Layout: FORMATS.txt, sections 4 and 8. The stand-alone verifier foretells every byte around the members: whoever changes
how members are written changes it too.
"""

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
from signing.durable_file import check_place, faults_naming
from signing.note import Signer, sign_note

_TIME: Final = (1980, 1, 1, 0, 0, 0)
_MANIFEST: Final = "MANIFEST"


def write_bundle(log: PublishedLog, path: Path, signer: Signer) -> int:
    """Write the bundle, whole or not at all; how many members it has. The same checkpoint gives the same bytes.

    signer: the log's Ed25519 key, which signs the MANIFEST.
    """
    return write_members(log.checkpoint.origin, _members(log), path, signer)


def write_members(origin: str, members: Iterator[tuple[str, bytes]], path: Path, signer: Signer) -> int:
    """Any bundle of (name, bytes), a signed MANIFEST of them at its end; how many members. Raises OSError."""
    check_place(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    lines = [f"{origin}/manifest/v1"]
    try:
        with faults_naming(path, draft), zipfile.ZipFile(draft, "w", zipfile.ZIP_STORED) as archive:
            for name, data in members:
                _add(archive, name, data)
                lines.append(f"{sha256(data).hexdigest()} {len(data)} {name}")
            manifest = sign_note(("\n".join(lines) + "\n").encode(), [signer])
            _add(archive, _MANIFEST, manifest)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return len(lines)


def opening_members(log: PublishedLog) -> Iterator[tuple[str, bytes]]:
    """What every bundle begins with: the checkpoint, the witness policy, the formats, the verifier."""
    yield CHECKPOINT, log.note
    yield "policy", log.policy
    yield "FORMATS.txt", files("ledger").joinpath("FORMATS.txt").read_bytes()
    yield "verify.py", files("signing").joinpath("standalone_verifier.py").read_bytes()


def _members(log: PublishedLog) -> Iterator[tuple[str, bytes]]:
    yield from opening_members(log)
    yield from log.files()


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    member = zipfile.ZipInfo(name, _TIME)
    member.compress_type = zipfile.ZIP_STORED
    member.create_system = 3  # the same bytes on every system
    member.external_attr = 0o644 << 16
    archive.writestr(member, data)
