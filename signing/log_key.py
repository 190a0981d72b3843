"""The log's own keys, which sign checkpoints: a live pair and a standby pair, both named by the genesis.

The standby pair may sign at any time. A key of either pair ends by `registry.revoke`: a checkpoint over more acts than
that cannot be signed by it.
"""

from __future__ import annotations

import msgspec

from domain.keys import KeyRevoked, RegistryGenesis
from signing.note import VerifierKey


class LogKeyEnd(msgspec.Struct, frozen=True, kw_only=True):
    """A log key's revocation. The numbers are act indexes; compromised_since: checkpoints over more are in question."""

    revoked_at: int
    compromised_since: int | None = None

    @classmethod
    def after(cls, held: LogKeyEnd | None, event: KeyRevoked, index: int) -> LogKeyEnd:
        """The end by `event` of act `index`; `held`: by an earlier act, which stays the end."""
        told = (event.compromised_since, held.compromised_since if held is not None else None)
        since = min((at for at in told if at is not None), default=None)
        return cls(revoked_at=index if held is None else held.revoked_at, compromised_since=since)


def log_keys(genesis: RegistryGenesis) -> tuple[VerifierKey, ...]:
    """The log's own keys, live pair first. Raises VerificationError `vkey`."""
    return tuple(VerifierKey.parse(text) for text in genesis.log_vkeys)


def log_pairs(genesis: RegistryGenesis) -> tuple[tuple[VerifierKey, ...], ...]:
    """The live pair (Ed25519, ML-DSA-44), then the standby pair where there is one."""
    keys = log_keys(genesis)
    return tuple(keys[at : at + 2] for at in range(0, len(keys), 2))
