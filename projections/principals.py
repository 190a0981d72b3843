"""Principals: who holds which office in which agency, and who was granted reading. Names stay sealed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from domain.event import Event
from domain.principal import PrincipalAppointed, Reach
from projections.access_grants import GRANT_EVENTS, GRANT_TABLE, GrantRows
from projections.asking import ask, ask_one
from projections.page_rows import AppendedRows, Table
from projections.view import Connection, Cursor, Recorded

PRINCIPAL: Final = Table(
    name="principal",
    columns={"id": "uuid", "agency": "uuid", "office": "text", "city_wide": "boolean", "recorded": "bigint"},
)
_PRINCIPAL: Final = "SELECT {columns} FROM projection.principal WHERE id = %(id)s"
_PRINCIPALS_OF: Final = "SELECT {columns} FROM projection.principal WHERE agency = %(agency)s ORDER BY recorded, id"


class PrincipalRow(msgspec.Struct, frozen=True, kw_only=True):
    """A principal; `id` is the actor id. city_wide: reads for the whole city."""

    id: UUID
    agency: UUID
    office: str
    city_wide: bool
    recorded: int


class Principals:
    """The view."""

    name = "principals"
    tables = ("principal", GRANT_TABLE)
    reads: frozenset[type[Event]] = GRANT_EVENTS | {PrincipalAppointed}

    def fold(self, cursor: Cursor, page: Sequence[Recorded]) -> None:
        """Write what the page changes."""
        rows, given = AppendedRows(PRINCIPAL), GrantRows()
        for recorded in page:
            if isinstance(one := recorded.event, PrincipalAppointed):
                rows.add(recorded.stream, one.agency, one.office, one.reach is Reach.CITY, recorded.act_index)
            given.take(recorded)
        rows.write(cursor)
        given.write(cursor)


def principal(connection: Connection, id: UUID) -> PrincipalRow | None:  # noqa: A002  the column's word
    """The principal with an actor id, or None."""
    return ask_one(connection, PrincipalRow, _PRINCIPAL, id=id)


def principals_of(connection: Connection, agency: UUID) -> list[PrincipalRow]:
    """The principals of an agency, in the order of their appointment."""
    return ask(connection, PrincipalRow, _PRINCIPALS_OF, agency=agency)
