"""The agencies of Hà Nội: three in every unit (government, Party, mass), and the bodies of city level.

Codes follow the logic of Decision 20/2020/QĐ-TTg: first group by block (`H26` People's Committee of Hà Nội,
`A..` Party, `I01` Fatherland Front). The groups below, and `A26` and `I0x.26` themselves, are this product's
own numbering, since the lists in force were not to be had; they fit the 13 characters of OrganId and are
never reused.
"""

from __future__ import annotations

from functools import cache

import msgspec

from domain.administrative_unit import Level, UnitKind
from domain.agency import AgencyKind, Block
from domain.basis import Certainty
from reference import units
from reference.tables import read_table


class Agency(msgspec.Struct, frozen=True, kw_only=True):
    """An agency over its interval, with the one fonds it creates. `unit`: code of its unit, `01` for the city.

    unit_valid_from tells the unit from another that carried the same code.
    """

    code: str
    name: str
    block: Block
    kind: AgencyKind
    level: Level
    unit: str
    unit_valid_from: str
    valid_from: str
    certainty: Certainty
    valid_to: str = ""
    name_en: str = ""

    @property
    def fonds_code(self) -> str:
        """Mã phông, at most 13 characters: `P-` and the agency code without its dots. Our own making."""
        return f"P-{self.code.replace('.', '')}"

    @property
    def fonds_name(self) -> str:
        """The name of the fonds: `Phông` and its creator."""
        return f"Phông {self.name}"


class _Department(msgspec.Struct, frozen=True, kw_only=True):
    code: str
    name: str
    name_en: str
    block: Block
    kind: AgencyKind
    valid_from: str
    certainty: Certainty
    source: str


@cache
def agencies_before() -> tuple[Agency, ...]:
    """The 1,671 agencies of 2025-06-30: three of the city, of 30 districts and of 526 communes."""
    district_names = {district.code: district.spoken_name for district in units.districts()}
    found = _agencies_of(units.city(), "")
    for district in units.districts():
        found += _agencies_of(district, ", thành phố Hà Nội")
    for unit in units.units_before():
        found += _agencies_of(unit, f", {district_names[unit.district]}")
    return tuple(found)


@cache
def agencies_after() -> tuple[Agency, ...]:
    """The 378 agencies that begin on 2025-07-01 in the 126 new communes; those of the city go on."""
    return tuple(agency for unit in units.units_after() for agency in _agencies_of(unit, ", thành phố Hà Nội"))


@cache
def departments() -> tuple[Agency, ...]:
    """Departments and other bodies of city level, mid 2025; they go on through the reorganization."""
    return tuple(_department(row) for row in read_table("departments", _Department))


def _department(row: _Department) -> Agency:
    return Agency(
        code=row.code,
        name=row.name,
        name_en=row.name_en,
        block=row.block,
        kind=row.kind,
        level=Level.CITY,
        unit="01",
        unit_valid_from=units.city().valid_from,
        valid_from=row.valid_from,
        certainty=row.certainty,
    )


def _agencies_of(unit: units.Unit, where: str) -> list[Agency]:
    """People's Committee, Party committee and Fatherland Front committee of one unit; `where` ends the name."""
    party = _party_committee(unit)
    if unit.level is Level.COMMUNE:
        party += where
    return [
        _agency(
            unit, "H26", f"Ủy ban nhân dân {unit.spoken_name}{where}", Block.GOVERNMENT, AgencyKind.PEOPLES_COMMITTEE
        ),
        _agency(unit, "A26", party, Block.PARTY, AgencyKind.PARTY_COMMITTEE),
        _agency(
            unit,
            "I01.26",
            f"Ủy ban Mặt trận Tổ quốc Việt Nam {unit.spoken_name}{where}",
            Block.MASS,
            AgencyKind.FATHERLAND_FRONT,
        ),
    ]


def _agency(unit: units.Unit, group: str, name: str, block: Block, kind: AgencyKind) -> Agency:
    return Agency(
        code=f"{group}.{unit.agency_group}" if unit.agency_group else group,
        name=name,
        block=block,
        kind=kind,
        level=unit.level,
        unit=unit.code,
        unit_valid_from=unit.valid_from,
        valid_from=unit.valid_from,
        certainty=unit.certainty,
        valid_to=unit.valid_to,
    )


def _party_committee(unit: units.Unit) -> str:
    """The Party's own word for the committee of a unit of each kind."""
    match unit.kind:
        case UnitKind.CITY:
            return f"Thành ủy {unit.name}"
        case UnitKind.URBAN_DISTRICT:
            return f"Quận ủy {unit.name}"
        case UnitKind.RURAL_DISTRICT:
            return f"Huyện ủy {unit.name}"
        case UnitKind.TOWN_DISTRICT:
            return f"Thị ủy {unit.name}"
        case UnitKind.WARD | UnitKind.COMMUNE | UnitKind.TOWNSHIP:
            return f"Đảng ủy {unit.spoken_name}"
