"""Questioned acts: signed, before its revocation, by a key that was later called compromised since then.

They are valid, and their effects stand until a correcting act; whoever relies on them should look again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgspec
from psycopg import sql
from psycopg.rows import tuple_row

from ledger.application import Ledger
from signing.act import open_act
from signing.base64_text import to_base64

_AT_ONCE: Final = 2000
_NOTES: Final = sql.SQL("SELECT index, note FROM {act} WHERE index BETWEEN %s AND %s ORDER BY index LIMIT %s")


class QuestionedAct(msgspec.Struct, frozen=True, kw_only=True):
    """index: in its log. kids: base64, of its signers' keys that are called compromised since it or before."""

    index: int
    act: str
    actor: str
    at: str
    kids: tuple[str, ...]


def questioned_acts(ledger: Ledger) -> Iterator[QuestionedAct]:
    """Every questioned act of a log, in its order. Reads only from the first compromise to the last revocation."""
    registry = ledger.registry.refresh().registry
    if registry is None:
        return
    since = {
        record.kid: (record.compromised_since, record.revoked_at)
        for record in registry.records.values()
        if record.compromised_since is not None and record.revoked_at is not None
    }
    if not since:
        return
    first = min(begun for begun, _ in since.values())
    last = max(ended for _, ended in since.values())
    for index, note in _notes(ledger, first, last):
        act = open_act(note, ledger.origin)
        kids = tuple(to_base64(kid) for kid in act.kids if kid in since and since[kid][0] <= index)
        if kids:
            header = act.header
            yield QuestionedAct(index=index, act=header.act, actor=header.actor, at=header.at, kids=kids)


def _notes(ledger: Ledger, first: int, last: int) -> Iterator[tuple[int, bytes]]:
    query = _NOTES.format(act=sql.Identifier(ledger.log_name.value, "act")).as_bytes()
    while True:
        with ledger.datastore.get_connection() as connection, connection.cursor(row_factory=tuple_row) as cursor:
            rows: list[tuple[Any, ...]] = cursor.execute(query, (first, last, _AT_ONCE), binary=True).fetchall()
        yield from ((index, bytes(note)) for index, note in rows)
        if len(rows) < _AT_ONCE:
            return
        first = rows[-1][0] + 1
