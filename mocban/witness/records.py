"""What a witness remembers: the latest checkpoint of each log that it cosigned, and the evidence of what it refused.

`<store>/checkpoints/<SHA-256 of the origin>` is a signed note: the log's text and signatures, and the witness's own
cosignature, by which a record that was exchanged or damaged is known. Nothing is cached: what is durable counts.
"""

from __future__ import annotations

from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Final

from domain.errors import Refusal
from mocban.witness.request import AddCheckpoint
from signing.checkpoint import Checkpoint, parse_checkpoint_text, signature_times
from signing.durable_file import write_durably
from signing.note import VerifierKey, parse_note
from signing.verification_error import VerificationError

KEPT_REFUSED: Final = 100
"""How many refused checkpoints of one log and kind are kept: whoever holds a log's key must not fill the disk."""


class Refused(StrEnum):
    """Why a signed checkpoint is kept as evidence. `fork` alone proves two histories; a bad proof may be a mishap."""

    FORK = "forks"
    UNPROVEN = "unproven"


class Records:
    """One writer at a time: whoever holds the store's process note."""

    def __init__(self, folder: Path, own: VerifierKey) -> None:
        """folder: the witness's. own: its key, whose cosignature every record bears."""
        self._folder = folder
        self._own = own

    def latest(self, origin: str) -> Checkpoint | None:
        """The latest checkpoint cosigned for a log. Raises Refusal `witness-store-damaged`."""
        path = self.path(origin)
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return None
        try:
            note = parse_note(data)
            point = parse_checkpoint_text(note.text)
            if point.origin == origin and self._own in signature_times(note, point, [self._own]):
                return point
        except VerificationError as error:
            raise Refusal("witness-store-damaged", path=path.name) from error
        raise Refusal("witness-store-damaged", path=path.name)

    def keep(self, origin: str, note: bytes) -> None:
        """Replace the record of a log; durable on return. Raises OSError, then the old or the new record stands."""
        write_durably(self.path(origin), note)

    def keep_refused(self, kind: Refused, request: AddCheckpoint, body: bytes) -> None:
        """Keep a request as evidence, each checkpoint once. Raises OSError."""
        folder = self._folder / "refused" / kind / _digest(request.point.origin)
        path = folder / sha256(request.note.text).hexdigest()
        if not path.exists() and len(list(folder.iterdir()) if folder.exists() else ()) < KEPT_REFUSED:
            write_durably(path, body)

    def path(self, origin: str) -> Path:
        """Where the record of a log lies."""
        return self._folder / "checkpoints" / _digest(origin)


def _digest(origin: str) -> str:
    return sha256(origin.encode()).hexdigest()
