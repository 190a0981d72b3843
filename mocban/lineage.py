"""Hà Nội before the ledger's time: the changes of 2020 and January 2025 as the rosters let us think, marked as such."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final
from uuid import UUID

import msgspec

from domain.administrative_unit import Level, UnitEstablished, UnitKind
from domain.basis import Certainty, Instrument
from domain.identifiers import Naming
from domain.lineage import LineageReconstructed
from domain.plan import ChangeKind, Succession, UnitChange
from reference import hanoi
from reference.units import LineageEdge

ISSUER: Final = "Ủy ban Thường vụ Quốc hội"
BASIS: Final = "Danh mục đơn vị hành chính các năm 2020, 2024 và 2025; nghị quyết chưa đọc được"
_KINDS: Final = {"Phường": UnitKind.WARD, "Xã": UnitKind.COMMUNE, "Thị trấn": UnitKind.TOWNSHIP}


class Reconstruction(msgspec.Struct, frozen=True, kw_only=True):
    """One day's changes to record, with the units that ended by them."""

    stream: UUID
    fact: LineageReconstructed
    former: dict[UUID, UnitEstablished]


def reconstructions(naming: Naming) -> Iterator[Reconstruction]:
    """The changes, oldest first. Their day and what became of whom are inferred; moves of parts do not show."""
    by_day: defaultdict[str, list[LineageEdge]] = defaultdict(list)
    for edge in hanoi.lineage():
        by_day[edge.effective].append(edge)
    began: dict[str, str] = {}
    for day in sorted(by_day):
        yield _of_day(day, by_day[day], began, naming)
        began |= {edge.successor: day for edge in by_day[day]}


def _of_day(day: str, edges: list[LineageEdge], began: dict[str, str], naming: Naming) -> Reconstruction:
    """began: since when a code has stood for its unit, where an earlier change made it."""
    first = hanoi.city().valid_from
    ended: defaultdict[str, list[LineageEdge]] = defaultdict(list)
    for edge in edges:
        ended[edge.ended].append(edge)
    since = {code: began.get(code, first) for code in ended}
    fact = LineageReconstructed(
        title=f"Sắp xếp đơn vị hành chính cấp xã của Hà Nội, {day[:4]}",
        effective=day,
        certainty=Certainty.RECONSTRUCTED,
        instrument=Instrument(number=edges[0].instrument, issued="", issuer=ISSUER, in_force=""),
        basis=BASIS,
        changes=tuple(_change(naming.unit(code, since[code]), of_code, day, naming) for code, of_code in ended.items()),
    )
    former = {
        naming.unit(code, since[code]): _former(of_code[0], since[code], naming) for code, of_code in ended.items()
    }
    return Reconstruction(stream=naming.other("lineage", day), fact=fact, former=former)


def _change(unit: UUID, edges: list[LineageEdge], day: str, naming: Naming) -> UnitChange:
    kind = ChangeKind.ABSORBED if len(edges) == 1 else ChangeKind.SPLIT
    share = "whole" if len(edges) == 1 else "part"
    successors = tuple(
        Succession(unit=naming.unit(edge.successor, day), share=share, population_share="") for edge in edges
    )
    return UnitChange(unit=unit, change=kind, successors=successors)


def _former(edge: LineageEdge, since: str, naming: Naming) -> UnitEstablished:
    kind = next(kind for word, kind in _KINDS.items() if edge.ended_name.startswith(word))
    district = next((one for one in hanoi.districts() if one.code == edge.district), None)
    return UnitEstablished(
        name=edge.ended_name,
        kind=kind,
        level=Level.COMMUNE,
        code=edge.ended,
        valid_from=since,
        certainty=Certainty.RECONSTRUCTED,
        parent=naming.unit(district.code, district.valid_from) if district else None,
        basis=BASIS,
    )
