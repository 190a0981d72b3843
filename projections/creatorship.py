"""Who creates a fonds, from when until when: rows for fonds whose creators changed, and what that means for a file.

`projection.fonds` names everybody who ever created it, the first one first.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

import msgspec

from domain.creatorship import FondsWentOn
from domain.event import Event
from projections.asking import ask
from projections.view import Connection, Cursor, Recorded

CREATORSHIP_TABLES: Final = ("creatorship", "fonds_gone_on")
CREATORSHIP_EVENTS: Final[frozenset[type[Event]]] = frozenset({FondsWentOn})

_GONE_ON: Final = """
INSERT INTO fonds_gone_on VALUES (
    %(fonds)s, %(effective)s, %(creators)s, %(former)s, %(basis)s, %(recorded)s, %(position)s, %(reorganization)s)
"""
_FIRST: Final = """
INSERT INTO creatorship SELECT id, unnest(creators), opened_from, '', '', NULL, NULL FROM fonds WHERE id = %(fonds)s
ON CONFLICT DO NOTHING
"""
_ENDED: Final = """
UPDATE creatorship SET until = %(effective)s WHERE fonds = %(fonds)s AND creator = ANY (%(former)s) AND until = ''
"""
_BEGUN: Final = """
INSERT INTO creatorship SELECT %(fonds)s, one, %(effective)s, '', %(basis)s, %(recorded)s, %(reorganization)s
FROM unnest(%(creators)s::uuid[]) AS one
WHERE NOT EXISTS (SELECT FROM creatorship AS c WHERE c.fonds = %(fonds)s AND c.creator = one AND c.until = '')
"""
_EVERYBODY: Final = """
UPDATE fonds SET creators = creators || ARRAY(
    SELECT one FROM unnest(%(creators)s::uuid[]) WITH ORDINALITY AS o (one, at)
    WHERE NOT one = ANY (creators) ORDER BY at)
WHERE id = %(fonds)s
"""
_OF: Final = """
SELECT f.id AS fonds, coalesce(c.creator, one) AS creator, coalesce(c.since, f.opened_from) AS since,
       coalesce(nullif(c.until, ''), f.closed_from) AS until, coalesce(c.basis, '') AS basis, c.recorded
FROM projection.fonds AS f
LEFT JOIN projection.creatorship AS c ON c.fonds = f.id
LEFT JOIN LATERAL (SELECT one, at FROM unnest(f.creators) WITH ORDINALITY AS o (one, at) WHERE c.fonds IS NULL) AS o
    ON true
WHERE f.id = ANY (%(fonds)s) ORDER BY f.id, since, o.at, creator
"""
_LATE: Final = """EXISTS (
    SELECT FROM projection.creatorship AS late
    WHERE late.fonds = {fonds} AND late.creator = {creator} AND late.reorganization IS NOT NULL
      AND (late.since > {day} OR (f.end_date <> '' AND left(late.since, length(f.end_date)) > f.end_date)))"""


class CreatorshipRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An agency creates a fonds from a day until the day `until` (empty: still). recorded: act; absent: the opening."""

    fonds: UUID
    creator: UUID
    since: str
    until: str = ""
    basis: str = ""
    recorded: int | None = None


def came_later(fonds: str, creator: str, day: str) -> str:
    """SQL over `f`, a row of projection.file: the creator came to the fonds after the day, or after the file ended."""
    return _LATE.format(fonds=fonds, creator=creator, day=day)


def creatorships_of(connection: Connection, fonds: Collection[UUID]) -> list[CreatorshipRow]:
    """Who creates or created each fonds, in turn; nobody any more from the day on which it closed."""
    return ask(connection, CreatorshipRow, _OF, fonds=list(fonds))


class CreatorshipRows:
    """Those of one page, written after the fonds that open in it."""

    def __init__(self) -> None:
        self._gone_on: list[Recorded] = []

    def take(self, recorded: Recorded) -> None:
        """One event; others pass by."""
        if isinstance(recorded.event, FondsWentOn):
            self._gone_on.append(recorded)

    def write(self, cursor: Cursor) -> None:
        """In the log's order. Where the creators stay the same, there is no new interval."""
        for one in self._gone_on:
            event = one.event
            assert isinstance(event, FondsWentOn)
            facts = {
                "fonds": event.fonds,
                "effective": event.effective,
                "creators": list(event.creators),
                "former": list(event.former),
                "basis": event.basis,
                "recorded": one.act_index,
                "position": one.position,
                "reorganization": one.stream,
            }
            changed = (_FIRST, _ENDED, _BEGUN, _EVERYBODY) if event.former else ()
            for statement in (_GONE_ON, *changed):
                cursor.execute(statement, facts)
