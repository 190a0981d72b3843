"""Questions to the succession graph. A code belongs to a unit for an interval only, so it is asked with a day."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import msgspec

from domain.administrative_unit import Level, UnitKind
from domain.agency import AgencyKind, Block
from domain.basis import Certainty, Instrument
from domain.plan import ChangeKind
from projections.asking import ask, ask_one
from projections.body_forms import agency_then, unit_then
from projections.view import Connection


class UnitRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A unit; asked with a day, by its name, kind, level and code of that day. valid_to: first day it is gone."""

    id: UUID
    name: str
    kind: UnitKind
    level: Level
    code: str
    valid_from: str
    valid_to: str
    certainty: Certainty
    parent: UUID | None = None
    basis: str = ""
    ended_by: str = ""


class AgencyRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An agency; asked with a day, by its name, kind and code of that day. valid_to: first day it is gone."""

    id: UUID
    name: str
    block: Block
    kind: AgencyKind
    unit: UUID
    code: str
    valid_from: str
    valid_to: str
    certainty: Certainty
    basis: str = ""
    ended_by: str = ""


class Edge(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of a unit. successor: absent where it ended without one. act: index of the enactment.

    reconstructed: inferred from rosters, not enacted from an instrument.
    """

    reorganization: UUID
    unit: UUID
    change: ChangeKind
    effective: str
    act: int
    successor: UUID | None = None
    share: str = ""
    population_share: str = ""
    clause: str = ""
    reconstructed: bool = False


class FormerUnitRow(msgspec.Struct, frozen=True, kw_only=True):
    """What a unit was until a day, not included. act: index of the enactment that changed it."""

    name: str
    kind: UnitKind
    level: Level
    code: str
    until: str
    basis: str
    act: int


class FormerAgencyRow(msgspec.Struct, frozen=True, kw_only=True):
    """What an agency was until a day, not included. act: index of the enactment that changed it."""

    name: str
    kind: AgencyKind
    code: str
    until: str
    basis: str
    act: int


class ReorganizationRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A reorganization. state: drafted, adopted, enacted, withdrawn or reconstructed.

    drafted, enacted, completed: act indexes; completed: absent while something awaits, and again after a correction.
    """

    id: UUID
    title: str
    effective: str
    instrument: Instrument
    plan_hash: str
    state: str
    drafted: int
    fonds: int
    enacted: int | None = None
    completed: int | None = None


_UNIT: Final = "SELECT {columns} FROM projection.unit WHERE id = %(id)s"
_EXISTS: Final = "{body}.valid_from <= %(on)s AND ({body}.valid_to = '' OR %(on)s < {body}.valid_to)"
_UNITS_THEN: Final = f"""
SELECT u.id, coalesce(was.name, u.name) AS name, coalesce(was.kind, u.kind) AS kind,
       coalesce(was.level, u.level) AS level, coalesce(was.code, u.code) AS code, u.valid_from, u.valid_to, u.certainty,
       u.parent, u.basis, u.ended_by
FROM projection.unit AS u {unit_then("u", "%(on)s")}
WHERE {_EXISTS.format(body="u")}
"""  # noqa: S608  constants of this module
_AGENCIES_THEN: Final = f"""
SELECT a.id, coalesce(was.name, a.name) AS name, a.block, coalesce(was.kind, a.kind) AS kind, a.unit,
       coalesce(was.code, a.code) AS code, a.valid_from, a.valid_to, a.certainty, a.basis, a.ended_by
FROM projection.agency AS a {agency_then("a", "%(on)s")}
WHERE {_EXISTS.format(body="a")}
"""  # noqa: S608  constants of this module
_EVER_CARRIED: Final = """AND {body}.id IN (
    SELECT id FROM projection.{now} WHERE code = %(code)s
    UNION ALL SELECT id FROM projection.{was} WHERE code = %(code)s
)"""
_UNIT_BY_CODE: Final = f"""
SELECT {{columns}} FROM ({_UNITS_THEN}{_EVER_CARRIED.format(body="u", now="unit", was="former_unit")}) AS unit
WHERE code = %(code)s ORDER BY level, id
"""  # noqa: S608  constants of this module
_UNITS_ON: Final = f"""
SELECT {{columns}} FROM ({_UNITS_THEN}) AS unit
WHERE (%(level)s = '' OR level = %(level)s) AND (%(parent)s::uuid IS NULL OR parent = %(parent)s)
ORDER BY code, id
"""  # noqa: S608  constants of this module
_AGENCY: Final = "SELECT {columns} FROM projection.agency WHERE id = %(id)s"
_AGENCY_BY_CODE: Final = f"""
SELECT {{columns}} FROM ({_AGENCIES_THEN}{_EVER_CARRIED.format(body="a", now="agency", was="former_agency")}) AS agency
WHERE code = %(code)s ORDER BY id
"""  # noqa: S608  constants of this module
_AGENCY_ON: Final = f"SELECT {{columns}} FROM ({_AGENCIES_THEN}) AS agency WHERE id = %(id)s"  # noqa: S608
_AGENCIES_ON: Final = f"SELECT {{columns}} FROM ({_AGENCIES_THEN}) AS agency WHERE unit = %(unit)s ORDER BY code, id"  # noqa: S608
_AGENCIES_OF: Final = "SELECT {columns} FROM projection.agency WHERE unit = %(unit)s ORDER BY code, id"
_UNIT_FORMS: Final = """
SELECT name, kind, level, code, until, basis, recorded AS act
FROM projection.former_unit WHERE id = %(id)s ORDER BY until
"""
_AGENCY_FORMS: Final = """
SELECT name, kind, code, until, basis, recorded AS act
FROM projection.former_agency WHERE id = %(id)s ORDER BY until
"""
_SUCCESSORS: Final = """
SELECT s.reorganization, s.unit, s.change, s.successor, s.share, s.population_share, s.clause,
       r.effective, r.enacted AS act, r.state = 'reconstructed' AS reconstructed
FROM projection.succession AS s
JOIN projection.reorganization AS r ON r.id = s.reorganization AND r.enacted IS NOT NULL
WHERE s.unit = %(unit)s ORDER BY r.effective, s.clause, s.successor
"""
_PREDECESSORS: Final = """
SELECT s.reorganization, s.unit, s.change, s.successor, s.share, s.population_share, s.clause,
       r.effective, r.enacted AS act, r.state = 'reconstructed' AS reconstructed
FROM projection.succession AS s
JOIN projection.reorganization AS r ON r.id = s.reorganization AND r.enacted IS NOT NULL
WHERE s.successor = %(unit)s ORDER BY r.effective, s.clause, s.unit
"""
_REORGANIZATIONS: Final = "SELECT {columns} FROM projection.reorganization ORDER BY effective, id"


def unit(connection: Connection, id: UUID) -> UnitRow | None:  # noqa: A002  the column's word
    """The unit, or None."""
    return ask_one(connection, UnitRow, _UNIT, id=id)


def unit_by_code(connection: Connection, code: str, on: str) -> UnitRow | None:
    """The unit that carries the code on the civil day, or None."""
    return ask_one(connection, UnitRow, _UNIT_BY_CODE, code=code, on=on)


def units_on(connection: Connection, on: str, level: Level | None = None, parent: UUID | None = None) -> list[UnitRow]:
    """The units that exist on the day, of a level and within a unit where asked, by code."""
    return ask(connection, UnitRow, _UNITS_ON, on=on, level=level or "", parent=parent)


def agency(connection: Connection, id: UUID) -> AgencyRow | None:  # noqa: A002  the column's word
    """The agency, or None."""
    return ask_one(connection, AgencyRow, _AGENCY, id=id)


def agency_on(connection: Connection, id: UUID, on: str) -> AgencyRow | None:  # noqa: A002  the column's word
    """The agency as it was called on the civil day; None where it did not exist then."""
    return ask_one(connection, AgencyRow, _AGENCY_ON, id=id, on=on)


def agency_by_code(connection: Connection, code: str, on: str) -> AgencyRow | None:
    """The agency that carries the code on the civil day, or None."""
    return ask_one(connection, AgencyRow, _AGENCY_BY_CODE, code=code, on=on)


def agencies_of(connection: Connection, unit: UUID, on: str = "") -> list[AgencyRow]:
    """The agencies in a unit, on a day or (empty) ever, by code."""
    return ask(connection, AgencyRow, _AGENCIES_ON if on else _AGENCIES_OF, unit=unit, on=on)


def former_units(connection: Connection, id: UUID) -> list[FormerUnitRow]:  # noqa: A002  the column's word
    """What a unit was before it was renamed or retyped, oldest first."""
    return ask(connection, FormerUnitRow, _UNIT_FORMS, id=id)


def former_agencies(connection: Connection, id: UUID) -> list[FormerAgencyRow]:  # noqa: A002  the column's word
    """What an agency was before it was renamed, oldest first."""
    return ask(connection, FormerAgencyRow, _AGENCY_FORMS, id=id)


def successors(connection: Connection, unit: UUID) -> list[Edge]:
    """What became of a unit by enacted reorganizations, and by reconstructed ones, which say so."""
    return ask(connection, Edge, _SUCCESSORS, unit=unit)


def predecessors(connection: Connection, unit: UUID) -> list[Edge]:
    """The ended units whose land or people came to a unit by enacted reorganizations, and by reconstructed ones."""
    return ask(connection, Edge, _PREDECESSORS, unit=unit)


def reorganizations(connection: Connection) -> list[ReorganizationRow]:
    """All of them, by effective day."""
    return ask(connection, ReorganizationRow, _REORGANIZATIONS)
