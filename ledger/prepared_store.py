"""Where prepared acts wait for a signature made elsewhere: durable, and gone when their time is over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
import psycopg

from ledger.sealed_field import SealedField

_KEEP: Final = (
    b"INSERT INTO sealed.prepared_act "
    b"(id, text, entries, signatures, guards, guard_versions, fields, expires_at, asked, vkeys) "
    b"VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"
)
_KEEP_FIELD: Final = (
    b"INSERT INTO sealed.prepared_field (act, digest, ciphertext, owner, stream, version, pointer) "
    b"VALUES (%s, %s, %s, %s, %s, %s, %s)"
)
_FIND: Final = (
    b"SELECT text, entries, signatures, guards, guard_versions, fields, expires_at, asked, vkeys "
    b"FROM sealed.prepared_act WHERE id = %s"
)
_FIELDS: Final = b"SELECT digest, ciphertext, owner, stream, version, pointer FROM sealed.prepared_field WHERE act = %s"
_LOCKED: Final = b" FOR UPDATE"
# Locked in a statement of its own: the next one then sees whatever the act's last holder did before it let go.
_LOCK: Final = b"SELECT id FROM sealed.prepared_act WHERE id = %s FOR UPDATE"
_LOCK_EXPIRED: Final = b"SELECT id FROM sealed.prepared_act WHERE expires_at <= %s FOR UPDATE SKIP LOCKED"
# An append that was refused may have left the ciphertexts in `field`; they stay there only if the act is in the log.
_DISCARD: Final = (
    b"WITH gone AS (DELETE FROM sealed.prepared_act WHERE id = ANY(%s) RETURNING id), swept AS ("
    b"DELETE FROM sealed.field AS field USING sealed.prepared_field AS waiting, gone "
    b"WHERE waiting.act = gone.id AND field.digest = waiting.digest "
    b"AND NOT EXISTS (SELECT FROM main_log.act AS act WHERE act.id = gone.id)) "
    b"SELECT count(*) FROM gone"
)


class WaitingAct(msgspec.Struct, frozen=True, kw_only=True):
    """text: the bytes to be signed. signatures: one for each signer, empty where it is awaited.

    guards: streams that the act read and does not write, with their versions. fields: ciphertexts it commits to;
    `promised` of them there were at first. asked: 32-byte digest of the unsealed command, where it is known. vkeys: the
    signers' verifier keys as text.
    """

    id: UUID
    text: bytes
    entries: tuple[bytes, ...]
    signatures: tuple[bytes, ...]
    guards: tuple[tuple[UUID, int], ...]
    fields: tuple[SealedField, ...]
    promised: int
    expires_at: datetime
    asked: bytes | None = None
    vkeys: tuple[str, ...] = ()


class HeldAct:
    """A prepared act that nobody else touches while it is held."""

    def __init__(self, connection: psycopg.Connection[Any], act: WaitingAct) -> None:
        self._connection = connection
        self.act: Final = act

    def discard(self) -> None:
        """Forget the act and its ciphertexts, for good at once: what follows may be a refusal."""
        self._connection.execute(_DISCARD, ([self.act.id],))
        self._connection.commit()


class PreparedStore:
    """Prepared acts of the main log, beside the deletable store. A connection for each question: they are rare."""

    def __init__(self, conninfo: str) -> None:
        """conninfo: of the main database, in the role that appends to the main log."""
        self._conninfo = conninfo

    def keep(self, act: WaitingAct) -> bool:
        """Keep an act and its ciphertexts, durably, all or nothing; whether no act had this id."""
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
            act.asked,
            list(act.vkeys),
        )
        with psycopg.connect(self._conninfo) as connection, connection.cursor() as cursor:
            kept = cursor.execute(_KEEP, row).rowcount == 1
            if kept:
                cursor.executemany(_KEEP_FIELD, [(act.id, *msgspec.structs.astuple(field)) for field in act.fields])
        return kept

    def find(self, act_id: UUID) -> WaitingAct | None:
        """The act that waits under this id."""
        with psycopg.connect(self._conninfo) as connection:
            return _found(connection, act_id, b"")

    @contextmanager
    def held(self, act_id: UUID) -> Iterator[HeldAct | None]:
        """The act that waits under this id, while the block runs kept from sweeps, destructions, other submissions."""
        with psycopg.connect(self._conninfo) as connection:
            act = _found(connection, act_id, _LOCKED)
            yield None if act is None else HeldAct(connection, act)

    def discard(self, act_id: UUID) -> bool:
        """Forget an act and its ciphertexts; whether it was there. Idempotent; waits for whoever holds it."""
        return self._discard(_LOCK, act_id) > 0

    def discard_expired(self, now: datetime) -> int:
        """Forget every act whose time is over, but for those just being submitted; how many. now: aware."""
        return self._discard(_LOCK_EXPIRED, now)

    def _discard(self, lock: bytes, which: UUID | datetime) -> int:
        with psycopg.connect(self._conninfo) as connection:
            over = [act_id for (act_id,) in connection.execute(lock, (which,))]
            row: tuple[Any, ...] | None = connection.execute(_DISCARD, (over,)).fetchone() if over else None
        return 0 if row is None else int(row[0])


def _found(connection: psycopg.Connection[Any], act_id: UUID, locked: bytes) -> WaitingAct | None:
    row: tuple[Any, ...] | None = connection.execute(_FIND + locked, (act_id,), binary=True).fetchone()
    if row is None:
        return None
    fields = connection.execute(_FIELDS + locked, (act_id,), binary=True).fetchall()
    text, entries, signatures, streams, versions, promised, expires_at, asked, vkeys = row
    return WaitingAct(
        id=act_id,
        text=text,
        entries=tuple(entries),
        signatures=tuple(signatures),
        guards=tuple(zip(streams, versions, strict=True)),
        fields=tuple(SealedField(*field) for field in fields),
        promised=promised,
        expires_at=expires_at,
        asked=asked,
        vkeys=tuple(vkeys),
    )
