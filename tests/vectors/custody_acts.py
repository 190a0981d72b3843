"""What comes after enactment, what is undone and what is reconstructed: each of its events once, fixed facts."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import msgspec

from domain.basis import Certainty, Instrument
from domain.continuation import FileContinued
from domain.document import DocumentsUnmatched
from domain.event import Event
from domain.lineage import LineageReconstructed
from domain.plan import ChangeKind, Succession, UnitChange
from domain.reorganization import ReorganizationCompleted, ReorganizationCorrected

ONE: Final = UUID("0198aaaa-0000-8000-8000-0000000c0001")
TWO: Final = UUID("0198aaaa-0000-8000-8000-0000000c0002")
THREE: Final = UUID("0198aaaa-0000-8000-8000-0000000c0003")
NAMING: Final = Instrument(
    number="4001/QĐ-UBND", issued="2025-09-01", issuer="Chủ tịch UBND thành phố", in_force="2025-09-01"
)
MERGING: Final = Instrument(number="895/NQ-UBTVQH14", issued="", issuer="Ủy ban Thường vụ Quốc hội", in_force="")


def events() -> tuple[Event, ...]:
    """One of each kind."""
    edge = Succession(unit=TWO, share="whole", population_share="")
    return (
        ReorganizationCorrected(instrument=NAMING, effective="2025-09-01", reason="Nêu nơi nhận", fonds=2),
        ReorganizationCompleted(on="2026-03-31", known_at=4096, fonds=1668),
        LineageReconstructed(
            title="Sắp xếp phường, xã năm 2020",
            effective="2020-03-01",
            certainty=Certainty.RECONSTRUCTED,
            instrument=MERGING,
            basis="Danh mục đơn vị đầu năm 2020 và 2021",
            changes=(UnitChange(unit=ONE, change=ChangeKind.ABSORBED, successors=(edge,)),),
        ),
        FileContinued(part=ONE, whole=TWO, joins=THREE, on="2025-07-01", basis="4001/QĐ-UBND"),
        DocumentsUnmatched(reference=ONE, others=(TWO, THREE), basis="Hai bản khác nhau ở trang 2"),
    )


def payloads() -> dict[str, bytes]:
    """File name -> bytes, one for each event's permanent name."""
    return {
        f"{str(event.__struct_config__.tag).replace('.', '-').replace('/', '-')}.json": msgspec.json.encode(event)
        for event in events()
    }
