"""Actor: the principal who signs an act, with the key it was enrolled with."""

from __future__ import annotations

from functools import cached_property
from typing import Final

import msgspec

from signing.act import actor_key_name
from signing.note import Signer, VerifierKey


class Actor(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """id: lower-case hyphenated UUID. signer: its key under any name; each log gives the name it needs."""

    id: str
    signer: Signer

    def signer_in(self, origin: str) -> Signer:
        """The signer whose name is the one this actor bears in the log `origin`."""
        named = self._named.get(origin)
        if named is None:
            key = self.signer.verifier_key
            named = _NamedSigner(VerifierKey(actor_key_name(origin, self.id), key.type, key.public), self.signer)
            self._named[origin] = named
        return named

    @cached_property
    def _named(self) -> dict[str, Signer]:
        """Made once for each log: an actor signs many acts."""
        return {}


class _NamedSigner:
    """A signer under another name: the same key signs in both logs."""

    __slots__ = ("sign", "verifier_key")

    def __init__(self, key: VerifierKey, signer: Signer) -> None:
        self.verifier_key: Final = key
        self.sign = signer.sign
