"""The ledger secret: one secret, split by purpose, for ids, request digests and the fixity index."""

from __future__ import annotations

import hmac
from typing import Any

from signing import canonical
from signing.seal import derive


class LedgerSecret:
    """Keys derived from the ledger secret. It never leaves memory and never shows in a `repr`.

    ids: the 32-byte secret for `domain.identifiers.derive_id`.
    """

    __slots__ = ("_digests", "_fixity", "ids")

    def __init__(self, secret: bytes) -> None:
        self.ids = derive(secret, b"mocban/ids/v1")
        self._digests = hmac.new(derive(secret, b"request-digest"), digestmod="sha256")
        self._fixity = derive(secret, b"fixity-index")

    def request_digest(self, actor: str, request: Any) -> bytes:
        """32 bytes that tell a retry of the same command from another command under the same act id.

        request: the unsealed command, JSON-able, without floats; a member that is null counts as absent.
        Raises VerificationError `canonical`.
        """
        canonical_form = canonical.encode_present(request)
        return self._digest(actor, canonical_form)

    def prepared_digest(self, actor: str, note_text: bytes) -> bytes:
        """The digest of an act that came prepared and signed: over the note's text instead of a command."""
        return self._digest(actor, note_text)

    def _digest(self, actor: str, said: bytes) -> bytes:
        # Not `hmac.digest`, which lets go of the interpreter: dear where many threads wait for it.
        mac = self._digests.copy()
        mac.update(actor.encode() + b"\x00" + said)
        return mac.digest()

    def fixity(self, plaintext_digest: bytes) -> bytes:
        """The 32-byte index key of a plaintext whose SHA-256 is given; the index never holds the digest itself."""
        return hmac.digest(self._fixity, plaintext_digest, "sha256")
