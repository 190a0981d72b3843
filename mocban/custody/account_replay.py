"""Rebuilds units' accounts: the facts of the ledger's acts, replayed for a day, laid out by predecessor and fonds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from uuid import UUID

from domain.administrative_unit import Level
from domain.basis import Certainty
from mocban.custody.account import (
    Account,
    AccountFonds,
    AccountLot,
    AccountUnit,
    Amount,
    Body,
    LotState,
    Origin,
)
from mocban.custody.account_reading import Readings
from projections.agency_succession import with_forerunners
from projections.city_map import CityMap
from projections.finding_aid_queries import FondsRow
from projections.lot_number import lot_of
from projections.lot_standing import LotStanding, fonds_ever_assigned, lots_as_they_stood
from projections.succession_queries import AgencyRow, Edge, UnitRow
from projections.view import Connection


def account_of(connection: Connection, unit: UUID, on: str, known_at: int) -> Account:
    """The account of one unit; it must exist on the map."""
    city = CityMap.read(connection, on, known_at)
    bodies = {body.id for body in _bodies(city, city.units[unit], on)}
    wanted = {one.id for place in (unit, *_ended(city, unit)) for one in city.fonds_of(place)}
    wanted.update(fonds_ever_assigned(connection, bodies, on, known_at))
    standing = lots_as_they_stood(connection, on, known_at, sorted(wanted))
    near = _near(connection, city, unit, bodies)
    return _Accounts(city, standing, Readings(connection, city, on, known_at, near), on, known_at).of(unit)


def accounts_of_all(
    connection: Connection, on: str, known_at: int, told: Callable[[int, int], None] = lambda _done, _of: None
) -> list[Account]:
    """The accounts of every commune that exists on the day, by code. told: how many are done, of how many."""
    city = CityMap.read(connection, on, known_at)
    units = [unit for unit in city.units.values() if unit.level is Level.COMMUNE and _exists(unit, on)]
    told(0, len(units))
    standing = lots_as_they_stood(connection, on, known_at)
    accounts = _Accounts(city, standing, Readings(connection, city, on, known_at, city.fonds.keys()), on, known_at)
    made = []
    for unit in sorted(units, key=lambda one: (one.code, one.id)):
        made.append(accounts.of(unit.id))
        told(len(made), len(units))
    return made


class _Accounts:
    """Accounts over one replay."""

    def __init__(
        self, city: CityMap, standing: Iterable[LotStanding], readings: Readings, on: str, known_at: int
    ) -> None:
        self._city = city
        self._readings = readings
        self._on = on
        self._known_at = known_at
        self._by_fonds: defaultdict[UUID, list[LotStanding]] = defaultdict(list)
        self._by_receiver: defaultdict[UUID, dict[UUID, None]] = defaultdict(dict)
        for row in standing:
            self._by_fonds[row.fonds].append(row)
            if row.receiver is not None:
                self._by_receiver[row.receiver][row.fonds] = None

    def of(self, unit: UUID) -> Account:
        """One unit's account."""
        row = self._city.units[unit]
        bodies = _bodies(self._city, row, self._on)
        rows: list[tuple[LotStanding, LotState]] = []
        origins = [
            origin for origin in self._origins(row, {body.id for body in bodies}, rows) if _says_something(origin)
        ]
        units = [row, *(self._city.units[one.unit.id] for one in origins if one.unit)]
        return Account(
            unit=_unit(row),
            as_of=self._on,
            known_at=self._known_at,
            bodies=tuple(map(_body, bodies)),
            totals=_totals(rows),
            origins=tuple(origins),
            may_use=self._readings.of(map(_body, bodies), lambda one: _unit(self._city.units[one])),
            reconstructed=any(one.certainty is Certainty.RECONSTRUCTED for one in units),
        )

    def _origins(self, unit: UnitRow, bodies: set[UUID], rows: list[tuple[LotStanding, LotState]]) -> Iterator[Origin]:
        told = {one.id for one in self._city.fonds_of(unit.id)}
        yield Origin(relation="own", unit=_unit(unit), fonds=self._fonds(self._city.fonds_of(unit.id), bodies, rows))
        for edge in self._city.predecessors_of(unit.id):
            fonds = [one for one in self._city.fonds_of(edge.unit) if one.id not in told]
            told |= {one.id for one in fonds}
            yield self._predecessor(edge, self._fonds(fonds, bodies, rows))
        others = {key for body in bodies for key in self._by_receiver.get(body, ()) if key not in told}
        fonds = sorted((self._city.fonds[key] for key in others), key=lambda one: (one.code, one.id))
        yield Origin(relation="other", fonds=self._fonds(fonds, bodies, rows, only_theirs=True))

    def _predecessor(self, edge: Edge, fonds: tuple[AccountFonds, ...]) -> Origin:
        others = (one.successor for one in self._city.successors_of(edge.unit) if one.successor != edge.successor)
        return Origin(
            relation="predecessor",
            fonds=fonds,
            unit=_unit(self._city.units[edge.unit]),
            change=edge.change,
            effective=edge.effective,
            share=edge.share,
            population_share=edge.population_share,
            clause=edge.clause,
            act=edge.act,
            into=edge.successor,
            also_to=tuple(other for other in others if other),
        )

    def _fonds(
        self,
        fonds: Iterable[FondsRow],
        bodies: set[UUID],
        rows: list[tuple[LotStanding, LotState]],
        *,
        only_theirs: bool = False,
    ) -> tuple[AccountFonds, ...]:
        """only_theirs: of a stranger's fonds only what is assigned to the unit's bodies."""
        made = []
        for one in fonds:
            lots = [(row, self._state(row, bodies)) for row in self._by_fonds.get(one.id, ())]
            if only_theirs:
                lots = [(row, state) for row, state in lots if row.receiver in bodies]
            rows += lots
            told = tuple(self._lot(row, state) for row, state in lots)
            made.append(AccountFonds(id=one.id, code=one.code, name=one.name, totals=_totals(lots), lots=told))
        return tuple(made)

    def _state(self, row: LotStanding, bodies: set[UUID]) -> LotState:
        if row.receiver in bodies:
            if row.contradicted or row.disputed:
                return LotState.DISPUTED
            return LotState.RECEIVED if row.holder == row.receiver else LotState.AWAITING
        receiver = self._city.agencies.get(row.receiver) if row.receiver else None
        return LotState.ELSEWHERE if receiver and _exists(receiver, self._on) else LotState.UNCOVERED

    def _lot(self, row: LotStanding, state: LotState) -> AccountLot:
        key = lot_of(row.lot)
        receiver = self._city.agencies.get(row.receiver) if row.receiver else None
        holder = self._city.agencies.get(row.holder)
        return AccountLot(
            lot=key.text,
            carrier=key.carrier,
            state=state,
            assigned_to=_body(receiver) if receiver else None,
            held_by=_body(holder) if holder else None,
            files=row.files,
            boxes=len(row.boxes),
            box_labels=row.boxes,
            sheets=row.sheets,
            because=row.because,
            effective=row.effective,
            rule=row.rule,
            basis=row.basis,
            confidence=row.confidence,
            child_lot=row.child_lot,
        )


def _bodies(city: CityMap, unit: UnitRow, on: str) -> list[AgencyRow]:
    """The unit's agencies on the day; of a unit that has ended by then, those that it had."""
    agencies = [one for one in city.agencies_of(unit.id) if one.valid_from <= on]
    return [one for one in agencies if _exists(one, on)] or agencies


def _ended(city: CityMap, unit: UUID) -> Iterator[UUID]:
    return (edge.unit for edge in city.predecessors_of(unit))


def _near(connection: Connection, city: CityMap, unit: UUID, bodies: set[UUID]) -> set[UUID]:
    """The fonds that bodies of a unit may read by succession: of its predecessors and of theirs who joined them."""
    joined = {city.agencies[one].unit for one in with_forerunners(connection, bodies) if one in city.agencies}
    places = {place for one in {unit, *joined} for place in (one, *_ended(city, one))}
    return {one.id for place in _and_districts(city, places) for one in city.fonds_of(place)}


def _and_districts(city: CityMap, units: Iterable[UUID]) -> set[UUID]:
    """Units, and those that they lie in or lay in."""
    wanted = set(units)
    return wanted | {above for unit in wanted if (above := city.units[unit].parent) is not None}


def _exists(body: UnitRow | AgencyRow, on: str) -> bool:
    return body.valid_from <= on and (not body.valid_to or on < body.valid_to)


def _says_something(origin: Origin) -> bool:
    return origin.relation == "predecessor" or any(one.lots for one in origin.fonds)


def _totals(rows: Iterable[tuple[LotStanding, LotState]]) -> dict[LotState, Amount]:
    """By state, every state; a box is counted once a fonds and state, a lot once a state."""
    by_state: Mapping[LotState, list[LotStanding]] = {state: [] for state in LotState}
    for row, state in rows:
        by_state[state].append(row)
    return {
        state: Amount(
            lots=len({(row.fonds, row.lot) for row in found}),
            files=sum(row.files for row in found),
            boxes=len({(row.fonds, box) for row in found for box in row.boxes}),
            sheets=sum(row.sheets for row in found),
        )
        for state, found in by_state.items()
    }


def _unit(row: UnitRow) -> AccountUnit:
    return AccountUnit(
        id=row.id,
        code=row.code,
        name=row.name,
        level=row.level,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        certainty=row.certainty,
    )


def _body(row: AgencyRow) -> Body:
    return Body(id=row.id, code=row.code, name=row.name, block=row.block, kind=row.kind, valid_to=row.valid_to)
