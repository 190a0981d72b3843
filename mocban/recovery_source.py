"""What a log is put back from: an export folder or the product's own tiles, laid out and put before the verifier."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from domain.errors import Refusal
from ledger.log_name import LogName
from ledger.published_files import PublishedLog
from ledger.recovered_acts import PublishedActs
from ledger.recovery import LogRecovery
from ledger.tile_store import CHECKPOINT, TileStore
from signing.base64_text import to_base64
from signing.checkpoint import parse_checkpoint_text
from signing.merkle import leaf_hash
from signing.note import VerifierKey, parse_note
from signing.verification_error import VerificationError

_GENESIS = "genesis"


class Sources(msgspec.Struct, frozen=True, kw_only=True):
    """Export folders; None for the product's own object store."""

    main: Path | None = None
    access: Path | None = None

    def of(self, log: LogName) -> Path | None:
        """The one for a log."""
        return self.main if log is LogName.MAIN else self.access


def read_source(objects: Path, log: LogName, folder: Path | None) -> LogRecovery:
    """A log as it is published there; nothing is verified yet. Raises Refusal `recovery-source-missing`."""
    tiles = TileStore(objects, log, folder)
    try:
        note = tiles.served()
        if note is not None:
            point = parse_checkpoint_text(parse_note(note).text)
            return LogRecovery(log, PublishedActs(tiles, point), note)
    except (OSError, VerificationError) as error:
        raise Refusal("recovery-source-missing", log=log, path=tiles.folder.name) from error
    raise Refusal("recovery-source-missing", log=log, path=tiles.folder.name)


def files_of(recovery: LogRecovery) -> PublishedLog:
    """The tiles that its checkpoint speaks of, and no others: a log that was killed may have left more."""
    published = recovery.published
    return PublishedLog(
        checkpoint=recovery.point,
        note=recovery.note,
        events=published.places.events,
        tiles=published.tiles,
        small={_GENESIS: next(published.acts(0)).note},
        history=lambda: iter(()),
    )


def check_source(
    recovery: LogRecovery, folder: Path, vkeys: Sequence[VerifierKey], genesis: bytes | None, kept: Path
) -> None:
    """The verifier, as a program of its own, over exactly what is to be put back.

    folder: for its layout, empty. genesis: the log's first act where the database has it. kept: the checkpoint kept
    outside, there or not. Raises Refusal `recovery-source-invalid` with what is wrong first.
    """
    try:
        lay_out(recovery, folder / "log")
        first = next(recovery.published.acts(0)).note
    except (OSError, VerificationError) as error:
        raise Refusal("recovery-source-invalid", log=recovery.log, fault=type(error).__name__, act="-") from error
    trust = folder / "trust.json"
    facts = {
        "origin": recovery.point.origin,
        "genesis": to_base64(leaf_hash(genesis or first)),
        "vkeys": [key.text() for key in vkeys],
        "policy": {"quorum": 0, "witnesses": []},
    }
    trust.write_bytes(msgspec.json.encode(facts))
    words = [sys.executable, "-P", "-m", "signing.log_verifier", str(folder / "log"), "--trust", str(trust), "--json"]
    words += ["--checkpoint", str(kept)] if kept.exists() else []
    done = subprocess.run(words, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        raise Refusal("recovery-source-invalid", log=recovery.log, **_first_fault(done.stdout))


def lay_out(recovery: LogRecovery, folder: Path) -> None:
    """As an export folder; linked where that can be, since it may be large. The verifier takes no symbolic links."""
    tiles, log = recovery.published.tiles, files_of(recovery)
    for path in log.tile_paths():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(tiles.folder / path, target)
        except OSError:  # on another disk, or to be cut from a wider tile
            target.write_bytes(tiles.read(path))
    for name, data in {**log.small, CHECKPOINT: recovery.note}.items():
        (folder / name).write_bytes(data)


def _first_fault(said: str) -> dict[str, object]:
    """What the verifier names first."""
    try:
        first = json.loads(said)["bad"][0]
        return {"fault": first["code"], "act": "-" if first.get("act") is None else first["act"]}
    except (ValueError, LookupError, TypeError):
        return {"fault": "?", "act": "-"}
