"""Is the key database as new as the ledger? Its back-ups must never be older; asked at start, in a few milliseconds.

Keys come before what they seal, so a key database that is older than the ledger lacks the newest keys first: the owners
of the last sealed events are looked at, and all of them are counted only when one of those has no key.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

import psycopg

from domain.errors import Refusal

LAST_EVENTS: Final = 200
_AT_ONCE: Final = 10_000

# A main database restored from before a destruction has its ciphertexts again and no note of it; once its acts are
# refilled (`recover`) the ledger itself says that the file's key is gone lawfully.
_KEPT: Final = b"""
NOT EXISTS (SELECT FROM sealed.destroyed AS gone WHERE gone.owner = field.owner)
AND NOT EXISTS (SELECT FROM main_log.event AS gone
                WHERE gone.originator_id = field.owner AND gone.topic = 'file.destroyed/1')
"""
_LAST_OWNERS: Final = (
    b"""
SELECT DISTINCT field.owner
FROM ((SELECT originator_id, originator_version FROM main_log.event ORDER BY position DESC LIMIT %(last)s)
      UNION ALL
      (SELECT originator_id, originator_version FROM access_log.event ORDER BY position DESC LIMIT %(last)s)) AS event
JOIN sealed.field AS field ON field.stream = event.originator_id AND field.version = event.originator_version
WHERE """
    + _KEPT
)
_OWNERS: Final = (
    b"""
SELECT DISTINCT owner FROM sealed.field AS field WHERE """
    + _KEPT
)
_HELD: Final = b"SELECT owner FROM key_store.record_key WHERE owner = ANY(%s)"


def check_key_age(ledger: psycopg.Connection[Any], keys: psycopg.Connection[Any]) -> None:
    """Refuse a key database that has lost keys of sealed fields that nobody destroyed. Reads only.

    ledger, keys: connections to both databases. Raises Refusal `keys-older-than-ledger` with how many files, persons or
    readers have lost theirs.
    """
    newest = _owners(ledger.execute(_LAST_OWNERS, {"last": LAST_EVENTS}))
    if _missing(keys, newest):
        raise Refusal("keys-older-than-ledger", missing=_missing(keys, _owners(ledger.execute(_OWNERS))))


def _owners(rows: psycopg.Cursor[Any]) -> list[UUID]:
    return [owner for (owner,) in rows]


def _missing(store: psycopg.Connection[Any], owners: Collection[UUID]) -> int:
    """How many of the owners have no key."""
    wanted, held = list(owners), 0
    for start in range(0, len(wanted), _AT_ONCE):
        held += len(store.execute(_HELD, (wanted[start : start + _AT_ONCE],)).fetchall())
    return len(wanted) - held
