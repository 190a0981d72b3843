"""Acts about content that is given away, destroyed, or looked for on the shelves: their events with fixed facts."""

from __future__ import annotations

import hashlib
from typing import Final
from uuid import UUID

import msgspec

from domain.access import FieldDisclosed
from domain.audit import AuditLine, AuditLinesListed, AuditRecorded, AuditRemarked, Outcome
from domain.disposition import DestructionCompleted, DestructionDecided, Ground, disposition_stream
from domain.event import Event
from domain.file import FileDestroyed
from domain.sealed import Sealed
from signing.seal import seal

STREAM: Final = UUID("0198aaaa-0000-8000-8000-00000000a0d1")
FILES: Final = tuple(UUID(int=0x0198AAAA00008000800000000000F100 + number) for number in range(3))
KEY: Final = hashlib.sha256(b"test content").digest()


def _sealed(value: str, version: int, pointer: str) -> Sealed:
    nonce = bytes(range(version, version + 12))
    return seal(KEY, f'"{value}"'.encode(), stream=STREAM, version=version, pointer=pointer, nonce=nonce)[0]


EVENTS: Final[dict[str, Event]] = {
    "access-field-disclosed-1.json": FieldDisclosed(
        recipient=_sealed("Bà Trần Thị Mẫu", 1, "/recipient"), records=FILES[:2], position=4_217, field="/Subject"
    ),
    "disposition-destruction-decided-1.json": DestructionDecided(
        file=FILES[0], ground=Ground.RETENTION_ENDED, basis="45/QĐ-UBND"
    ),
    "file-destroyed-1.json": FileDestroyed(
        decision=disposition_stream(FILES[0]), documents=FILES[1:], backups_until="2026-12-31"
    ),
    "disposition-destruction-completed-1.json": DestructionCompleted(file=FILES[0], on="2027-01-01"),
    "audit-recorded-1.json": AuditRecorded(
        seed="Xổ số miền Bắc 21/11/2026: 04812",
        size=123_456,
        root="q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=",
        stratum="all",
        files=1_034_567,
        digest=hashlib.sha256(b"ids").hexdigest(),
        found=1,
        missing=1,
        differs=1,
        on="2026-11-22",
        results=UUID("0198aaaa-0000-8000-8000-00000000e5a1"),
    ),
    "audit-lines-listed-1.json": AuditLinesListed(
        lines=(
            AuditLine(file=FILES[0], outcome=Outcome.FOUND, sheets=12),
            AuditLine(file=FILES[1], outcome=Outcome.MISSING),
            AuditLine(file=FILES[2], outcome=Outcome.DIFFERS, sheets=12, counted=11, damaged=True),
        )
    ),
    "audit-remarked-1.json": AuditRemarked(file=FILES[2], note=_sealed("Bìa rách", 3, "/note")),
}


def payloads() -> dict[str, bytes]:
    """File name -> the event's bytes."""
    return {name: msgspec.json.encode(event) for name, event in EVENTS.items()}
