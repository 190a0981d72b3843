"""What a preview stands on: units, agencies, fonds and the content of lots, as the views have them at one moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar, cast
from uuid import UUID

import msgspec
from psycopg.rows import dict_row

from domain.administrative_unit import Unit
from domain.agency import Agency
from domain.child_standing import ChildStanding
from domain.covering import Covering, LotsAsked, SingleStanding
from domain.creatorship import as_of
from domain.ending import ending_bodies
from domain.fonds import Fonds
from domain.plan import Plan, plan_hash
from domain.reorganization import FondsAssigned
from projections.quantities import Apart, FondsStock, apart_from_lots, take_stock
from projections.standing_assignments import ChildTables, StandingTable, child_tables, single_standing, standing_tables
from projections.standing_creators import FONDS_AS_OPENED, StandingCreators, enacted_plans, standing_creators
from projections.view import Connection

_UNITS: Final = """
SELECT u.id, u.name, u.kind, u.level, u.code, u.valid_from, u.valid_to, u.parent, coalesce(was.former, '[]') AS former
FROM projection.unit AS u LEFT JOIN (
    SELECT id, jsonb_agg(jsonb_build_object(
        'name', name, 'kind', kind, 'level', level, 'code', code, 'until', until) ORDER BY until) AS former
    FROM projection.former_unit GROUP BY id
) AS was USING (id)
"""
_AGENCIES: Final = """
SELECT a.id, a.name, a.block, a.kind, a.unit, a.code, a.valid_from, a.valid_to, coalesce(was.former, '[]') AS former
FROM projection.agency AS a LEFT JOIN (
    SELECT id, jsonb_agg(jsonb_build_object('name', name, 'kind', kind, 'code', code, 'until', until) ORDER BY until)
        AS former
    FROM projection.former_agency GROUP BY id
) AS was USING (id)
"""
_EVER: Final = "9999-12-31"
_Worked = TypeVar("_Worked")


class LotContent(msgspec.Struct, frozen=True, kw_only=True):
    """A lot of a fonds with something in it that goes where the lot goes."""

    lot: int
    files: int
    documents: int


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """State by id, as the domain's decisions take it. tables: what is assigned already; single, children: files and
    child lots apart.

    fonds: with the creators they were opened for; gone_on: which went on, with whom; enacted: hashes of plans. stock:
    what there is of each fonds. seen: what was worked out for one plan, which is asked for again and again.
    """

    units: Mapping[UUID, Unit]
    agencies: Mapping[UUID, Agency]
    fonds: Mapping[UUID, Fonds]
    lots: dict[UUID, list[LotContent]]
    tables: Mapping[UUID, list[StandingTable]]
    single: list[SingleStanding]
    children: list[ChildTables]
    gone_on: Mapping[UUID, list[StandingCreators]]
    enacted: frozenset[str]
    stock: dict[UUID, FondsStock]
    seen: dict[tuple[str, int], tuple[Plan, Any]] = {}

    def _once(self, what: str, plan: Plan, make: Callable[[Plan], _Worked]) -> _Worked:
        kept, found = self.seen.get((what, id(plan)), (None, None))
        if kept is not plan:
            found = make(plan)
            self.seen[what, id(plan)] = plan, found
        return cast("_Worked", found)

    def fonds_of(self, plan: Plan) -> Mapping[UUID, Fonds]:
        """The fonds with who creates each on the plan's day, but for what this plan itself brought."""
        return self._once("fonds", plan, self._fonds_of)

    def standing(self, plan: Plan) -> dict[UUID, list[FondsAssigned]]:
        """What is assigned already by others than this plan: one that was enacted is shown as if it had not been, and a
        variant of it in its stead.
        """
        return self._once("standing", plan, self._standing)

    def children_of(self, plan: Plan) -> list[ChildStanding]:
        """How child lots stand but for what this plan itself brought."""
        return self._once("children", plan, self._children_of)

    def asked(self, plan: Plan) -> dict[UUID, list[LotsAsked]]:
        """The lots of each fonds that the plan's rules are asked of for its day, by the body that must have them."""
        return self._once("asked", plan, self._asked)

    def _fonds_of(self, plan: Plan) -> Mapping[UUID, Fonds]:
        if not self.gone_on:
            return self.fonds
        own, found = self._once("own", plan, self._own), dict(self.fonds)
        for key, said in self.gone_on.items():
            found[key] = as_of(found[key], [one.event for one in said if one.plan_hash not in own], plan.effective)
        return found

    def _standing(self, plan: Plan) -> dict[UUID, list[FondsAssigned]]:
        own = self._once("own", plan, self._own)
        return {key: [one.table for one in tables if one.plan_hash not in own] for key, tables in self.tables.items()}

    def _own(self, plan: Plan) -> frozenset[str]:
        """Hashes of this plan and of those enacted for its day, where they have ended what it is to end."""
        own = frozenset({plan_hash(plan)})
        bodies = (self.agencies.get(body) for body in ending_bodies(plan, self.agencies))
        if not any(body is not None and body.valid_to == plan.effective for body in bodies):
            return own
        recorded = (one for tables in self.tables.values() for one in tables if one.plan_hash in self.enacted)
        return own | {one.plan_hash for one in recorded if one.table.effective == plan.effective}

    def _children_of(self, plan: Plan) -> list[ChildStanding]:
        own = self._once("own", plan, self._own)
        return [one.standing(but=own) for one in self.children]

    def _asked(self, plan: Plan) -> dict[UUID, list[LotsAsked]]:
        covering, before = Covering(plan, self.units, self.agencies), self.standing(plan)
        found = {key: covering.first_asked(key, one, before.get(key, ())) for key, one in self.fonds_of(plan).items()}
        return {key: asked for key, asked in found.items() if asked}


def take_snapshot(connection: Connection) -> Snapshot:
    """Everything at once; call it inside a transaction that sees one moment."""
    stock = take_stock(connection)
    return Snapshot(
        units=_by_id(connection, _UNITS, Unit),
        agencies=_by_id(connection, _AGENCIES, Agency),
        fonds=_by_id(connection, FONDS_AS_OPENED, Fonds),
        lots=_lots(stock, apart_from_lots(connection, _EVER)),
        tables=standing_tables(connection),
        single=single_standing(connection),
        children=child_tables(connection),
        gone_on=standing_creators(connection),
        enacted=enacted_plans(connection),
        stock=stock,
    )


def _lots(stock: dict[UUID, FondsStock], apart: list[Apart]) -> dict[UUID, list[LotContent]]:
    """Whatever goes with its lot, lot by lot; those with nothing of the kind are left out."""
    gone: defaultdict[UUID, list[Apart]] = defaultdict(list)
    for one in apart:
        gone[one.fonds].append(one)
    found = {}
    for fonds, there in stock.items():
        lots: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0])
        for held in there.lots:
            lots[held.lot][0] += held.files
            lots[held.lot][1] += held.documents
        for one in gone.get(fonds, ()):
            lots[one.lot][0] -= one.files
            lots[one.lot][1] -= one.documents
        left = [LotContent(lot=lot, files=files, documents=documents) for lot, (files, documents) in lots.items()]
        found[fonds] = sorted((one for one in left if one.files), key=lambda one: one.lot)
    return found


_State = Any


def _by_id(connection: Connection, query: str, kind: type[_State]) -> dict[UUID, Any]:
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(query.encode()).fetchall()
    return {row.pop("id"): msgspec.convert(row, kind) for row in rows}
