"""An act's draft: encoded, composed and judged, to be signed by its signers' keys wherever these are."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from domain.errors import Refusal
from ledger.prepared_act import PreparedAct
from signing.act import OpenedAct, UnsignedAct
from signing.note import Signer
from signing.verification_error import VerificationError


class ActDraft(msgspec.Struct, frozen=True):
    """signers: of `act.text`, in order. unsigned: the act, that text in place of its note.

    check: of the signed act before it is appended; raises Refusal. apart: it says more than whether signatures hold, or
    a key is held elsewhere; so the act is signed where it is checked.
    """

    act: UnsignedAct
    signers: tuple[Signer, ...]
    unsigned: PreparedAct
    check: Callable[[OpenedAct], None]
    apart: bool = False

    def signed(self) -> PreparedAct:
        """Signed now, by its own signers, checked, ready to append. Raises Refusal."""
        act = with_signatures(self.act, [signer.sign(self.act.text) for signer in self.signers])
        self.check(act)
        return msgspec.structs.replace(self.unsigned, note=act.data)


def with_signatures(act: UnsignedAct, signatures: Sequence[bytes]) -> OpenedAct:
    """The signed act, opened. Raises Refusal `act-malformed`."""
    try:
        return act.signed(signatures)
    except VerificationError as error:
        raise Refusal("act-malformed", act=act.header.act, reason=error.detail) from error
