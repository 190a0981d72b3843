"""Grants of reading: which there are, and which of them let a reader read on a day."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID

import msgspec

from domain.access import AccessRule
from domain.access_grant import AccessEnded, AccessGranted
from domain.event import Event
from domain.readers import Reader
from projections.array_text import array_text
from projections.asking import ask
from projections.page_rows import KeyedRows, Table
from projections.view import Connection, Cursor, Recorded

GRANT_TABLE: Final = "access_grant"
GRANT_EVENTS: Final[frozenset[type[Event]]] = frozenset({AccessGranted, AccessEnded})
_GRANT: Final = Table(
    name=GRANT_TABLE,
    columns={
        "id": "uuid",
        "agency": "uuid",
        "principal": "uuid",
        "files": "uuid[]",
        "fonds": "uuid[]",
        "since": "text",
        "last_day": "text",
        "ended_on": "text",
        "basis": "text",
        "issuer": "text",
        "recorded": "bigint",
        "position": "bigint",
        "ended": "bigint",
    },
)
_IN_FORCE: Final = """
SELECT {columns} FROM projection.access_grant
WHERE (agency = %(agency)s OR principal = %(principal)s) AND since <= %(today)s AND %(today)s <= last_day
  AND (ended_on = '' OR %(today)s < ended_on) ORDER BY recorded, id
"""
_ALL: Final = """
SELECT {columns} FROM projection.access_grant
WHERE (%(on)s::text IS NULL OR (since <= %(on)s AND %(on)s <= last_day AND (ended_on = '' OR %(on)s < ended_on)))
ORDER BY recorded, id
"""
_OVER: Final = """
SELECT {columns} FROM projection.access_grant
WHERE files && %(files)b::uuid[] OR fonds && %(fonds)b::uuid[] ORDER BY recorded, id
"""


class GrantRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A grant. since, last_day: civil days, both included; ended_on: first day without it, empty unless ended early.

    basis, issuer: the decision's. recorded, ended: act indexes; position: of the event that proves it.
    """

    id: UUID
    since: str
    last_day: str
    basis: str
    issuer: str
    recorded: int
    position: int
    agency: UUID | None = None
    principal: UUID | None = None
    files: tuple[UUID, ...] = ()
    fonds: tuple[UUID, ...] = ()
    ended_on: str = ""
    ended: int | None = None

    def in_force(self, on: str, known_at: int) -> bool:
        """Whether it lets read on the civil day, as known after an act."""
        ended = self.ended is not None and self.ended <= known_at and self.ended_on <= on
        return self.since <= on <= self.last_day and self.recorded <= known_at and not ended

    @property
    def reader(self) -> Reader:
        """Whom it lets read, and why."""
        return Reader(
            rule=AccessRule.GRANTED,
            agency=self.agency,
            principal=self.principal,
            basis=self.basis,
            act=self.recorded,
            since=self.since,
            last_day=self.last_day,
        )


class GrantRows:
    """Those of one page."""

    def __init__(self) -> None:
        self._rows = KeyedRows(_GRANT)

    def take(self, recorded: Recorded) -> None:
        """One event of a grant."""
        match one := recorded.event:
            case AccessGranted():
                self._rows.begin(
                    recorded.stream,
                    agency=one.agency,
                    principal=one.principal,
                    files=array_text(one.files),
                    fonds=array_text(one.fonds),
                    since=one.since,
                    last_day=one.last_day,
                    ended_on="",
                    basis=one.decision.number,
                    issuer=one.decision.issuer,
                    recorded=recorded.act_index,
                    position=recorded.position,
                    ended=None,
                )
            case AccessEnded():
                self._rows.change(recorded.stream, ended_on=one.on, ended=recorded.act_index)
            case _:
                pass

    def write(self, cursor: Cursor) -> None:
        """Copy what began, change what ended."""
        self._rows.write(cursor)


def grants_in_force(connection: Connection, agency: UUID, principal: UUID | None, today: str) -> list[GrantRow]:
    """Those by which officers of an agency, or this one principal, may read on the civil day, oldest first."""
    return ask(connection, GrantRow, _IN_FORCE, agency=agency, principal=principal, today=today)


def grants(connection: Connection, on: str | None = None) -> list[GrantRow]:
    """All, or those in force on a civil day, oldest first."""
    return ask(connection, GrantRow, _ALL, on=on)


def grants_over(connection: Connection, files: Iterable[UUID], fonds: Iterable[UUID]) -> list[GrantRow]:
    """Those that name one of these files or fonds, whatever their days, oldest first."""
    return ask(connection, GrantRow, _OVER, files=list(files), fonds=list(fonds))
