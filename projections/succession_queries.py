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
from projections.view import Connection


class UnitRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A unit. valid_to: first day it is gone, empty while it exists."""

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
    """An agency. valid_to: first day it is gone, empty while it exists."""

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
_UNIT_BY_CODE: Final = """
SELECT {columns} FROM projection.unit
WHERE code = %(code)s AND valid_from <= %(on)s AND (valid_to = '' OR %(on)s < valid_to)
ORDER BY level, id
"""
_UNITS_ON: Final = """
SELECT {columns} FROM projection.unit
WHERE valid_from <= %(on)s AND (valid_to = '' OR %(on)s < valid_to)
  AND (%(level)s = '' OR level = %(level)s) AND (%(parent)s::uuid IS NULL OR parent = %(parent)s)
ORDER BY code, id
"""
_AGENCY: Final = "SELECT {columns} FROM projection.agency WHERE id = %(id)s"
_AGENCY_BY_CODE: Final = """
SELECT {columns} FROM projection.agency
WHERE code = %(code)s AND valid_from <= %(on)s AND (valid_to = '' OR %(on)s < valid_to) ORDER BY id
"""
_AGENCIES_OF: Final = """
SELECT {columns} FROM projection.agency
WHERE unit = %(unit)s AND (%(on)s = '' OR (valid_from <= %(on)s AND (valid_to = '' OR %(on)s < valid_to)))
ORDER BY code, id
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


def agency_by_code(connection: Connection, code: str, on: str) -> AgencyRow | None:
    """The agency that carries the code on the civil day, or None."""
    return ask_one(connection, AgencyRow, _AGENCY_BY_CODE, code=code, on=on)


def agencies_of(connection: Connection, unit: UUID, on: str = "") -> list[AgencyRow]:
    """The agencies in a unit, on a day or (empty) ever, by code."""
    return ask(connection, AgencyRow, _AGENCIES_OF, unit=unit, on=on)


def successors(connection: Connection, unit: UUID) -> list[Edge]:
    """What became of a unit by enacted reorganizations, and by reconstructed ones, which say so."""
    return ask(connection, Edge, _SUCCESSORS, unit=unit)


def predecessors(connection: Connection, unit: UUID) -> list[Edge]:
    """The ended units whose land or people came to a unit by enacted reorganizations, and by reconstructed ones."""
    return ask(connection, Edge, _PREDECESSORS, unit=unit)


def reorganizations(connection: Connection) -> list[ReorganizationRow]:
    """All of them, by effective day."""
    return ask(connection, ReorganizationRow, _REORGANIZATIONS)
