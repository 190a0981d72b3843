"""Acts on their way to the append process: packed where they were composed, signed where they are unpacked.

Everything that a signature covers is in the text, and an Ed25519 signature follows from key and text; so whoever signs,
and however often, the note is the same byte for byte.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import msgspec

from ledger.pending import Pending
from ledger.prepared_act import PreparedAct
from ledger.signature_watch import SignatureWatch
from signing.note import Ed25519Signer, check_ed25519, signature_line
from signing.verification_error import VerificationError

_Key = tuple[bytes, str, bytes]
"""Seed, the name in the signature line, kid."""
_Parcel = list[tuple[Sequence[_Key], PreparedAct]]
"""Acts, and the keys that are to sign them; where there are any, an act's text stands in place of its note."""

_encode: Final = msgspec.msgpack.Encoder(uuid_format="bytes").encode
_decode: Final = msgspec.msgpack.Decoder(_Parcel).decode


def fits(pending: Pending) -> bool:
    """Whether another process may take what is composed: it is signed, or need not be signed here."""
    return pending.is_signed or (pending.draft is not None and not pending.draft.apart)


def packed(acts: Sequence[Pending]) -> bytes:
    """For `unpacked`. acts: that fit."""
    return _encode([(() if pending.is_signed else _keys(pending), pending.act) for pending in acts])


def unpacked(data: bytes, watch: SignatureWatch) -> list[PreparedAct]:
    """The acts, signed. watch: over the keys. Raises VerificationError where a key does not prove itself."""
    return [
        msgspec.structs.replace(act, note=_signed(act.note, keys, watch)) if keys else act
        for keys, act in _decode(data)
    ]


def _keys(pending: Pending) -> list[_Key]:
    draft = pending.draft
    assert draft is not None
    return [
        (signer.seed, key.name, key.kid)
        for signer, key in zip(draft.signers, draft.act.keys, strict=True)
        if isinstance(signer, Ed25519Signer)
    ]


def _signed(text: bytes, keys: Sequence[_Key], watch: SignatureWatch) -> bytes:
    signers = [_signer(*key) for key in keys]
    made = [signer.sign(text) for signer in signers]
    if watch.is_due(signers):
        for signer, signature in zip(signers, made, strict=True):
            check_ed25519(signer.verifier_key.public, signature, text)
        watch.proven(signers)
    lines = [signature_line(signer.verifier_key, signature) for signer, signature in zip(signers, made, strict=True)]
    return b"".join([text, b"\n", *lines])


@lru_cache(maxsize=1024)
def _signer(seed: bytes, name: str, kid: bytes) -> Ed25519Signer:
    from signing.sodium import sodium_sign  # noqa: PLC0415  here alone: the parent, which imports this too, packs

    signer = Ed25519Signer(name, seed)
    if signer.verifier_key.kid != kid:
        raise VerificationError("unknown-key", "the key is not the one that the kid names")
    signer.sign = sodium_sign(seed)
    return signer
