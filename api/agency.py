"""Agencies (cơ quan, tổ chức), and how much each must have and has. Public: names, codes and counts only."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import msgspec
from litestar.params import FromPath

from api.civil_day import Day, civil_day, today
from api.resource import public
from api.services import Wired
from domain.agency import AgencyKind, Block
from domain.basis import Certainty
from domain.errors import Refusal
from domain.lot import Carrier
from domain.plan import ChangeKind, FondsOutcome
from projections import holdings_queries, succession_queries
from projections.agency_succession import agency_edges
from projections.view import Connection


class Agency(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Một cơ quan / an agency. validTo: first day it is gone, empty while it exists."""

    id: UUID
    name: str
    block: Block
    kind: AgencyKind
    unit: UUID
    code: str
    valid_from: str
    valid_to: str
    certainty: Certainty
    basis: str
    ended_by: str


class FormerAgency(msgspec.Struct, frozen=True, kw_only=True):
    """Tên, loại, mã cũ / what an agency was until a day, not included. act: of the enactment that changed it."""

    name: str
    kind: AgencyKind
    code: str
    until: str
    basis: str
    act: int


class AgencySuccession(msgspec.Struct, frozen=True, kw_only=True):
    """Điều gì đã xảy ra với cơ quan / what became of an agency by itself, and of its fonds (goes-on, closes, opens)."""

    agency: UUID
    change: ChangeKind
    successor: UUID | None
    fonds: FondsOutcome
    basis: str
    effective: str
    act: int


class AgencyChanges(msgspec.Struct, frozen=True, kw_only=True):
    """What an agency was called before, and the changes of agencies that it took part in, with every agency named."""

    agency: UUID
    former: tuple[FormerAgency, ...]
    successions: tuple[AgencySuccession, ...]
    agencies: tuple[AgencyName, ...]


class AgencyName(msgspec.Struct, frozen=True, kw_only=True):
    """An agency by id and name."""

    id: UUID
    name: str
    code: str


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """How much. files: file-carriers of the one carrier; boxes: of paper only."""

    fonds: int
    lots: int
    files: int
    documents: int
    boxes: int


class CarrierHoldings(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One carrier. mustHave: assigned to it; has: in its hands; toCome: assigned, in other hands.

    toGive: in its hands, assigned to another; awaiting: in its hands, assigned to nobody yet.
    """

    carrier: Carrier
    must_have: Figures
    has: Figures
    to_come: Figures
    to_give: Figures
    awaiting: Figures


class Holdings(msgspec.Struct, frozen=True, kw_only=True):
    """Khối tài liệu của một cơ quan / an agency's holdings on a civil day."""

    agency: AgencyName
    on: str
    carriers: tuple[CarrierHoldings, ...]


@public("/agencies/{agency_id:uuid}")
def agency(services: Wired, agency_id: FromPath[UUID]) -> Agency:
    """Một cơ quan / one agency, whether it still exists or not."""
    with services.views.connection() as connection:
        return msgspec.convert(_known(connection, agency_id), Agency, from_attributes=True)


@public("/agencies/{agency_id:uuid}/changes")
def changes(services: Wired, agency_id: FromPath[UUID]) -> AgencyChanges:
    """Tên cũ, sáp nhập, chia, tách / former names, and what it became or took over, by enacted reorganizations."""
    with services.views.connection() as connection:
        _known(connection, agency_id)
        former = succession_queries.former_agencies(connection, agency_id)
        edges = agency_edges(connection, agency_id)
        names = agency_names(connection, {agency_id, *(one for edge in edges for one in (edge.agency, edge.successor))})
    return AgencyChanges(
        agency=agency_id,
        former=tuple(msgspec.convert(former, list[FormerAgency], from_attributes=True)),
        successions=tuple(msgspec.convert(edges, list[AgencySuccession], from_attributes=True)),
        agencies=names,
    )


@public("/agencies/{agency_id:uuid}/holdings")
def holdings(services: Wired, agency_id: FromPath[UUID], on: Day = None) -> Holdings:
    """Phải có, đang giữ, còn chờ / what the agency must have, has, and waits for."""
    day = civil_day(on) if on is not None else today(services.clock)
    with services.views.connection() as connection:
        known = _known(connection, agency_id)
        rows = holdings_queries.of_agency(connection, agency_id, day)
    return Holdings(
        agency=AgencyName(id=known.id, name=known.name, code=known.code),
        on=day,
        carriers=tuple(msgspec.convert(rows, list[CarrierHoldings], from_attributes=True)),
    )


def agency_names(connection: Connection, ids: Iterable[UUID | None]) -> tuple[AgencyName, ...]:
    """The names of agencies, in the order of their ids."""
    found = (succession_queries.agency(connection, one) for one in sorted({one for one in ids if one is not None}))
    return tuple(AgencyName(id=one.id, name=one.name, code=one.code) for one in found if one is not None)


def _known(connection: Connection, agency_id: UUID) -> succession_queries.AgencyRow:
    found = succession_queries.agency(connection, agency_id)
    if found is None:
        raise Refusal("agency-unknown", code="?")
    return found
