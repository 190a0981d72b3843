"""Acts on their way to the append process: packed where they were composed, signed where they are unpacked.

Everything that a signature covers is in the text, and an Ed25519 signature follows from key and text; so whoever signs,
and however often, the note is the same byte for byte.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final
from uuid import UUID

import msgspec
from eventsourcing.persistence import StoredEvent

from ledger.pending import Pending
from ledger.prepared_act import PreparedAct
from ledger.sealed_field import SealedField
from ledger.signature_watch import SignatureWatch
from signing.note import Ed25519Signer, Note, NoteSignature, check_ed25519
from signing.verification_error import VerificationError

_Key = tuple[bytes, str, bytes]
"""Seed, the name in the signature line, kid."""
_Event = tuple[UUID, int, str, bytes]
"""Stream, version, type, payload."""


class ActParcel(msgspec.Struct, frozen=True, array_like=True):
    """A `PreparedAct`; where there are keys, `note` is the text that they are to sign."""

    keys: Sequence[_Key]
    id: UUID
    note: bytes
    digest: bytes
    registry_index: int
    events: Sequence[_Event]
    guards: tuple[tuple[UUID, int], ...]
    sealed: tuple[SealedField, ...]
    trace: str | None


_encode: Final = msgspec.msgpack.Encoder(uuid_format="bytes").encode
_decode: Final = msgspec.msgpack.Decoder(list[ActParcel]).decode


def fits(pending: Pending) -> bool:
    """Whether another process may take what is composed: it is signed, or need not be signed here."""
    return pending.is_signed or (pending.draft is not None and not pending.draft.apart)


def packed(acts: Sequence[Pending]) -> bytes:
    """For `unpacked`. acts: that fit."""
    return _encode([_parcel(pending) for pending in acts])


def unpacked(data: bytes, watch: SignatureWatch) -> list[PreparedAct]:
    """The acts, signed. watch: over the keys. Raises VerificationError where a key does not prove itself."""
    return [_prepared(parcel, watch) for parcel in _decode(data)]


def _parcel(pending: Pending) -> ActParcel:
    act = pending.act
    return ActParcel(
        () if pending.is_signed else _keys(pending),
        act.id,
        act.note,
        act.digest,
        act.registry_index,
        [(_uuid(e.originator_id), e.originator_version, e.topic, e.state) for e in act.events],
        act.guards,
        act.sealed,
        act.trace,
    )


def _keys(pending: Pending) -> list[_Key]:
    draft = pending.draft
    assert draft is not None
    return [
        (signer.seed, key.name, key.kid)
        for signer, key in zip(draft.signers, draft.act.keys, strict=True)
        if isinstance(signer, Ed25519Signer)
    ]


def _prepared(parcel: ActParcel, watch: SignatureWatch) -> PreparedAct:
    return PreparedAct(
        id=parcel.id,
        note=_signed(parcel.note, parcel.keys, watch) if parcel.keys else parcel.note,
        digest=parcel.digest,
        registry_index=parcel.registry_index,
        events=tuple([StoredEvent(*event) for event in parcel.events]),
        guards=parcel.guards,
        sealed=parcel.sealed,
        trace=parcel.trace,
    )


def _signed(text: bytes, keys: Sequence[_Key], watch: SignatureWatch) -> bytes:
    signers = [_signer(*key) for key in keys]
    made = [signer.sign(text) for signer in signers]
    if watch.is_due(signers):
        for signer, signature in zip(signers, made, strict=True):
            check_ed25519(signer.verifier_key.public, signature, text)
        watch.proven(signers)
    lines = [
        NoteSignature(signer.verifier_key.name, signer.verifier_key.key_id, signature)
        for signer, signature in zip(signers, made, strict=True)
    ]
    return Note(text, tuple(lines)).data


@lru_cache(maxsize=1024)
def _signer(seed: bytes, name: str, kid: bytes) -> Ed25519Signer:
    signer = Ed25519Signer(name, seed)
    if signer.verifier_key.kid != kid:
        raise VerificationError("unknown-key", "the key is not the one that the kid names")
    return signer


def _uuid(value: UUID | str) -> UUID:
    assert isinstance(value, UUID)
    return value
