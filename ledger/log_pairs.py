"""The two pairs of keys a log has, and which of them signs: the live one, until the standby pair takes over for good.

There is no way back: once a checkpoint was signed by the standby pair, the live pair signs none here, and one that it
did sign is no continuation but a sign of somebody else who has its keys.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import psycopg
from eventsourcing.persistence import PersistenceError

from ledger.registry_reader import RegistryReader
from signing.durable_file import write_durably
from signing.log_key import log_pairs
from signing.note import Signer, VerifierKey, parse_note


def never() -> bool:
    """Nobody took over."""
    return False


class Takeover:
    """`<home>/checkpoints/standby-signs`: there once the standby pair was told to sign, for both logs."""

    def __init__(self, home: Path) -> None:
        self.path: Final = home / "checkpoints" / "standby-signs"

    def declared(self) -> bool:
        """Whether it was."""
        return self.path.exists()

    def declare(self) -> None:
        """From now on; durable on return. Idempotent."""
        if not self.declared():
            write_durably(self.path, b"")


def live_pair_ended(reader: RegistryReader) -> bool:
    """Whether registrars have revoked a key of the live pair. Raises psycopg.OperationalError."""
    try:
        registry = reader.refresh().registry
    except PersistenceError as error:  # a database that is away is no reason to stop a log
        raise psycopg.OperationalError("the registry cannot be read") from error
    if registry is None or not registry.ended:
        return False
    return any(key.kid in registry.ended for key in log_pairs(registry.genesis)[0])


class LogPairs:
    """The signers of one log. Not thread-safe.

    vkeys: of both pairs, live first.
    """

    def __init__(
        self, live: Sequence[Signer], standby: Sequence[Signer] = (), taken_over: Callable[[], bool] = never
    ) -> None:
        """live, standby: Ed25519 and ML-DSA-44 in the log's own name. taken_over: whether `standby` is to sign."""
        self._live, self._standby = tuple(live), tuple(standby)
        self._taken_over = taken_over
        self._taken = False
        self._standby_lines = {(key.name, key.key_id) for key in (one.verifier_key for one in standby)}
        self.vkeys: Final[tuple[VerifierKey, ...]] = tuple(one.verifier_key for one in (*live, *standby))

    def in_force(self) -> tuple[Signer, ...]:
        """The pair that signs the next checkpoint."""
        if self._standby and not self._taken:
            self._taken = self._taken_over()
        return self._standby if self._taken else self._live

    def signed(self, note: bytes) -> bool:
        """Whether the pair in force has signed this checkpoint."""
        return self._by_standby(note) == (self.in_force() is self._standby) if self._standby else True

    def follow(self, kept: bytes | None, stored: bytes | None) -> bool:
        """Take up what the last checkpoints say; False when the newer one is by the pair that was replaced.

        kept: as kept outside the database, never newer than `stored`, the database's own; None where there is none.
        """
        before, now = (note is not None and self._by_standby(note) for note in (kept, stored))
        self._taken = self._taken or before or now
        return not (before and stored is not None and not now)

    def _by_standby(self, note: bytes) -> bool:
        return any((line.name, line.key_id) in self._standby_lines for line in parse_note(note).signatures)
