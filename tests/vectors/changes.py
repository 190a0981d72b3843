"""What goes on otherwise than before, and who creates a fonds from then on: each event once, fixed facts."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import msgspec

from domain.administrative_unit import Level, UnitBoundaryAdjusted, UnitEdge, UnitKind, UnitRenamed, UnitSeparated
from domain.agency import AgencyBoundaryAdjusted, AgencyKind, AgencyRenamed, AgencySeparated
from domain.creatorship import FondsWentOn
from domain.event import Event
from domain.listed_changes import AgencyChangesListed, UnitFormsListed
from domain.plan import AgencyChange, AgencyForm, ChangeKind, FondsOutcome, UnitForm

ONE: Final = UUID("0198aaaa-0000-8000-8000-0000000ca001")
TWO: Final = UUID("0198aaaa-0000-8000-8000-0000000ca002")
THREE: Final = UUID("0198aaaa-0000-8000-8000-0000000ca003")
DAY: Final = "2027-01-01"
BY: Final = "12/NQ-HĐND"
DECISION: Final = "34/QĐ-UBND"


def events() -> tuple[Event, ...]:
    """One of each kind."""
    edge = UnitEdge(unit=TWO, share="part", population_share="part", clause="Điều 2")
    form = UnitForm(unit=ONE, name="Phường Mẫu", kind=UnitKind.WARD, level=Level.COMMUNE, code="00001")
    absorbed = AgencyChange(
        agency=ONE,
        change=ChangeKind.ABSORBED,
        fonds=FondsOutcome.GOES_ON,
        basis=DECISION,
        successors=(TWO,),
    )
    renamed = AgencyChange(
        agency=THREE,
        change=ChangeKind.RENAMED,
        fonds=FondsOutcome.GOES_ON,
        basis=DECISION,
        becomes=AgencyForm(name="Sở Mẫu", kind=AgencyKind.DEPARTMENT, code="H26.90"),
    )
    return (
        UnitRenamed(name="Phường Mẫu", kind=UnitKind.WARD, level=Level.COMMUNE, code="00001", effective=DAY, basis=BY),
        UnitSeparated(to=(edge,), effective=DAY, basis=BY),
        UnitBoundaryAdjusted(to=(edge,), effective=DAY, basis=BY),
        AgencyRenamed(name="Sở Mẫu", kind=AgencyKind.DEPARTMENT, code="H26.90", effective=DAY, basis=DECISION),
        AgencySeparated(to=(TWO,), effective=DAY, basis=DECISION),
        AgencyBoundaryAdjusted(to=(TWO, THREE), effective=DAY, basis=DECISION),
        UnitFormsListed(forms=(form,)),
        AgencyChangesListed(changes=(absorbed, renamed)),
        FondsWentOn(fonds=THREE, effective=DAY, creators=(TWO,), former=(ONE,), basis=DECISION),
    )


def payloads() -> dict[str, bytes]:
    """File name -> bytes, one for each event's permanent name."""
    return {
        f"{str(event.__struct_config__.tag).replace('.', '-').replace('/', '-')}.json": msgspec.json.encode(event)
        for event in events()
    }
