"""A small city for tests: one district with two communes, one absorbed whole, one split; two new communes."""

from __future__ import annotations

from uuid import UUID

from domain.administrative_unit import Level, Unit, UnitKind
from domain.agency import Agency, AgencyKind, Block
from domain.basis import Confidence, Instrument
from domain.fonds import CustodyLine, Fonds
from domain.lot import RetentionClass, WorkState
from domain.plan import (
    ChangeKind,
    NewAgency,
    NewUnit,
    Plan,
    Receiver,
    Rule,
    Selector,
    Standing,
    Succession,
    UnitChange,
)

CITY, DISTRICT, WHOLE, SPLIT, NEW_A, NEW_B = (UUID(int=n) for n in range(1, 7))
ARCHIVE = UUID(int=50)
EFFECTIVE = "2025-07-01"


def committee(unit: UUID) -> UUID:
    """The id of a unit's People's Committee."""
    return UUID(int=unit.int + 100)


def fonds_of(unit: UUID) -> UUID:
    """The id of that committee's fonds."""
    return UUID(int=unit.int + 200)


def units() -> dict[UUID, Unit | None]:
    """The units on 2025-06-30."""
    kinds = {CITY: (UnitKind.CITY, Level.CITY, None), DISTRICT: (UnitKind.RURAL_DISTRICT, Level.DISTRICT, CITY)}
    found: dict[UUID, Unit | None] = {}
    for unit in (CITY, DISTRICT, WHOLE, SPLIT):
        kind, level, parent = kinds.get(unit, (UnitKind.COMMUNE, Level.COMMUNE, DISTRICT))
        found[unit] = Unit(
            name=f"Unit {unit.int}",
            kind=kind,
            level=level,
            code=f"{unit.int:05}",
            valid_from="2020-01-01",
            parent=parent,
        )
    return found


def agencies() -> dict[UUID, Agency | None]:
    """A People's Committee in each unit, and the City Historical Archive."""
    found: dict[UUID, Agency | None] = {
        committee(unit): _agency(unit, AgencyKind.PEOPLES_COMMITTEE) for unit in (CITY, DISTRICT, WHOLE, SPLIT)
    }
    found[ARCHIVE] = _agency(CITY, AgencyKind.HISTORICAL_ARCHIVE)
    return found


def all_fonds() -> dict[UUID, Fonds | None]:
    """One fonds for each committee."""
    return {
        fonds_of(unit): Fonds(
            code=f"P-{unit.int}",
            name="Phông",
            creators=(committee(unit),),
            opened_from="2020-01-01",
            line=CustodyLine.STATE,
        )
        for unit in (CITY, DISTRICT, WHOLE, SPLIT)
    }


def plan(rules: tuple[Rule, ...] | None = None) -> Plan:
    """District ends; one commune is absorbed whole into A, the other split between A and B."""
    return Plan(
        title="Thử",
        effective=EFFECTIVE,
        instrument=Instrument(number="1/NQ", issued="2025-06-16", issuer="X", in_force="2025-06-16"),
        receivers={"city-historical-archive": ARCHIVE},
        changes=(
            UnitChange(unit=DISTRICT, change=ChangeKind.DISSOLVED),
            UnitChange(unit=WHOLE, change=ChangeKind.CONSOLIDATED, successors=(_edge(NEW_A, "whole"),)),
            UnitChange(unit=SPLIT, change=ChangeKind.SPLIT, successors=(_edge(NEW_A, "part"), _edge(NEW_B, "part"))),
        ),
        units=tuple(
            NewUnit(unit=unit, name="Mới", kind=UnitKind.COMMUNE, level=Level.COMMUNE, code="1", parent=CITY)
            for unit in (NEW_A, NEW_B)
        ),
        agencies=tuple(_new_agency(unit) for unit in (NEW_A, NEW_B)),
        standing=(
            Standing(agency=committee(CITY), block=Block.GOVERNMENT, kind=AgencyKind.PEOPLES_COMMITTEE, unit=CITY),
        ),
        rules=RULES if rules is None else rules,
    )


def rule(name: str, receiver: str, *, may_await: bool = False, **selector: object) -> Rule:
    """A rule with a selector given by keyword."""
    when = Selector(**selector)  # type: ignore[arg-type] # the tests name real members
    return Rule(id=name, when=when, receiver=receiver, basis="x", confidence=Confidence.INFERENCE, may_await=may_await)


RULES = (
    rule("district", "city-historical-archive", level=(Level.DISTRICT,)),
    rule("permanent", "city-historical-archive", retention=(RetentionClass.PERMANENT,)),
    rule("unfinished", Receiver.SUCCESSOR, may_await=True, state=(WorkState.UNFINISHED,)),
    rule("whole", Receiver.SUCCESSOR, change=(ChangeKind.CONSOLIDATED,)),
    rule("rest", Receiver.AWAITING),
)


def _edge(unit: UUID, share: str) -> Succession:
    return Succession(unit=unit, share=share, population_share="all" if share == "whole" else "part")


def _agency(unit: UUID, kind: AgencyKind) -> Agency:
    return Agency(
        name="UBND", block=Block.GOVERNMENT, kind=kind, unit=unit, code=f"H26.{unit.int}", valid_from="2020-01-01"
    )


def _new_agency(unit: UUID) -> NewAgency:
    return NewAgency(
        agency=committee(unit),
        name="UBND mới",
        block=Block.GOVERNMENT,
        kind=AgencyKind.PEOPLES_COMMITTEE,
        unit=unit,
        code=f"H26.{unit.int}",
        fonds=fonds_of(unit),
        fonds_code=f"P-{unit.int}",
        fonds_name="Phông",
        line=CustodyLine.STATE,
    )
