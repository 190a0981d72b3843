"""Record keys (RK): 32 random bytes per file, person, or reader and month; wrapped, in a database of their own.

A key is durable there before anything sealed under it is appended. Destroying the row destroys what it sealed.
"""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping
from operator import attrgetter
from threading import Lock
from typing import Any, Final
from uuid import UUID

from ledger.binary_array import BytesArray, UuidArray
from ledger.pools import open_pool
from signing.fault_point import FaultPoint, reached
from signing.seal import KEY_SIZE, NONCE_SIZE, expand, extract, new_key, open_bound, place, seal_bound

PURPOSE: Final = "record-key"
CACHED_KEYS: Final = 65_536
CACHE_SECONDS: Final = 300.0
"""A key destroyed by another process may still be in this one's memory for as long."""

_SELECT: Final = b"SELECT owner, wrapped FROM key_store.record_key WHERE owner = ANY(%s) AND class = %s"
# Those that there were before, with their key, and those made, without one; neither: made by another meanwhile. Both:
# destroyed by another meanwhile and made anew, so those made come last.
_MAKE: Final = (
    b"WITH made AS (INSERT INTO key_store.record_key (owner, class, wrapped) "
    b"SELECT owner, %(class)s, wrapped FROM unnest(%(owners)s, %(wrapped)s) AS given (owner, wrapped) "
    b"ON CONFLICT DO NOTHING RETURNING owner) "
    b"SELECT owner, wrapped FROM key_store.record_key WHERE owner = ANY(%(owners)s) AND class = %(class)s "
    b"UNION ALL SELECT owner, NULL FROM made"
)
_DELETE: Final = b"DELETE FROM key_store.record_key WHERE owner = %s"
_number: Final = attrgetter("int")


class KeyStore:
    """Record keys of one class, under one key-encryption key (KEK, 32 bytes). Thread-safe."""

    def __init__(self, conninfo: str, kek: bytes, key_class: str, cached_keys: int = CACHED_KEYS) -> None:
        """conninfo: of the key database. key_class: `record`, `person`, `reader`: who may hold which KEK."""
        self._cached_keys = cached_keys
        assert len(kek) == KEY_SIZE
        self._extracted = extract(kek)
        self._class = key_class
        self._pool = open_pool(conninfo, name=f"keys-{key_class}")
        self._cache: OrderedDict[UUID, tuple[bytes, float]] = OrderedDict()
        self._lock = Lock()

    def keys_for(self, owners: Iterable[UUID]) -> dict[UUID, bytes]:
        """The key of each owner, made and durable where there was none; one question for any number of owners."""
        wanted = set(owners)
        keys = self._cached(wanted)
        missing = [owner for owner in wanted if owner not in keys]
        return keys | self._make(sorted(missing, key=_number)) if missing else keys

    def find(self, owners: Collection[UUID]) -> dict[UUID, bytes]:
        """The keys that exist; an owner whose key was destroyed is absent."""
        keys = self._cached(owners)
        missing = {owner for owner in owners if owner not in keys}
        return keys | self._read(missing) if missing else keys

    def destroy(self, owner: UUID) -> bool:
        """Destroy the owner's key for good; whether there was one. Idempotent."""
        with self._lock:
            self._cache.pop(owner, None)
        with self._pool.connection() as connection:
            gone = connection.execute(_DELETE, (owner,)).rowcount > 0
        with self._lock:
            self._cache.pop(owner, None)  # read back by another thread meanwhile
        return gone

    def close(self) -> None:
        """Close the connections and forget the keys."""
        self._pool.close()
        self._cache.clear()

    def _make(self, owners: list[UUID]) -> dict[UUID, bytes]:
        """A fresh key for each owner who has none: most are new. Of the others the key that they have.

        owners: in order, as everybody's: each waits for those that others are making, and nobody may wait in a circle.
        """
        fresh = {owner: new_key() for owner in owners}
        wrapped = [self._wrap(owner, key) for owner, key in fresh.items()]
        given = {"class": self._class, "owners": UuidArray(owners), "wrapped": BytesArray(wrapped)}
        with self._pool.connection() as connection:
            rows: list[tuple[Any, ...]] = connection.execute(_MAKE, given, binary=True).fetchall()
        reached(FaultPoint.RECORD_KEYS_MADE)
        keys = {owner: fresh[owner] if held is None else self._unwrap(owner, held) for owner, held in rows}
        self._remember(keys)
        others = [owner for owner in owners if owner not in keys]
        return keys | self._read(others) if others else keys

    def _read(self, owners: Collection[UUID]) -> dict[UUID, bytes]:
        with self._pool.connection() as connection:
            rows: list[tuple[Any, ...]] = connection.execute(
                _SELECT, (UuidArray(list(owners)), self._class), binary=True
            ).fetchall()
        keys = {owner: self._unwrap(owner, wrapped) for owner, wrapped in rows}
        self._remember(keys)
        return keys

    def _remember(self, keys: Mapping[UUID, bytes]) -> None:
        until = time.monotonic() + CACHE_SECONDS
        with self._lock:
            self._cache.update((owner, (key, until)) for owner, key in keys.items())
            while len(self._cache) > self._cached_keys:
                self._cache.popitem(last=False)

    def _cached(self, owners: Iterable[UUID]) -> dict[UUID, bytes]:
        now = time.monotonic()
        with self._lock:
            found = ((owner, self._cache.get(owner)) for owner in owners)
            return {owner: held[0] for owner, held in found if held is not None and held[1] > now}

    def _wrap(self, owner: UUID, key: bytes) -> bytes:
        """nonce (12 B) || ciphertext (48 B), bound to owner and class."""
        where = place(PURPOSE, owner, 0, self._class)
        nonce = secrets.token_bytes(NONCE_SIZE)
        return nonce + seal_bound(expand(self._extracted, where), nonce, key, where)

    def _unwrap(self, owner: UUID, wrapped: bytes) -> bytes:
        """Raises VerificationError `seal` under another KEK, owner or class."""
        where = place(PURPOSE, owner, 0, self._class)
        return open_bound(expand(self._extracted, where), wrapped[:NONCE_SIZE], wrapped[NONCE_SIZE:], where)
