"""Destruction of everything sealed for one owner: the key first, because without it the rest is noise already."""

from __future__ import annotations

from uuid import UUID

from ledger.blob_store import BlobStore
from ledger.key_store import KeyStore
from ledger.sealed_store import SealedStore


def destroy(owner: UUID, keys: KeyStore, store: SealedStore, blobs: BlobStore) -> None:
    """Remove the owner's key, blobs and ciphertexts. Idempotent: after a crash, do it again.

    The ledger keeps its commitments, and every proof still verifies.
    """
    store.begin_destruction(owner)
    keys.destroy(owner)
    blobs.delete(store.blobs_of(owner))
    store.destroy(owner)
