"""A fonds (phông): who creates it, from when until when. Public: names, codes and days only."""

from __future__ import annotations

from uuid import UUID

import msgspec
from litestar.params import FromPath

from api.resource import public
from api.services import Wired
from domain.errors import Refusal
from domain.fonds import CustodyLine
from projections import finding_aid_queries, succession_queries
from projections.creatorship import CreatorshipRow, creatorships_of
from projections.view import Connection


class Creator(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Một đơn vị hình thành phông / who creates it, by its name of the first day. until: empty while it still does.

    act: index of the enactment by which it came; null: since the fonds was opened.
    """

    agency: UUID
    name: str
    code: str
    since: str
    until: str
    basis: str
    act: int | None


class Fonds(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Một phông / a fonds. closedFrom: first day on which nothing is added any more, empty while it is open."""

    id: UUID
    code: str
    name: str
    line: CustodyLine
    opened_from: str
    closed_from: str
    creators: tuple[Creator, ...]


@public("/fonds/{fonds_id:uuid}")
def fonds(services: Wired, fonds_id: FromPath[UUID]) -> Fonds:
    """Một phông và các đơn vị hình thành / one fonds and its creators, from when until when each."""
    with services.views.connection() as connection:
        row = finding_aid_queries.fonds(connection, fonds_id)
        if row is None:
            raise Refusal("fonds-unknown", code=fonds_id)
        creators = tuple(_creator(connection, one) for one in creatorships_of(connection, [fonds_id]))
    return Fonds(
        id=row.id,
        code=row.code,
        name=row.name,
        line=row.line,
        opened_from=row.opened_from,
        closed_from=row.closed_from,
        creators=creators,
    )


def _creator(connection: Connection, row: CreatorshipRow) -> Creator:
    known = succession_queries.agency_on(connection, row.creator, row.since)
    body = known or succession_queries.agency(connection, row.creator)
    return Creator(
        agency=row.creator,
        name=body.name if body else "",
        code=body.code if body else "",
        since=row.since,
        until=row.until,
        basis=row.basis,
        act=row.recorded,
    )
