"""Beside the tiles, the trees inside large acts: the root of each span of 256 events, so that proofs are quick.

Never published and never trusted: whoever reads one compares it with the root that the act's signers signed. It can be
lost at any time and is made anew from the events.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from signing.act_tree import SPAN, span_roots
from signing.merkle import HASH_SIZE, root
from signing.verification_error import VerificationError


class ActTrees:
    """`act-trees/<index // 1000>/<index>` under a log's folder: 32 bytes a span; for acts of more than one span."""

    def __init__(self, folder: Path) -> None:
        """folder: of the log in the object store."""
        self._folder: Final = folder / "act-trees"

    def keep(self, index: int, event_hashes: Sequence[bytes]) -> None:
        """Keep the spans of an act that has several, as far as the disk allows."""
        if len(event_hashes) > SPAN:
            self._write(index, span_roots(event_hashes))

    def spans(self, index: int, act_root: bytes, event_hashes: Callable[[], Sequence[bytes]]) -> list[bytes]:
        """The roots of the spans of act `index`, which make up `act_root`.

        event_hashes: asked for where they are not kept, or not as signed. Raises VerificationError `act-root`.
        """
        kept = self._read(index)
        if kept and root(kept) == act_root:
            return kept
        spans = span_roots(event_hashes())
        if root(spans) != act_root:
            raise VerificationError("act-root", "the events are not those of the act")
        if len(spans) > 1:
            self._write(index, spans)
        return spans

    def _read(self, index: int) -> list[bytes]:
        try:
            data = self._path(index).read_bytes()
        except OSError:
            return []
        return [data[at : at + HASH_SIZE] for at in range(0, len(data), HASH_SIZE)]

    def _write(self, index: int, spans: Sequence[bytes]) -> None:
        """Not synced, and an error is no matter: what is not there or not whole is made anew."""
        path = self._path(index)
        draft = path.with_name(f"{path.name}.{os.getpid()}.new")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            draft.write_bytes(b"".join(spans))
            draft.replace(path)
        except OSError:
            draft.unlink(missing_ok=True)

    def _path(self, index: int) -> Path:
        return self._folder / str(index // 1000) / str(index)
