"""An act's draft: encoded and composed, to be signed by its signers' keys wherever these are."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from domain.errors import Refusal
from ledger.prepared_act import PreparedAct
from signing.act import OpenedAct, UnsignedAct
from signing.note import Ed25519Signer, Signer
from signing.verification_error import VerificationError


class ActDraft(msgspec.Struct, frozen=True):
    """signers: of `act.text`, in order. prepared: checks the signed act and makes it ready; raises Refusal."""

    act: UnsignedAct
    signers: tuple[Signer, ...]
    prepared: Callable[[OpenedAct], PreparedAct]

    def held(self) -> list[tuple[Ed25519Signer, bytes]]:
        """Which keys of this process have to sign what; empty where a key held elsewhere is among them."""
        text = self.act.text
        held = [(signer, text) for signer in self.signers if isinstance(signer, Ed25519Signer)]
        return held if len(held) == len(self.signers) else []

    def signed(self, signatures: Sequence[bytes] | None = None) -> PreparedAct:
        """Ready to append. signatures: one of each signer; without, they are asked now. Raises Refusal."""
        if signatures is None:
            signatures = [signer.sign(self.act.text) for signer in self.signers]
        return self.prepared(with_signatures(self.act, signatures))


def with_signatures(act: UnsignedAct, signatures: Sequence[bytes]) -> OpenedAct:
    """The signed act, opened. Raises Refusal `act-malformed`."""
    try:
        return act.signed(signatures)
    except VerificationError as error:
        raise Refusal("act-malformed", act=act.header.act, reason=error.detail) from error
