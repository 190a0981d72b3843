"""Where prepared acts wait for a signature made elsewhere: durable, and gone when their time is over."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
import psycopg

from ledger.sealed_field import SealedField

_KEEP: Final = (
    b"INSERT INTO sealed.prepared_act (id, text, entries, signatures, guards, guard_versions, fields, expires_at) "
    b"VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
)
_KEEP_FIELD: Final = (
    b"INSERT INTO sealed.prepared_field (act, digest, ciphertext, owner, stream, version, pointer) "
    b"VALUES (%s, %s, %s, %s, %s, %s, %s)"
)
_FIND: Final = (
    b"SELECT text, entries, signatures, guards, guard_versions, fields, expires_at "
    b"FROM sealed.prepared_act WHERE id = %s"
)
_FIELDS: Final = b"SELECT digest, ciphertext, owner, stream, version, pointer FROM sealed.prepared_field WHERE act = %s"
# An append that was refused may have left the ciphertexts in `field`; they stay there only if the act is in the log.
_DISCARD: Final = (
    b"WITH gone AS (DELETE FROM sealed.prepared_act WHERE %b RETURNING id), swept AS ("
    b"DELETE FROM sealed.field AS field USING sealed.prepared_field AS waiting, gone "
    b"WHERE waiting.act = gone.id AND field.digest = waiting.digest "
    b"AND NOT EXISTS (SELECT FROM main_log.act AS act WHERE act.id = gone.id)) "
    b"SELECT count(*) FROM gone"
)
_BY_ID: Final = _DISCARD % b"id = %s"
_EXPIRED: Final = _DISCARD % b"expires_at <= %s"


class WaitingAct(msgspec.Struct, frozen=True, kw_only=True):
    """text: the bytes to be signed. signatures: one for each signer, empty where it is awaited.

    guards: streams that the act read and does not write, with their versions. fields: ciphertexts it commits to;
    `promised` of them there were at first.
    """

    id: UUID
    text: bytes
    entries: tuple[bytes, ...]
    signatures: tuple[bytes, ...]
    guards: tuple[tuple[UUID, int], ...]
    fields: tuple[SealedField, ...]
    promised: int
    expires_at: datetime


class PreparedStore:
    """Prepared acts of the main log, beside the deletable store. A connection for each question: they are rare."""

    def __init__(self, conninfo: str) -> None:
        """conninfo: of the main database, in the role that appends to the main log."""
        self._conninfo = conninfo

    def keep(self, act: WaitingAct) -> None:
        """Keep an act and its ciphertexts, durably, all or nothing."""
        streams, versions = [guard[0] for guard in act.guards], [guard[1] for guard in act.guards]
        row = (
            act.id,
            act.text,
            list(act.entries),
            list(act.signatures),
            streams,
            versions,
            act.promised,
            act.expires_at,
        )
        with psycopg.connect(self._conninfo) as connection, connection.cursor() as cursor:
            cursor.execute(_KEEP, row)
            cursor.executemany(_KEEP_FIELD, [(act.id, *msgspec.structs.astuple(field)) for field in act.fields])

    def find(self, act_id: UUID) -> WaitingAct | None:
        """The act that waits under this id."""
        with psycopg.connect(self._conninfo) as connection:
            row: tuple[Any, ...] | None = connection.execute(_FIND, (act_id,), binary=True).fetchone()
            if row is None:
                return None
            fields = connection.execute(_FIELDS, (act_id,), binary=True).fetchall()
        text, entries, signatures, streams, versions, promised, expires_at = row
        return WaitingAct(
            id=act_id,
            text=text,
            entries=tuple(entries),
            signatures=tuple(signatures),
            guards=tuple(zip(streams, versions, strict=True)),
            fields=tuple(SealedField(*field) for field in fields),
            promised=promised,
            expires_at=expires_at,
        )

    def discard(self, act_id: UUID) -> bool:
        """Forget an act and its ciphertexts; whether it was there. Idempotent."""
        return self._discard(_BY_ID, act_id) > 0

    def discard_expired(self, now: datetime) -> int:
        """Forget every act whose time is over; how many there were. now: aware."""
        return self._discard(_EXPIRED, now)

    def _discard(self, statement: bytes, which: UUID | datetime) -> int:
        with psycopg.connect(self._conninfo) as connection:
            row: tuple[Any, ...] | None = connection.execute(statement, (which,)).fetchone()
        return 0 if row is None else int(row[0])
