"""Destruction of everything sealed for one owner: the key first, because without it the rest is noise already."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from uuid import UUID

import msgspec

from domain.sealed import Sealed, SealedBlob
from ledger.application import Ledger
from ledger.blob_store import BlobStore
from ledger.key_store import KeyStore
from ledger.sealed_store import SealedStore
from signing.base64_text import from_base64

_COMMITMENT = re.compile(rb'\{"alg":"A256GCM[^{}]*\}')
"""A sealed value in a payload: its members are base64 and plain words, so no brace stands inside."""


def destroy(owner: UUID, keys: KeyStore, store: SealedStore, blobs: BlobStore) -> None:
    """Remove the owner's key, blobs and ciphertexts. Idempotent: after a crash, do it again.

    The ledger keeps its commitments, and every proof still verifies.
    """
    store.begin_destruction(owner)
    keys.destroy(owner)
    blobs.delete(store.blobs_of(owner))
    store.destroy(owner)


def remains(
    ledger: Ledger, streams: Sequence[UUID], owner: UUID, keys: KeyStore, store: SealedStore, blobs: BlobStore
) -> int:
    """How many parts are still there of what the events of `streams` commit to, the owner's key counted as one.

    Asked of the ledger's commitments, not of the rows that say whose is what: those die first.
    """
    fields, scans = set[bytes](), set[bytes]()
    for sealed in commitments(ledger, streams):
        (scans if isinstance(sealed, SealedBlob) else fields).add(from_base64(sealed.ct, 32))
    left = len(store.get(fields)) if fields else 0
    return left + sum(blobs.get(digest) is not None for digest in scans) + len(keys.find({owner}))


def commitments(ledger: Ledger, streams: Sequence[UUID]) -> Iterator[Sealed | SealedBlob]:
    """Every sealed field and blob that the events of `streams` commit to."""
    for stored in ledger.log_recorder.select_streams(streams):
        yield from commitments_in(stored.state)


def commitments_in(payload: bytes) -> Iterator[Sealed | SealedBlob]:
    """Every sealed field and blob that an event's payload commits to."""
    for found in _COMMITMENT.findall(payload):
        yield msgspec.json.decode(found, type=Sealed | SealedBlob)
