"""The watch over keys that this process holds: whether what they sign still verifies.

A signature made elsewhere is verified always. One that this process has just made with a key of its own can only be
wrong when key, memory or processor are faulty; so each key is put to the proof at its first signature and then once in
a while, which in an office's ordinary work is at every act.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from math import inf
from typing import Final
from weakref import WeakKeyDictionary

from signing.note import Ed25519Signer, Signer

PROOF_SECONDS: Final = 0.05
"""What a signer that turns faulty can have signed before it is found out; dearest where verification is dearest."""


class SignatureWatch:
    """Says which acts must be verified before they are appended. Thread-safe."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """clock: seconds, never going back."""
        self._clock = clock
        self._proven: WeakKeyDictionary[Ed25519Signer, float] = WeakKeyDictionary()

    def is_due(self, signers: Sequence[Signer]) -> bool:
        """Whether an act that these have just signed must be verified: a key held elsewhere, or one to be proven."""
        since = self._clock() - PROOF_SECONDS
        for signer in signers:
            if not isinstance(signer, Ed25519Signer) or self._proven.get(signer, -inf) <= since:
                return True
        return False

    def proven(self, signers: Sequence[Signer]) -> None:
        """An act that these signed was verified; one that was not leaves its keys due."""
        now = self._clock()
        for signer in signers:
            if isinstance(signer, Ed25519Signer):
                self._proven[signer] = now
