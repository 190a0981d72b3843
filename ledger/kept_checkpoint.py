"""The last signed checkpoint, kept outside the database: what shows that a database was rolled back or exchanged."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from ledger.log_name import LogName
from signing.checkpoint import Checkpoint, open_checkpoint
from signing.durable_file import write_durably
from signing.note import VerifierKey


class KeptCheckpoint:
    """`<home>/checkpoints/<log>/latest`, fsynced."""

    def __init__(self, home: Path, log: LogName) -> None:
        self.path: Final = home / "checkpoints" / log.value / "latest"

    def keep(self, note: bytes) -> None:
        """Replace what is kept; durable on return."""
        write_durably(self.path, note)

    def read(self, vkeys: tuple[VerifierKey, ...]) -> Checkpoint | None:
        """What is kept, None before the first. Raises VerificationError when it was tampered with."""
        note = self.note()
        return open_checkpoint(note, vkeys).checkpoint if note is not None else None

    def note(self) -> bytes | None:
        """What is kept, unchecked; None before the first."""
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return None
