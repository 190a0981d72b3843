"""Administrative units (đơn vị hành chính) and what succeeded what. Public.

A code is no key: each of the 126 codes of 2025-07-01 was another unit's the day before. So a code is asked with a day.
"""

from __future__ import annotations

from typing import Annotated, Final
from uuid import UUID

import msgspec
from litestar.params import FromPath, FromQuery, QueryParameter

from api.civil_day import Day, civil_day, today
from api.resource import TEXT, public
from api.services import Wired
from domain.administrative_unit import Level, UnitKind
from domain.basis import Certainty
from domain.errors import Refusal
from domain.plan import ChangeKind
from projections import succession_queries
from projections.view import Connection

_CODE: Final = QueryParameter(
    description="Mã đơn vị; phải kèm ngày / the unit's code; needs a day", max_length=20, pattern=TEXT
)


class AdministrativeUnit(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Một đơn vị hành chính / a unit, asked with a day as of that day. validTo: first day it is gone, else empty."""

    id: UUID
    name: str
    kind: UnitKind
    level: Level
    code: str
    valid_from: str
    valid_to: str
    certainty: Certainty
    parent: UUID | None
    basis: str
    ended_by: str


class FormerUnit(msgspec.Struct, frozen=True, kw_only=True):
    """Tên, loại, cấp, mã cũ / what a unit was until a day, not included. act: of the enactment that changed it."""

    name: str
    kind: UnitKind
    level: Level
    code: str
    until: str
    basis: str
    act: int


class UnitForms(msgspec.Struct, frozen=True, kw_only=True):
    """What a unit is called now, and what it was before, oldest first."""

    unit: AdministrativeUnit
    former: tuple[FormerUnit, ...]


class Units(msgspec.Struct, frozen=True, kw_only=True):
    """Các đơn vị tồn tại vào một ngày / the units that exist on a day."""

    on: str
    units: tuple[AdministrativeUnit, ...]


class Succession(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Điều gì đã xảy ra với một đơn vị / what became of a unit. successor: null where it ended without one.

    act: index of the enactment. share, populationShare: as the source states them, empty where it does not.
    reconstructed: inferred from rosters, not enacted from an instrument.
    """

    reorganization: UUID
    unit: UUID
    change: ChangeKind
    effective: str
    act: int
    successor: UUID | None
    share: str
    population_share: str
    clause: str
    reconstructed: bool


class Successions(msgspec.Struct, frozen=True, kw_only=True):
    """The successions of a unit, with every unit they name."""

    unit: UUID
    successions: tuple[Succession, ...]
    units: tuple[AdministrativeUnit, ...]


@public("/units")
def units(
    services: Wired,
    code: Annotated[str | None, _CODE] = None,
    on: Day = None,
    level: FromQuery[Level | None] = None,
    parent: FromQuery[UUID | None] = None,
) -> Units:
    """Đơn vị theo mã và ngày, hoặc mọi đơn vị của một ngày / the unit of a code on a day, or all units of a day."""
    if code is not None and on is None:
        raise Refusal("unit-code-without-date", code=code, parameters=("on",))
    day = civil_day(on) if on is not None else today(services.clock)
    with services.views.connection() as connection:
        if code is None:
            found = succession_queries.units_on(connection, day, level, parent)
        else:
            one = succession_queries.unit_by_code(connection, code, day)
            if one is None:
                raise Refusal("unit-not-existing", code=code, day=day)
            found = [one]
    return Units(on=day, units=_shown(found))


@public("/units/{unit_id:uuid}")
def unit(services: Wired, unit_id: FromPath[UUID]) -> AdministrativeUnit:
    """Một đơn vị / one unit, whether it still exists or not."""
    with services.views.connection() as connection:
        return _shown([_known(connection, unit_id)])[0]


@public("/units/{unit_id:uuid}/forms")
def forms(services: Wired, unit_id: FromPath[UUID]) -> UnitForms:
    """Các tên, loại, mã đã mang / the names, kinds and codes that a unit carried, until when each."""
    with services.views.connection() as connection:
        known = _known(connection, unit_id)
        former = succession_queries.former_units(connection, unit_id)
    told = tuple(msgspec.convert(former, list[FormerUnit], from_attributes=True))
    return UnitForms(unit=_shown([known])[0], former=told)


@public("/units/{unit_id:uuid}/successors")
def successors(services: Wired, unit_id: FromPath[UUID]) -> Successions:
    """Đơn vị kế tiếp / what became of the unit by enacted reorganizations."""
    with services.views.connection() as connection:
        _known(connection, unit_id)
        return _successions(connection, unit_id, succession_queries.successors(connection, unit_id))


@public("/units/{unit_id:uuid}/predecessors")
def predecessors(services: Wired, unit_id: FromPath[UUID]) -> Successions:
    """Đơn vị tiền thân / the ended units whose land or people came to the unit."""
    with services.views.connection() as connection:
        _known(connection, unit_id)
        return _successions(connection, unit_id, succession_queries.predecessors(connection, unit_id))


def _known(connection: Connection, unit_id: UUID) -> succession_queries.UnitRow:
    found = succession_queries.unit(connection, unit_id)
    if found is None:
        raise Refusal("unit-unknown")
    return found


def _successions(connection: Connection, unit_id: UUID, edges: list[succession_queries.Edge]) -> Successions:
    named = {edge.unit for edge in edges} | {edge.successor for edge in edges if edge.successor} | {unit_id}
    rows = [succession_queries.unit(connection, one) for one in sorted(named)]
    return Successions(
        unit=unit_id,
        successions=tuple(msgspec.convert(edges, list[Succession], from_attributes=True)),
        units=_shown([row for row in rows if row is not None]),
    )


def _shown(rows: list[succession_queries.UnitRow]) -> tuple[AdministrativeUnit, ...]:
    return tuple(msgspec.convert(rows, list[AdministrativeUnit], from_attributes=True))
