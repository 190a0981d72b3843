"""A key that this process does not hold: its owner signs somewhere else, and only the public side is known here."""

from __future__ import annotations

from typing import Final

from domain.errors import Refusal
from signing.note import VerifierKey


class KeyElsewhere:
    """Stands where a `Signer` stands, so that any proposal can name an actor who signs elsewhere."""

    __slots__ = ("verifier_key",)

    def __init__(self, verifier_key: VerifierKey) -> None:
        self.verifier_key: Final = verifier_key

    def sign(self, message: bytes) -> bytes:  # noqa: ARG002  the port's shape
        """Raises Refusal `key-held-elsewhere`: such an act is prepared, signed by its owner, then submitted."""
        raise Refusal("key-held-elsewhere", key=self.verifier_key.name)
