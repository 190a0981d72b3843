"""What became of each unit on 2025-07-01, and how sure the word for it is.

The rule, for the 526 communes. Article 1 of Resolution 1656/NQ-UBTVQH15 rearranges units "để thành lập" (to
establish) others; each of its 126 clauses ends "thành phường/xã mới có tên gọi là" (into a new ward/commune
named), and each new unit draws on at least two old ones. So every old unit ends, also the ten whose name and
code a new unit carries again, and nothing is absorbed by a unit that goes on:

- the whole unit goes into one new unit: `consolidated` (hợp nhất: all end, a new one is established);
- the unit goes in parts to several: `split`, the kind uncertain in law. Its end resembles chia (the old one
  ends, Circular 06/2025/TT-BNV article 39), but the resolution never uses that word of it, and 158 of the 199
  have their people truly divided. `suggested` names the one successor that took all the people, where there is
  one; it is a suggestion and assigns nothing.

The 30 districts are `dissolved`: Resolution 203/2025/QH15 ends the level, and no unit succeeds them (Circular 06/2025
article 40).
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache

import msgspec

from domain.administrative_unit import Level
from domain.plan import ChangeKind
from reference import units
from reference.units import LegalKind, PopulationShare, Share, SuccessionEdge, Unit

COMMUNE_BASIS = "Nghị quyết 1656/NQ-UBTVQH15, Điều 1"
DISTRICT_BASIS = "Nghị quyết 203/2025/QH15"


class Successor(msgspec.Struct, frozen=True, kw_only=True):
    """One new unit that received land of the ended one, by one clause."""

    unit: str
    clause: int
    share: Share
    legal_kind: LegalKind
    population_share: PopulationShare


class UnitChange(msgspec.Struct, frozen=True, kw_only=True):
    """The end of one unit. `suggested`: code of the successor that took all the people, or empty."""

    unit: str
    level: Level
    kind: ChangeKind
    effective: str
    basis: str
    successors: tuple[Successor, ...] = ()
    suggested: str = ""


@cache
def unit_changes() -> tuple[UnitChange, ...]:
    """The 556 changes of 2025-07-01: 30 districts, then 526 communes."""
    edges: defaultdict[str, list[SuccessionEdge]] = defaultdict(list)
    for edge in units.succession():
        edges[edge.ended].append(edge)
    ended = tuple(_district_ended(district) for district in units.districts())
    return ended + tuple(commune_change(unit, edges[unit.code]) for unit in units.units_before())


def commune_change(unit: Unit, edges: list[SuccessionEdge]) -> UnitChange:
    """The change of one commune from its succession edges, by the rule above. At least one edge."""
    whole = len(edges) == 1 and edges[0].share is Share.WHOLE
    with_all_people = [edge.successor for edge in edges if edge.population_share is PopulationShare.ALL]
    return UnitChange(
        unit=unit.code,
        level=Level.COMMUNE,
        kind=ChangeKind.CONSOLIDATED if whole else ChangeKind.SPLIT,
        effective=unit.valid_to,
        basis=f"{COMMUNE_BASIS}, {_clauses(edges)}",
        successors=tuple(_successor(edge) for edge in edges),
        suggested=with_all_people[0] if len(with_all_people) == 1 else "",
    )


def _district_ended(district: Unit) -> UnitChange:
    return UnitChange(
        unit=district.code,
        level=Level.DISTRICT,
        kind=ChangeKind.DISSOLVED,
        effective=district.valid_to,
        basis=DISTRICT_BASIS,
    )


def _successor(edge: SuccessionEdge) -> Successor:
    return Successor(
        unit=edge.successor,
        clause=edge.clause,
        share=edge.share,
        legal_kind=edge.legal_kind,
        population_share=edge.population_share,
    )


def _clauses(edges: list[SuccessionEdge]) -> str:
    return "khoản " + ", ".join(str(edge.clause) for edge in sorted(edges, key=lambda edge: edge.clause))
