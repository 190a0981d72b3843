"""Keys of offices that this key store holds: generations of them; each log says which one is in force in it."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.actor import Actor
from signing.keystore import Keystore, actor_key_file
from signing.registry import Registry


class OfficeKeys:
    """Server-held keys of actors. A generation is never made in the place of another."""

    def __init__(self, keystore: Keystore, origin: str) -> None:
        """origin: of the main log."""
        self._keystore = keystore
        self._origin = origin

    def in_force(self, actor: str, registry: Registry | None) -> Actor:
        """The actor with the newest key that the log takes; with the newest of all where it takes none.

        registry: None before the log is founded.
        """
        held = self._held(actor)
        if registry is not None:
            for one in reversed(held):
                record = registry.records.get(one.signer.verifier_key.kid)
                if record is not None and record.revoked_at is None:
                    return one
        return held[-1]

    def next(self, actor: str, registries: Sequence[Registry]) -> Actor:
        """The actor with a key that is new to one of the logs at least: the newest held, else one made now."""
        held = self._held(actor)
        kid = held[-1].signer.verifier_key.kid
        if any(kid not in registry.records for registry in registries):
            return held[-1]
        return self._of(actor, len(held) + 1)

    def _held(self, actor: str) -> list[Actor]:
        """Of every generation, the first one made where there is none."""
        held = [self._of(actor, 1)]
        while self._keystore.holds("ed25519", actor_key_file(actor, len(held) + 1)):
            held.append(self._of(actor, len(held) + 1))
        return held

    def _of(self, actor: str, generation: int) -> Actor:
        return Actor(id=actor, signer=self._keystore.actor_signer(actor, self._origin, generation))
