"""One hand-over in every shape that its events have had: fixed facts, sealed with a fixed key and nonces."""

from __future__ import annotations

import hashlib
from typing import Any, Final
from uuid import UUID

import msgspec

from domain.basis import Instrument
from domain.event import Event
from domain.handover import (
    CustodyHandedOver,
    CustodyHandedOverV1,
    Deputy,
    DisputedLine,
    DisputeReason,
    DisputesSettled,
    HandoverProposed,
    HandoverProposedV1,
    HandoverWithdrawn,
    InventoryLine,
    InventoryListed,
    LinesDisputed,
    Outcome,
    SettledLine,
    Witness,
)
from domain.identifiers import FileCode
from domain.lot import Carrier
from domain.sealed import Sealed
from signing.seal import seal

STREAM: Final = UUID("0198aaaa-0000-8000-8000-0000000a0de5")
GIVER: Final = UUID("0198aaaa-0000-8000-8000-000000091fe5")
RECEIVER: Final = UUID("0198aaaa-0000-8000-8000-00000000ece1")
FILES: Final = tuple(UUID(int=0x0198AAAA00008000800000000000F000 + number) for number in range(3))
CODES: Final = tuple(FileCode("H26.15", 2019, f"{number:02}") for number in range(1, 4))
ROOT: Final = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA="
KEY: Final = hashlib.sha256(b"test hand-over").digest()
DECISION: Final = Instrument(
    number="12/QĐ-UBND", issued="2025-06-20", issuer="Ủy ban nhân dân thành phố", in_force="2025-07-01"
)


def _sealed(number: int, value: str, version: int, pointer: str) -> Sealed:
    nonce = bytes(range(number, number + 12))
    return seal(KEY, f'"{value}"'.encode(), stream=STREAM, version=version, pointer=pointer, nonce=nonce)[0]


def events() -> tuple[Event, ...]:
    """In every shape, the earlier ones too."""
    sides: dict[str, Any] = {"giver": GIVER, "receiver": RECEIVER, "carrier": Carrier.PAPER, "basis": DECISION.number}
    taken: dict[str, Any] = {**sides, "on": "2025-08-01", "root": ROOT, "files": 2, "boxes": 1, "sheets": 40}
    deputy = Deputy(
        Name=_sealed(1, "Trần Thị Mẫu", 1, "/deputy/Name"),
        Post=_sealed(2, "Tổ trưởng", 1, "/deputy/Post"),
        decision=DECISION,
    )
    witness = Witness(
        Name=_sealed(3, "Lê Văn Mẫu", 1, "/witnesses/0/Name"),
        Post=_sealed(4, "Công chức", 1, "/witnesses/0/Post"),
        actor="0198bbbb-0000-8000-8000-00000000ac09",
    )
    lost = DisputedLine(
        FileCode=CODES[2],
        file=FILES[2],
        reason=DisputeReason.MISSING,
        note=_sealed(5, "không thấy", 3, "/lines/0/note"),
    )
    return (
        HandoverProposedV1(**sides),
        HandoverProposed(**sides, on="2025-07-20", decision=DECISION, deputy=deputy, witnesses=(witness,)),
        InventoryListed(
            lines=(
                InventoryLine(FileCode=CODES[0], file=FILES[0], sheets=40, box="H1"),
                InventoryLine(FileCode=CODES[1], file=FILES[1], sealed_set=True),
                InventoryLine(FileCode=CODES[2], file=FILES[2], sheets=7, box="H2"),
            )
        ),
        HandoverWithdrawn(on="2025-07-25", Reason=_sealed(6, "lập nhầm", 3, "/Reason")),
        LinesDisputed(carrier=Carrier.PAPER, on="2025-08-01", lines=(lost,)),
        CustodyHandedOverV1(**taken),
        CustodyHandedOver(
            **taken, sealed_sets=1, disputed=1, shelf_cm=125, Condition=_sealed(7, "mép rách", 4, "/Condition"),
            flags=("before-decision",),
        ),
        DisputesSettled(
            **sides, on="2025-08-09", lines=(SettledLine(FileCode=CODES[2], file=FILES[2], outcome=Outcome.ACCEPTED),)
        ),
    )  # fmt: skip


def payloads() -> dict[str, bytes]:
    """File name -> payload of each shape."""
    return {
        f"{str(event.__struct_config__.tag).replace('.', '-').replace('/', '-')}.json": msgspec.json.encode(event)
        for event in events()
    }
