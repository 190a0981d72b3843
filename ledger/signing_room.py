"""The signing room: where composed acts are signed, few of them here, many by a child process meanwhile.

A signature takes as long as all the rest of an act, and holds the interpreter: in a flood the writers and the desk go
on while a second core signs. Signatures are checked afterwards wherever they were made (`SignatureWatch`).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import Final

from ledger.pending import Pending
from signing.note import Ed25519Signer
from signing.signing_process import SigningProcess

MANY: Final = 4
"""Acts signed at once from which it is worth waking another process."""
FLOOD: Final = 512
"""Acts signed here in such numbers before a child is started: its start costs as much."""


class SigningRoom:
    """Acts leave it in the order they came. For the desk's thread; close it when done."""

    def __init__(self) -> None:
        self._composed: list[Pending] = []
        self._out: list[tuple[Pending, int]] = []  # at the child, each with the number of signatures asked for
        self._child: SigningProcess | None = None
        self._flood = 0
        self._may_start = (os.cpu_count() or 1) > 1  # one core has nobody to hand it to

    def __len__(self) -> int:
        """How many acts are here."""
        return len(self._composed) + len(self._out)

    @property
    def acts(self) -> list[Pending]:
        """Those that are here."""
        return [pending for pending, _ in self._out] + self._composed

    @property
    def answers_at(self) -> int | None:
        """The file that is readable once `answered` has something to do."""
        return None if self._child is None else self._child.answers_at

    def signed(self, composed: Iterable[Pending]) -> list[Pending]:
        """Take these in; what can leave at once. The rest leaves by `answered`."""
        self._composed += composed
        if self._out or not self._composed:
            return []
        texts = [pending.draft.held() if pending.draft is not None else [] for pending in self._composed]
        if self._asked(texts):
            self._out = [(pending, len(held)) for pending, held in zip(self._composed, texts, strict=True)]
            self._composed = []
            return []
        batch, self._composed = self._composed, []
        return [pending for pending in batch if pending.sign()]

    def answered(self) -> list[Pending]:
        """What leaves now that the child has answered, or is gone: then it is signed here."""
        assert self._child is not None
        try:
            made = self._child.signatures()
        except OSError:
            self._may_start = self._child.ready  # else it would not live the next time either
            self.close()
            made = []
        leaving, start, out = [], 0, self._out
        self._out = []
        for pending, count in out:
            if pending.sign(made[start : start + count] or None):
                leaving.append(pending)
            start += count
        return leaving

    def close(self) -> None:
        """Let the child go."""
        if self._child is not None:
            self._child.close()
            self._child = None
        self._flood = 0

    def _asked(self, texts: Sequence[Sequence[tuple[Ed25519Signer, bytes]]]) -> bool:
        """Whether a child signs these: many, and there is one that is ready. A flood of them starts one."""
        wanted = [text for held in texts for text in held]
        if len(wanted) < MANY:
            return False
        if self._child is None:
            self._flood += len(wanted)
            if self._flood >= FLOOD and self._may_start:
                try:
                    self._child = SigningProcess()
                except OSError:
                    self._may_start = False
        if self._child is None or not self._child.ready:
            return False
        try:
            self._child.ask(wanted)
        except OSError:
            self.close()
            return False
        return True
