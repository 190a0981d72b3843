"""The log's own keys as this key store holds them: a live and a standby pair, shared by both logs under their names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from domain.errors import Refusal
from ledger.application import Ledger
from ledger.log_pairs import Takeover, live_pair_ended
from signing.keystore import Keystore
from signing.log_key import log_pairs
from signing.note import Signer, VerifierKey

_KINDS: Final = ("ed25519", "ml-dsa-44")


class AbsentLogKey:
    """A key of the log that the key store has lost: known, and unable to sign."""

    __slots__ = ("verifier_key",)

    def __init__(self, verifier_key: VerifierKey) -> None:
        self.verifier_key: Final = verifier_key

    def sign(self, message: bytes) -> bytes:  # noqa: ARG002  the port's shape
        """Raises Refusal `log-key-missing`."""
        raise Refusal("log-key-missing", key=self.verifier_key.text().partition("+")[2][:8])


class LogKeys:
    """Signers of checkpoints and manifests. A key that is not held here is there with its public side alone."""

    def __init__(self, keystore: Keystore, main: Ledger, access: Ledger, home: Path) -> None:
        """main, access: whose registries say which keys there are and which have ended; one log's end is both's."""
        self._keystore = keystore
        self._main = main
        self._registries = (main.registry, access.registry)
        self.takeover: Final = Takeover(home)

    def made(self) -> tuple[VerifierKey, ...]:
        """Both pairs for a founding, live first; made where there is none yet."""
        return tuple(
            signer.verifier_key
            for standby in (False, True)
            for signer in self._held(self._main.origin, standby=standby)
        )

    def pair(self, origin: str, *, standby: bool = False) -> tuple[Signer, ...]:
        """The live or the standby pair under the name of the log `origin`; empty where the genesis names none."""
        registry = self._main.registry.current().registry
        if registry is None or all(self._keystore.holds(kind, self._name(standby=standby)) for kind in _KINDS):
            return self._held(origin, standby=standby)
        pairs = log_pairs(registry.genesis)
        known = pairs[int(standby)] if int(standby) < len(pairs) else ()
        return tuple(AbsentLogKey(VerifierKey(origin, key.type, key.public)) for key in known)

    def public(self, origin: str) -> tuple[VerifierKey, ...]:
        """Both pairs, under the name of the log `origin`: what its checkpoints may be signed by."""
        return _keys((*self.pair(origin), *self.pair(origin, standby=True)))

    def in_force(self, origin: str) -> tuple[Signer, ...]:
        """The pair that signs for the log `origin` now."""
        return self.pair(origin, standby=self.taken_over())

    def taken_over(self) -> bool:
        """Whether the standby pair signs: it was told to, or the live pair has ended. Raises psycopg.Error."""
        if not self.takeover.declared() and any(map(live_pair_ended, self._registries)):
            self.takeover.declare()
        return self.takeover.declared()

    def take_over(self) -> None:
        """The standby pair signs from now on; durable on return, idempotent. Raises Refusal `log-without-standby`."""
        registry = self._main.registry.refresh().registry
        pair = self.pair(self._main.origin, standby=True)
        ended = registry.ended if registry is not None else {}
        if len(self._main.log_keys()) < 4 or any(
            isinstance(signer, AbsentLogKey) or signer.verifier_key.kid in ended for signer in pair
        ):
            raise Refusal("log-without-standby")
        self.takeover.declare()

    def check(self) -> None:
        """Raises Refusal `ledger-of-other-keys` unless the keys held here are those of the genesis."""
        registry = self._main.registry.current().registry
        if registry is None:
            return
        wanted = log_pairs(registry.genesis)
        held = [self.pair(self._main.origin, standby=standby) for standby in (False, True)]
        if any(_keys(pair) != tuple(known) for pair, known in zip(held, wanted, strict=False)):
            raise Refusal("ledger-of-other-keys")
        if all(isinstance(signer, AbsentLogKey) for pair in held for signer in pair):
            raise Refusal("ledger-of-other-keys")

    def _held(self, origin: str, *, standby: bool) -> tuple[Signer, ...]:
        name = self._name(standby=standby)
        return self._keystore.signer(name, origin), self._keystore.ml_dsa_signer(name, origin)

    def _name(self, *, standby: bool) -> str:
        return f"log-{'standby' if standby else 'live'}-{self._main.origin}"


def _keys(pair: Sequence[Signer]) -> tuple[VerifierKey, ...]:
    return tuple(signer.verifier_key for signer in pair)
