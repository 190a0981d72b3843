"""Sealer and unsealer: `Plain` fields become commitments before hashing; whoever holds the keys opens them again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec

from domain.errors import Refusal
from domain.sealed import Plain, Sealed, SealedBlob
from ledger.blob_store import BlobStore
from ledger.key_store import KeyStore
from ledger.placed_event import PlacedEvent
from ledger.sealable_members import sealable_members
from ledger.sealed_field import SealedField
from ledger.sealed_store import BlobRow, SealedStore
from signing.base64_text import from_base64
from signing.seal import open_blob, open_sealed, seal, seal_blob

_encode: Final = msgspec.json.Encoder().encode
_decode: Final = msgspec.json.Decoder().decode
_BARE: Final = frozenset({str, int, bool, type(None), UUID, Sealed})
"""Types of values that cannot hold a `Plain`."""


class SealedPlace(msgspec.Struct, frozen=True):
    """A sealed field and where it stands: the pointer is RFC 6901's, from the event's root."""

    sealed: Sealed
    stream: UUID
    version: int
    pointer: str


class BlobPlain(msgspec.Struct, frozen=True, kw_only=True):
    """A blob to be sealed. stream: that will refer to it; blob: its own id; media: media type."""

    owner: UUID
    stream: UUID
    blob: UUID
    media: str
    data: bytes


class Sealer:
    """Seals under record keys of one class. Thread-safe."""

    def __init__(self, keys: KeyStore, store: SealedStore, blobs: BlobStore | None = None) -> None:
        self._keys = keys
        self._store = store
        self._blobs = blobs

    def seal(self, events: Sequence[PlacedEvent]) -> tuple[Sequence[PlacedEvent], tuple[SealedField, ...]]:
        """The events with every `Plain` sealed, and the ciphertexts to keep. The keys used are durable on return."""
        holding = [holds_plain(item.event) for item in events]
        if True not in holding:
            return events, ()
        keys = self._keys.keys_for(item.owner for item, holds in zip(events, holding, strict=True) if holds)
        fields: list[SealedField] = []
        sealed = [
            msgspec.structs.replace(item, event=_sealed_event(item, keys[item.owner], fields)) if holds else item
            for item, holds in zip(events, holding, strict=True)
        ]
        return sealed, tuple(fields)

    def discard(self, fields: Sequence[SealedField]) -> None:
        """Remove ciphertexts of an act that was refused."""
        if fields:
            self._store.discard([field.digest for field in fields])

    def seal_blobs(self, blobs: Sequence[BlobPlain]) -> list[SealedBlob]:
        """Seal blobs and keep them, durable on return: keys first, then files, then whose they are."""
        assert self._blobs is not None, "this sealer was given no blob store"
        keys = self._keys.keys_for(item.owner for item in blobs)
        made = [
            seal_blob(keys[item.owner], item.data, stream=item.stream, blob=item.blob, media=item.media)
            for item in blobs
        ]
        self._blobs.put(ciphertext for _, ciphertext in made)
        rows = [
            BlobRow(from_base64(kept.ct, 32), item.owner, item.stream, item.blob, item.media, kept.len)
            for item, (kept, _) in zip(blobs, made, strict=True)
        ]
        self._store.put_blobs(rows)
        return [kept for kept, _ in made]


class Unsealer:
    """Opens sealed values. What was lawfully destroyed is absent, not an error."""

    def __init__(self, keys: KeyStore, store: SealedStore, blobs: BlobStore | None = None) -> None:
        self._keys = keys
        self._store = store
        self._blobs = blobs

    def open(self, sealed: Sealed, stream: UUID, version: int, pointer: str) -> Any:
        """The value of one field. Raises Refusal `sealed-value-gone`; VerificationError when it was tampered with."""
        value = self.open_many([SealedPlace(sealed, stream, version, pointer)])[0]
        if value is None:
            raise Refusal("sealed-value-gone", stream=stream, pointer=pointer)
        return value

    def open_many(self, places: Sequence[SealedPlace]) -> list[Any]:
        """The value of each field, None for those destroyed; two questions for any number of fields."""
        digests = [from_base64(place.sealed.ct, 32) for place in places]
        rows = self._store.get(set(digests)) if digests else {}
        keys = self._keys.find({owner for _, owner in rows.values()}) if rows else {}
        values: list[Any] = []
        for place, digest in zip(places, digests, strict=True):
            ciphertext, owner = rows.get(digest, (b"", None))
            key = keys.get(owner) if owner is not None else None
            if key is None:
                values.append(None)
                continue
            plaintext = open_sealed(
                key, place.sealed, ciphertext, stream=place.stream, version=place.version, pointer=place.pointer
            )
            values.append(_decode(plaintext))
        return values

    def open_blob(self, sealed: SealedBlob, stream: UUID) -> bytes:
        """The blob's bytes. Raises Refusal `sealed-value-gone`; VerificationError when it was tampered with."""
        return self.open_blob_with(self.blob_keys([sealed]).get(sealed.ct), sealed, stream)

    def blob_keys(self, blobs: Sequence[SealedBlob]) -> dict[str, bytes]:
        """By `ct`: the key of each blob that was not destroyed; two questions for any number of blobs."""
        digests = {from_base64(blob.ct, 32): blob.ct for blob in blobs}
        owners = self._store.blob_owners(digests) if digests else {}
        keys = self._keys.find(set(owners.values())) if owners else {}
        return {digests[digest]: keys[owner] for digest, owner in owners.items() if owner in keys}

    def open_blob_with(self, key: bytes | None, sealed: SealedBlob, stream: UUID) -> bytes:
        """As `open_blob`, by the key that `blob_keys` has for it."""
        assert self._blobs is not None, "this unsealer was given no blob store"
        ciphertext = self._blobs.get(from_base64(sealed.ct, 32)) if key is not None else None
        if key is None or ciphertext is None:
            raise Refusal("sealed-value-gone", stream=stream, pointer=sealed.blob)
        return open_blob(key, sealed, ciphertext, stream=stream)


def holds_plain(value: object) -> bool:
    """Whether a `Plain` is anywhere in a Struct, list or dict, where the types of its members allow one."""
    kind = type(value)
    if kind in _BARE:
        return False
    if kind is Plain:
        return True
    if isinstance(value, msgspec.Struct):
        for name in sealable_members(type(value)):
            member = getattr(value, name)
            if type(member) not in _BARE and holds_plain(member):
                return True
        return False
    if isinstance(value, list | tuple):
        return any(holds_plain(item) for item in value)
    return isinstance(value, dict) and any(holds_plain(item) for item in value.values())


def _sealed_event(item: PlacedEvent, key: bytes, fields: list[SealedField]) -> Any:
    def seal_one(plain: Plain, pointer: str) -> Sealed:
        kept, ciphertext = seal(key, _encode(plain.value), stream=item.stream, version=item.version, pointer=pointer)
        digest = from_base64(kept.ct, 32)
        fields.append(SealedField(digest, ciphertext, item.owner, item.stream, item.version, pointer))
        return kept

    return _replaced(item.event, "", seal_one)


def _replaced(value: Any, pointer: str, seal_one: Callable[[Plain, str], Sealed]) -> Any:
    """`value` with each `Plain` replaced; pointers use the names that stand in the bytes."""
    match value:
        case Plain():
            return seal_one(value, pointer)
        case msgspec.Struct():
            names = zip(value.__struct_fields__, value.__struct_encode_fields__, strict=True)
            changes = {
                field: _replaced(held, f"{pointer}/{_escaped(name)}", seal_one)
                for field, name in names
                if holds_plain(held := getattr(value, field))
            }
            return msgspec.structs.replace(value, **changes)
        case list() | tuple():
            return type(value)(_replaced(held, f"{pointer}/{at}", seal_one) for at, held in enumerate(value))
        case dict():
            return {name: _replaced(held, f"{pointer}/{_escaped(name)}", seal_one) for name, held in value.items()}
        case _:
            return value


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
