"""The administrative units of Hà Nội on 2025-06-30 and on 2025-07-01, and where each one went.

Provenance of every table: `reference/README.md`. Codes are text with leading zeros; a code names a unit
only together with its interval, since all 126 codes of 2025-07-01 were another unit's the day before.
Intervals are half-open: `valid_to` is the first day on which the thing is gone, empty while it exists.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache

import msgspec

from domain.administrative_unit import Level, UnitKind
from domain.basis import Certainty
from reference.tables import read_table

REORGANIZED_ON = "2025-07-01"
"""The day on which districts and the old communes were gone and the new communes began to work."""

KIND_NAMES = {
    UnitKind.CITY: "thành phố",
    UnitKind.URBAN_DISTRICT: "quận",
    UnitKind.RURAL_DISTRICT: "huyện",
    UnitKind.TOWN_DISTRICT: "thị xã",
    UnitKind.WARD: "phường",
    UnitKind.COMMUNE: "xã",
    UnitKind.TOWNSHIP: "thị trấn",
}
"""What stands before a unit's name."""

_LEVELS = {
    UnitKind.CITY: Level.CITY,
    UnitKind.URBAN_DISTRICT: Level.DISTRICT,
    UnitKind.RURAL_DISTRICT: Level.DISTRICT,
    UnitKind.TOWN_DISTRICT: Level.DISTRICT,
}


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """One administrative unit over one interval. `agency_group`: its place in our agency codes."""

    code: str
    kind: UnitKind
    name: str
    valid_from: str
    certainty: Certainty
    valid_to: str = ""
    district: str = ""
    agency_group: str = ""
    clause: int = 0
    area_km2: float = 0.0
    population: int = 0
    seat: str = ""

    @property
    def level(self) -> Level:
        """City, district or commune; wards and townships are communes in law."""
        return _LEVELS.get(self.kind, Level.COMMUNE)

    @property
    def spoken_name(self) -> str:
        """The name inside a sentence: `phường Phúc Xá`."""
        return f"{KIND_NAMES[self.kind]} {self.name}"

    @property
    def full_name(self) -> str:
        """The name standing alone: `Phường Phúc Xá`."""
        spoken = self.spoken_name
        return spoken[0].upper() + spoken[1:]


class Share(StrEnum):
    """Whether the ended unit went whole into the successor or in part."""

    WHOLE = "whole"
    PART = "part"


class LegalKind(StrEnum):
    """The wording of the clause."""

    WHOLE = "whole"
    PART_AREA_AND_POPULATION = "part-area-and-population"
    PART_AREA_ONLY = "part-area-only"
    PART_AREA_ALL_POPULATION = "part-area-all-population"
    REMAINDER = "remainder"


class PopulationShare(StrEnum):
    """How much of the ended unit's people the successor received; follows from the clauses together."""

    ALL = "all"
    PART = "part"
    NONE = "none"


class SuccessionEdge(msgspec.Struct, frozen=True, kw_only=True):
    """One line from an ended commune to a new one, by a clause of Resolution 1656/NQ-UBTVQH15, article 1.

    remainder_after: the clauses, space-separated, after which what is left falls to this successor.
    """

    ended: str
    successor: str
    share: Share
    legal_kind: LegalKind
    population_share: PopulationShare
    clause: int
    remainder_after: str = ""


class LineageEdge(msgspec.Struct, frozen=True, kw_only=True):
    """A change of 2020 or of January 2025, reconstructed from rosters: `merged-into`, `goes-on`, `possible-split`."""

    effective: str
    instrument: str
    ended: str
    ended_name: str
    successor: str
    successor_name: str
    district: str
    relation: str
    confidence: str


def city() -> Unit:
    """Hà Nội itself; it goes on unchanged."""
    return Unit(code="01", kind=UnitKind.CITY, name="Hà Nội", valid_from="2020-01-01", certainty=Certainty.ATTESTED)


@cache
def districts() -> tuple[Unit, ...]:
    """The 30 districts of 2025-06-30: 12 quận, 17 huyện, 1 thị xã. None has a successor."""
    return read_table("districts", Unit)


@cache
def units_before() -> tuple[Unit, ...]:
    """The 526 communes of 2025-06-30: 160 phường, 345 xã, 21 thị trấn."""
    return read_table("units-before", Unit)


@cache
def units_after() -> tuple[Unit, ...]:
    """The 126 communes of 2025-07-01: 51 phường, 75 xã."""
    return read_table("units-after", Unit)


@cache
def succession() -> tuple[SuccessionEdge, ...]:
    """The 795 edges of 2025-07-01. They say where land and people went, never who must have the records."""
    return read_table("succession", SuccessionEdge)


@cache
def lineage() -> tuple[LineageEdge, ...]:
    """The 111 changes of 2020 and January 2025, reconstructed; partial transfers are invisible in rosters."""
    return read_table("lineage", LineageEdge)
