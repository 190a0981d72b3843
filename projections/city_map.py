"""The whole map at once: units, agencies, fonds and what became of what; for accounts of many units in few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import Final, Self
from uuid import UUID

from projections.asking import ask
from projections.body_forms import agency_then, unit_then
from projections.finding_aid_queries import FondsRow
from projections.succession_queries import AgencyRow, Edge, UnitRow
from projections.view import Connection

_UNITS: Final = f"""
SELECT u.id, coalesce(was.name, u.name) AS name, coalesce(was.kind, u.kind) AS kind,
       coalesce(was.level, u.level) AS level, coalesce(was.code, u.code) AS code, u.valid_from, u.valid_to, u.certainty,
       u.parent, u.basis, u.ended_by
FROM projection.unit AS u {unit_then("u", "%(on)s")}
"""  # noqa: S608  constants of this module
_AGENCIES: Final = f"""
SELECT a.id, coalesce(was.name, a.name) AS name, a.block, coalesce(was.kind, a.kind) AS kind, a.unit,
       coalesce(was.code, a.code) AS code, a.valid_from, a.valid_to, a.certainty, a.basis, a.ended_by
FROM projection.agency AS a {agency_then("a", "%(on)s")} ORDER BY code, id
"""  # noqa: S608  constants of this module
_FONDS: Final = "SELECT {columns} FROM projection.fonds ORDER BY code, id"
_EDGES: Final = """
SELECT s.reorganization, s.unit, s.change, s.successor, s.share, s.population_share, s.clause, r.effective,
       r.enacted AS act, r.state = 'reconstructed' AS reconstructed
FROM projection.succession AS s
JOIN projection.reorganization AS r ON r.id = s.reorganization
WHERE s.successor IS NOT NULL AND s.change NOT IN ('separated', 'boundary-adjusted')
  AND r.effective <= %(on)s AND r.enacted <= %(known_at)s
ORDER BY r.effective DESC, s.clause, s.unit, s.successor
"""


class CityMap:
    """Bodies as known now, by their names of a day; what became of them as in force then and known at an act.

    Units that go on, less a part, are nobody's predecessors.
    """

    def __init__(
        self, units: list[UnitRow], agencies: list[AgencyRow], fonds: list[FondsRow], edges: list[Edge]
    ) -> None:
        self.units: Final = {unit.id: unit for unit in units}
        self.agencies: Final = {agency.id: agency for agency in agencies}
        self.fonds: Final = {one.id: one for one in fonds}
        self._edges = edges

    @classmethod
    def read(cls, connection: Connection, on: str, known_at: int) -> Self:
        """Read it whole: some thousands of rows."""
        return cls(
            ask(connection, UnitRow, _UNITS, on=on),
            ask(connection, AgencyRow, _AGENCIES, on=on),
            ask(connection, FondsRow, _FONDS),
            ask(connection, Edge, _EDGES, on=on, known_at=known_at),
        )

    def agencies_of(self, unit: UUID) -> list[AgencyRow]:
        """The agencies that were ever in a unit, by code."""
        return self._agencies_by_unit.get(unit, [])

    def fonds_of(self, unit: UUID) -> list[FondsRow]:
        """The fonds that agencies of a unit created, each once, by code."""
        found = {one.id: one for body in self.agencies_of(unit) for one in self._fonds_by_creator.get(body.id, [])}
        return list(found.values())

    def successors_of(self, unit: UUID) -> list[Edge]:
        """Where a unit's land and people went."""
        return self._edges_from.get(unit, [])

    def predecessors_of(self, unit: UUID) -> Iterator[Edge]:
        """The edges that lead into a unit and, through those, into its predecessors; each ended unit once."""
        seen, waiting = {unit}, [unit]
        while waiting:
            for edge in self._edges_into.get(waiting.pop(0), []):
                if edge.unit not in seen:
                    seen.add(edge.unit)
                    waiting.append(edge.unit)
                    yield edge

    @cached_property
    def _agencies_by_unit(self) -> dict[UUID, list[AgencyRow]]:
        by_unit = defaultdict(list)
        for agency in self.agencies.values():
            by_unit[agency.unit].append(agency)
        return dict(by_unit)

    @cached_property
    def _fonds_by_creator(self) -> dict[UUID, list[FondsRow]]:
        by_creator = defaultdict(list)
        for one in self.fonds.values():
            for creator in one.creators:
                by_creator[creator].append(one)
        return dict(by_creator)

    @cached_property
    def _edges_into(self) -> dict[UUID, list[Edge]]:
        into = defaultdict(list)
        for edge in self._edges:
            if edge.successor is not None:
                into[edge.successor].append(edge)
        return dict(into)

    @cached_property
    def _edges_from(self) -> dict[UUID, list[Edge]]:
        away = defaultdict(list)
        for edge in self._edges:
            away[edge.unit].append(edge)
        return dict(away)
