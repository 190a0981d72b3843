"""Sealed content of acts that came back from tiles: what of it is still here, and what is gone, by count.

Ciphertexts of fields lie in the database that was lost. Scans lie in the object store and may be there still, without
the row that says whose key opens them: the commitment to the sub-key tells which of the likely owners it is.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import msgspec
import psycopg
from psycopg import sql

from domain.sealed import SealedBlob
from ledger.application import Ledger
from ledger.blob_store import BlobStore
from ledger.destruction import commitments_in
from ledger.key_store import KeyStore
from ledger.receipt import RECOVERED
from ledger.sealed_store import BlobRow, SealedStore
from signing.base64_text import from_base64, to_base64
from signing.seal import BLOB, blob_pointer, commitment, sub_key

_AT_ONCE: Final = 1000
_RECOVERED_EVENTS: Final = (
    "SELECT event.originator_id, event.state FROM {event} AS event JOIN {act} AS act ON act.index = event.act_index "
    "WHERE act.request_digest = %s"
)
_UUID: Final = re.compile(rb'"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"')


class Lost(msgspec.Struct, kw_only=True):
    """fields: sealed fields whose ciphertext is gone. blobs: scans and texts that are gone or nobody has the key of.

    blobs_found: those that were tied to their owner again.
    """

    fields: int = 0
    blobs: int = 0
    blobs_found: int = 0


class LostContent:
    """Of every act of a log that ever came back, so that it can be asked again after a crash."""

    def __init__(self, ledger: Ledger, keys: KeyStore, store: SealedStore, blobs: BlobStore) -> None:
        """keys: of the class that seals this log's content."""
        self._ledger, self._keys, self._store, self._blobs = ledger, keys, store, blobs
        self._digests: list[bytes] = []
        self._scans: defaultdict[UUID, list[SealedBlob]] = defaultdict(list)
        self._lost = Lost()

    def settle(self, connection: psycopg.Connection[Any]) -> Lost:
        """Tie what can be tied, and count the rest. Idempotent. connection: its role may read the log."""
        names = {name: sql.Identifier(self._ledger.log_name.value, name) for name in ("act", "event")}
        with connection.transaction(), connection.cursor("recovered") as cursor:
            cursor.itersize = _AT_ONCE
            for stream, payload in cursor.execute(sql.SQL(_RECOVERED_EVENTS).format(**names), (RECOVERED,)):
                self._meet(stream, bytes(payload))
        self._count_fields()
        lost = self._lost
        for stream, blobs in self._scans.items():
            rows = self._tied(stream, blobs)
            if rows:
                self._store.put_blobs(rows)
            lost.blobs_found += len(rows)
            lost.blobs += len(blobs) - len(rows)
        return lost

    def _meet(self, stream: UUID, payload: bytes) -> None:
        for sealed in commitments_in(payload):
            if isinstance(sealed, SealedBlob):
                self._scans[stream].append(sealed)
            else:
                self._digests.append(from_base64(sealed.ct, 32))
        if len(self._digests) >= _AT_ONCE:
            self._count_fields()

    def _count_fields(self) -> None:
        if self._digests:
            self._lost.fields += len(self._digests) - len(self._store.get(self._digests))
            self._digests = []

    def _tied(self, stream: UUID, blobs: Sequence[SealedBlob]) -> list[BlobRow]:
        """Rows of those whose ciphertext is here and whose owner's key is."""
        stored = self._ledger.log_recorder.select_streams([stream])
        named = {UUID(found.decode()) for event in stored for found in _UUID.findall(event.state)}
        keys = self._keys.find({stream, *named})
        rows = []
        for blob in blobs:
            digest = from_base64(blob.ct, 32)
            size = self._blobs.size(digest)
            owner = next((one for one, key in keys.items() if _opens(key, stream, blob)), None)
            if size is not None and owner is not None:
                rows.append(BlobRow(digest, owner, stream, UUID(blob.blob), blob.media, size))
        return rows


def _opens(key: bytes, stream: UUID, blob: SealedBlob) -> bool:
    derived = sub_key(key, BLOB, stream, 0, blob_pointer(UUID(blob.blob)))
    return to_base64(commitment(derived)) == blob.kc
