"""Decisions about single files: each event once, of fixed facts."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import msgspec

from domain.basis import Confidence, Instrument
from domain.event import Event
from domain.lot import Carrier
from domain.single_file import FileAssigned, FileReassigned, FileRejoined

FILE: Final = UUID("0198aaaa-0000-8000-8000-0000000f0001")
RECEIVER: Final = UUID("0198aaaa-0000-8000-8000-0000000f0002")
DECISION: Final = Instrument(
    number="4321/QĐ-UBND", issued="2025-09-01", issuer="Chủ tịch UBND thành phố", in_force="2025-09-01"
)


def events() -> tuple[Event, ...]:
    """One of each kind."""
    return (
        FileAssigned(file=FILE, carriers=tuple(Carrier), receiver=RECEIVER, effective="2025-09-05", decision=DECISION),
        FileRejoined(file=FILE, carriers=(Carrier.PAPER,), effective="2025-10-01", decision=DECISION),
        FileReassigned(
            file=FILE,
            carrier=Carrier.DIGITAL,
            effective="2026-03-01",
            rule="commune-temporary-whole",
            basis="Luật Lưu trữ, Điều 40",
            confidence=Confidence.INFERENCE,
            receiver=RECEIVER,
        ),
    )


def payloads() -> dict[str, bytes]:
    """File name -> bytes, one for each event's permanent name."""
    return {
        f"{str(event.__struct_config__.tag).replace('.', '-').replace('/', '-')}.json": msgspec.json.encode(event)
        for event in events()
    }
