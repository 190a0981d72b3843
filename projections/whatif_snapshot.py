"""What a preview stands on: units, agencies, fonds and the content of lots, as the views have them at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import msgspec
from psycopg.rows import dict_row

from domain.administrative_unit import Unit
from domain.agency import Agency
from domain.assignment import FondsUnderPlan
from domain.fonds import Fonds
from domain.plan import Plan
from projections.single_assignment import IN_FORCE
from projections.view import Connection

_UNITS: Final = "SELECT id, name, kind, level, code, valid_from, valid_to, parent FROM projection.unit"
_AGENCIES: Final = "SELECT id, name, block, kind, unit, code, valid_from, valid_to FROM projection.agency"
_FONDS: Final = "SELECT id, code, name, creators, opened_from, line FROM projection.fonds"
_LOTS: Final = """
SELECT fonds, lot, sum(files)::bigint AS files, sum(documents)::bigint AS documents
FROM (
    SELECT fonds, lot, files, documents FROM projection.lot_content
    UNION ALL SELECT fonds, lot, -1, -documents FROM ({single}) AS single
) AS content GROUP BY fonds, lot HAVING sum(files) > 0 ORDER BY fonds, lot
""".replace("{single}", IN_FORCE.format(day="'9999-12-31'"))


class LotContent(msgspec.Struct, frozen=True, kw_only=True):
    """A lot with something in it that goes where the lot goes."""

    fonds: UUID
    lot: int
    files: int
    documents: int


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """State by id, as the domain's decisions take it."""

    units: Mapping[UUID, Unit]
    agencies: Mapping[UUID, Agency]
    fonds: Mapping[UUID, Fonds]
    lots: list[LotContent]

    def under(self, plan: Plan) -> dict[UUID, FondsUnderPlan]:
        """What the plan's rules ask of each fonds whose creator ends by it."""
        ending = {change.unit for change in plan.changes}
        found = {}
        for key, fonds in self.fonds.items():
            creator = self.agencies.get(fonds.creators[0])
            unit = self.units.get(creator.unit) if creator else None
            if creator is not None and unit is not None and creator.unit in ending:
                found[key] = FondsUnderPlan(
                    fonds=key,
                    agency=fonds.creators[0],
                    block=creator.block,
                    kind=creator.kind,
                    level=unit.level,
                    unit=creator.unit,
                )
        return found


def take_snapshot(connection: Connection) -> Snapshot:
    """Everything at once; call it inside a transaction that sees one moment."""
    with connection.cursor(row_factory=dict_row) as cursor:
        lots = cursor.execute(_LOTS).fetchall()
    return Snapshot(
        units=_by_id(connection, _UNITS, Unit),
        agencies=_by_id(connection, _AGENCIES, Agency),
        fonds=_by_id(connection, _FONDS, Fonds),
        lots=[LotContent(**row) for row in lots],
    )


_State = Any


def _by_id(connection: Connection, query: str, kind: type[_State]) -> dict[UUID, Any]:
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(query.encode()).fetchall()
    return {row.pop("id"): msgspec.convert(row, kind) for row in rows}
