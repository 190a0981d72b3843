"""Witnesses' cosignatures, beside the checkpoints: the history of checkpoints is append-only, and these come later."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from ledger.log_name import LogName
from signing.durable_file import write_durably
from signing.note import Note, NoteSignature, parse_note
from signing.verification_error import VerificationError


class Cosignatures:
    """`<objects>/<log>/cosignatures`: a note of the cosigned checkpoint's text and the witnesses' lines, and no others.

    Only those of the latest cosigned checkpoint are kept. They speak of its text, so they outlive a heartbeat.
    """

    def __init__(self, objects: Path, log: LogName) -> None:
        self._path: Final = objects / log.value / "cosignatures"

    def lines(self, text: bytes) -> tuple[NoteSignature, ...]:
        """The cosignatures over a checkpoint's text; none when those kept are of another, or cannot be read."""
        try:
            note = parse_note(self._path.read_bytes())
        except (FileNotFoundError, VerificationError):
            return ()
        return note.signatures if note.text == text else ()

    def add(self, text: bytes, lines: Iterable[NoteSignature]) -> None:
        """Keep more cosignatures over `text`; a key's newer line replaces its older; those of another text are gone.

        The caller has checked them, and is the only one to write. Durable on return.
        """
        fresh = {(line.name, line.key_id): line for line in (*self.lines(text), *lines)}
        if fresh:
            write_durably(self._path, Note(text, tuple(fresh.values())).data)

    def joined(self, note: bytes) -> bytes:
        """A signed checkpoint with the cosignatures over it."""
        parsed = parse_note(note)
        lines = self.lines(parsed.text)
        return Note(parsed.text, (*parsed.signatures, *lines)).data if lines else note
