"""Whether enough registrars are left after an act of the registry: else nobody could ever change it again.

A rule of whoever writes, not of the format: what lies in a log already is judged by `signing.registry` alone. It is
judged against the registry that the act is checked under, and the head says at the append whether that was the newest;
so of two revocations that are each lawful alone, the later one is refused.
"""

from __future__ import annotations

from collections.abc import Sequence

from domain.errors import Refusal
from domain.keys import KeyRevoked, RegistryEvent
from signing.registry import Registry


def check_registrars_left(registry: Registry, events: Sequence[RegistryEvent]) -> None:
    """events: of one act that the registry permits. Raises Refusal `registrars-exhausted`."""
    if not any(isinstance(event, KeyRevoked) for event in events):
        return
    after = registry
    for event in events:
        after = after.evolve(event, registry.index + 1)
    left = len({record.actor for record in after.records.values() if record.revoked_at is None} & after.registrars)
    if left < after.genesis.quorum:
        raise Refusal("registrars-exhausted", left=left, needed=after.genesis.quorum)
