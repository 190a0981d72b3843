"""The small Hà Nội of the story: its names, and the plan that rearranges it."""

from __future__ import annotations

from uuid import UUID

from domain.administrative_unit import Level, UnitKind
from domain.agency import AgencyKind, Block
from domain.fonds import line_of
from domain.identifiers import public_id
from domain.plan import ChangeKind, NewAgency, NewUnit, Plan, Standing, Succession, UnitChange
from reference.plan import load_plan

EFFECTIVE = "2025-07-01"
KINDS = (AgencyKind.PEOPLES_COMMITTEE, AgencyKind.PARTY_COMMITTEE, AgencyKind.FATHERLAND_FRONT)
BLOCKS = (Block.GOVERNMENT, Block.PARTY, Block.MASS)
UNITS = {  # name -> (level, parent)
    "city": (Level.CITY, ""),
    "d1": (Level.DISTRICT, "city"),
    "d2": (Level.DISTRICT, "city"),
    "a1": (Level.COMMUNE, "d1"),
    "a2": (Level.COMMUNE, "d1"),
    "a3": (Level.COMMUNE, "d1"),
    "b1": (Level.COMMUNE, "d2"),
}
WHOLE = {"a1": "n1", "a2": "n1", "b1": "n2"}
TITLES = ("Báo cáo về việc cấp đất", "Quyết định nâng lương", "Hồ sơ xây dựng trường học", "Biên bản bàn giao đất")
KIND_OF = {Level.CITY: UnitKind.CITY, Level.DISTRICT: UnitKind.URBAN_DISTRICT, Level.COMMUNE: UnitKind.WARD}


def a(kind: str, name: str) -> UUID:
    """The id of a thing of the story."""
    return public_id("story", kind, name)


def shipped_plan() -> Plan:
    """Three communes into two and part of a fourth into each; the districts end. The shipped rules."""
    shipped = load_plan(EFFECTIVE)
    whole = {
        unit: (Succession(unit=a("unit", new), share="whole", population_share="all"),) for unit, new in WHOLE.items()
    }
    parts = tuple(Succession(unit=a("unit", new), share="part", population_share="part") for new in ("n1", "n2"))
    changes = [
        *(UnitChange(unit=a("unit", name), change=ChangeKind.DISSOLVED) for name in ("d1", "d2")),
        *(
            UnitChange(unit=a("unit", name), change=ChangeKind.CONSOLIDATED, successors=to)
            for name, to in whole.items()
        ),
        UnitChange(unit=a("unit", "a3"), change=ChangeKind.SPLIT, successors=parts),
    ]
    standing = [
        Standing(agency=a("agency", name), block=Block.GOVERNMENT, kind=kind, unit=a("unit", "city"))
        for name, kind in (("city-government", KINDS[0]), ("archive", AgencyKind.HISTORICAL_ARCHIVE))
    ]
    return Plan(
        title=shipped.title,
        effective=EFFECTIVE,
        instrument=shipped.instrument,
        receivers={
            "city-historical-archive": a("agency", "archive"),
            "city-party-archive": a("agency", "party-archive"),
        },
        changes=tuple(changes),
        units=tuple(_new_unit(name, code) for name, code in (("n1", "00003"), ("n2", "00006"))),
        agencies=tuple(_new_agency(new, *kind) for new in ("n1", "n2") for kind in zip(BLOCKS, KINDS, strict=True)),
        standing=tuple(standing),
        rules=shipped.rules,
    )  # fmt: skip


def _new_unit(name: str, code: str) -> NewUnit:
    """A new commune that carries the code of an old one."""
    return NewUnit(
        unit=a("unit", name), name=f"Phường {name}", kind=UnitKind.WARD, level=Level.COMMUNE, code=code,
        parent=a("unit", "city"),
    )  # fmt: skip


def _new_agency(name: str, block: Block, kind: AgencyKind) -> NewAgency:
    full = f"{name}-{block}"
    return NewAgency(
        agency=a("agency", full), name=f"Cơ quan {full}", block=block, kind=kind, unit=a("unit", name), code=full,
        fonds=a("fonds", full), fonds_code=f"P-{full}", fonds_name=f"Phông {full}", line=line_of(block),
    )  # fmt: skip
