"""Child lots: each event once, of fixed facts."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import msgspec

from domain.assignment import AssignmentLine
from domain.basis import Confidence, Instrument
from domain.child_lot import CarvedFile, LotAssigned, LotCarved, LotFilesListed, LotFilesReturned
from domain.event import Event
from domain.identifiers import FileCode
from domain.lot import Carrier

LOT: Final = UUID("0198aaaa-0000-8000-8000-0000000f0010")
FONDS: Final = UUID("0198aaaa-0000-8000-8000-0000000f0011")
FILE: Final = UUID("0198aaaa-0000-8000-8000-0000000f0012")
RECEIVER: Final = UUID("0198aaaa-0000-8000-8000-0000000f0013")
DECISION: Final = Instrument(
    number="88/QĐ-UBND", issued="2025-09-01", issuer="Chủ tịch UBND thành phố", in_force="2025-09-01"
)
LINES: Final = (CarvedFile(FileCode=FileCode("H26.45", 2015, "12"), file=FILE),)


def events() -> tuple[Event, ...]:
    """One of each kind."""
    every = tuple(Carrier)
    line = AssignmentLine(
        lots=("permanent/finished/arranged/paper",), receiver=RECEIVER, rule="commune-permanent",
        basis="Luật Lưu trữ, Điều 65", confidence=Confidence.LAW,
    )  # fmt: skip
    return (
        LotCarved(
            fonds=FONDS, name="Hồ sơ đất đai", carriers=every, effective="2025-09-05", decision=DECISION, files=1,
            receiver=RECEIVER,
        ),
        LotFilesListed(carriers=every, effective="2025-09-05", lines=LINES),
        LotFilesReturned(carriers=every, effective="2025-10-01", decision=DECISION, lines=LINES),
        LotAssigned(lot=LOT, effective="2026-03-01", table=(line,)),
    )  # fmt: skip


def payloads() -> dict[str, bytes]:
    """File name -> bytes, one for each event's permanent name."""
    return {
        f"{str(event.__struct_config__.tag).replace('.', '-').replace('/', '-')}.json": msgspec.json.encode(event)
        for event in events()
    }
