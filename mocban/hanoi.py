"""Hà Nội in the ledger's words: the reference data as entries to record, and the shipped plan with its ids."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from domain.administrative_unit import UnitEstablished
from domain.agency import AgencyEstablished
from domain.fonds import FondsOpened, line_of
from domain.identifiers import Naming
from domain.plan import NewAgency, NewUnit, Plan, Standing, Succession, UnitChange
from domain.retention import RetentionRule
from ledger.commands.administrative_unit import AgencyEntry, UnitEntry
from reference import hanoi
from reference.plan import PlanFile

_CITY = hanoi.city()
BEFORE = "Danh mục đơn vị hành chính, hiện trạng ngày 30/6/2025"


def unit_entries(naming: Naming) -> list[list[UnitEntry]]:
    """The city with its departments, then each district with its communes: one list an act."""
    bodies: defaultdict[tuple[str, str], list[hanoi.Agency]] = defaultdict(list)
    for body in (*hanoi.agencies_before(), *hanoi.departments()):
        bodies[body.unit, body.unit_valid_from].append(body)
    communes: defaultdict[str, list[hanoi.Unit]] = defaultdict(list)
    for unit in hanoi.units_before():
        communes[unit.district].append(unit)

    def entry(unit: hanoi.Unit, parent: hanoi.Unit | None) -> UnitEntry:
        agencies = tuple(_agency_entry(body, naming) for body in bodies[unit.code, unit.valid_from])
        return UnitEntry(unit=unit_id(unit, naming), fact=_unit_fact(unit, parent, naming), agencies=agencies)

    by_district = [
        [entry(district, _CITY), *(entry(unit, district) for unit in communes[district.code])]
        for district in hanoi.districts()
    ]
    return [[entry(_CITY, None)], *by_district]


def unit_id(unit: hanoi.Unit, naming: Naming) -> UUID:
    """The id of a unit of the reference data."""
    return naming.unit(unit.code, unit.valid_from)


def fonds_creators() -> dict[str, str]:
    """Fonds code -> agency code of its creator, for every fonds of 2025-06-30."""
    return {body.fonds_code: body.code for body in (*hanoi.agencies_before(), *hanoi.departments())}


def retention_rules() -> dict[str, RetentionRule]:
    """The shipped schedules by rule id."""
    return {
        line.id: RetentionRule(
            id=line.id,
            schedule=line.schedule,
            retention=line.retention,
            as_written=line.as_written,
            years=line.years,
            in_force_from=line.in_force_from,
            in_force_to=line.in_force_to,
        )
        for line in hanoi.retention_rules()
    }


def plan_of(shipped: PlanFile, naming: Naming) -> Plan:
    """The shipped plan with ids for its units, agencies and receivers."""
    old = {unit.code: unit for unit in (*hanoi.districts(), *hanoi.units_before())}
    new = {unit.code: unit for unit in hanoi.units_after()}
    standing = [body for body in hanoi.agencies_before() if body.unit == _CITY.code] + list(hanoi.departments())
    return Plan(
        title=shipped.title,
        effective=shipped.effective,
        instrument=shipped.instrument,
        receivers={name: naming.agency(code) for name, code in shipped.receivers.items()},
        changes=tuple(_change(change, old, new, naming) for change in hanoi.unit_changes()),
        units=tuple(_new_unit(unit, naming) for unit in hanoi.units_after()),
        agencies=tuple(_new_agency(body, new, naming) for body in hanoi.agencies_after()),
        standing=tuple(
            Standing(agency=naming.agency(body.code), block=body.block, kind=body.kind, unit=unit_id(_CITY, naming))
            for body in standing
        ),
        rules=shipped.rules,
        unmatched_may_await=shipped.unmatched_may_await,
    )


def _unit_fact(unit: hanoi.Unit, parent: hanoi.Unit | None, naming: Naming) -> UnitEstablished:
    return UnitEstablished(
        name=unit.full_name,
        kind=unit.kind,
        level=unit.level,
        code=unit.code,
        valid_from=unit.valid_from,
        certainty=unit.certainty,
        parent=unit_id(parent, naming) if parent else None,
        basis=BEFORE,
    )


def _agency_entry(body: hanoi.Agency, naming: Naming) -> AgencyEntry:
    agency, fonds = naming.agency(body.code), naming.fonds(body.fonds_code)
    fact = AgencyEstablished(
        name=body.name,
        block=body.block,
        kind=body.kind,
        unit=naming.unit(body.unit, body.unit_valid_from),
        code=body.code,
        valid_from=body.valid_from,
        certainty=body.certainty,
        basis=BEFORE,
    )
    opened = FondsOpened(
        code=body.fonds_code,
        name=body.fonds_name,
        creators=(agency,),
        opened_from=body.valid_from,
        line=line_of(body.block),
    )
    return AgencyEntry(agency=agency, fact=fact, fonds=fonds, fonds_fact=opened)


def _change(
    change: hanoi.UnitChange, old: dict[str, hanoi.Unit], new: dict[str, hanoi.Unit], naming: Naming
) -> UnitChange:
    edges = tuple(
        Succession(
            unit=unit_id(new[edge.unit], naming),
            share=edge.share,
            population_share=edge.population_share,
            clause=str(edge.clause),
        )
        for edge in change.successors
    )
    return UnitChange(unit=unit_id(old[change.unit], naming), change=change.kind, successors=edges)


def _new_unit(unit: hanoi.Unit, naming: Naming) -> NewUnit:
    return NewUnit(
        unit=unit_id(unit, naming),
        name=unit.full_name,
        kind=unit.kind,
        level=unit.level,
        code=unit.code,
        parent=unit_id(_CITY, naming),
    )


def _new_agency(body: hanoi.Agency, new: dict[str, hanoi.Unit], naming: Naming) -> NewAgency:
    return NewAgency(
        agency=naming.agency(body.code),
        name=body.name,
        block=body.block,
        kind=body.kind,
        unit=unit_id(new[body.unit], naming),
        code=body.code,
        fonds=naming.fonds(body.fonds_code),
        fonds_code=body.fonds_code,
        fonds_name=body.fonds_name,
        line=line_of(body.block),
    )
