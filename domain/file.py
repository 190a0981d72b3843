"""File (hồ sơ): what retention, state, list lines and hand-over lines belong to; documents inherit.

The entry gate: a file may be digitized only if arranged, classified by block, its retention stated, neither
duplicate nor superfluous, not damaged (Decision 2112/QĐ-UBND of Hà Nội, project annex).
"""

from __future__ import annotations

from enum import StrEnum
from typing import assert_never
from uuid import UUID

import msgspec

from domain.agency import Block
from domain.civil_date import latest
from domain.errors import Refusal
from domain.event import Event
from domain.fonds import Fonds
from domain.identifiers import FileCode
from domain.lot import Carrier, LotKey, RetentionClass, WorkState
from domain.retention import Maintenance
from domain.sealed import Sealable


class Rights(StrEnum):
    """Chế độ sử dụng (TT 05/2025/TT-BNV code list): open, conditional, secret."""

    OPEN = "open"
    CONDITIONAL = "conditional"
    SECRET = "secret"  # noqa: S105 - a code list entry, not a credential


class GateFault(StrEnum):
    """Why a file may not be digitized yet."""

    NOT_ARRANGED = "gate-not-arranged"
    BLOCK_NOT_CLASSIFIED = "gate-block-not-classified"
    RETENTION_NOT_STATED = "gate-retention-not-stated"
    DUPLICATE = "gate-duplicate"
    SUPERFLUOUS = "gate-superfluous"
    DAMAGED = "gate-damaged"


class FileRegistered(Event, frozen=True, kw_only=True, tag="file.registered/1"):
    """A file, or a bundle that waits to become one, is known. `held_by` has its paper from `held_from` on."""

    FileCode: FileCode
    fonds: UUID
    Title: Sealable
    Maintenance: Maintenance
    state: WorkState
    arranged: bool
    held_by: UUID
    held_from: str
    block: Block | None = None
    list_no: str = ""
    StartDate: str = ""
    EndDate: str = ""
    Rights: Rights = Rights.OPEN
    sheets: int = 0
    volumes: int = 1
    box: str = ""
    place: str = ""
    bundle: bool = False
    accession: UUID | None = None


class FileAdmitted(Event, frozen=True, kw_only=True, tag="file.admitted/1"):
    """The file passed the entry gate and may be digitized."""


class FileSentBack(Event, frozen=True, kw_only=True, tag="file.sent-back/1"):
    """The file did not pass the entry gate, for the faults named."""

    faults: tuple[GateFault, ...]


class FileDigitized(Event, frozen=True, kw_only=True, tag="file.digitized/1"):
    """The file exists digitally from a day on, held by the agency that keeps the shared database."""

    held_by: UUID
    held_from: str


class FileDestroyed(Event, frozen=True, kw_only=True, tag="file.destroyed/1"):
    """What was sealed of the file and of the documents named is gone: key, ciphertexts, scans, projected text.

    decision: stream of its disposition. backups_until: the last civil day on which a back-up made before is kept.
    """

    decision: UUID
    documents: tuple[UUID, ...]
    backups_until: str


FileEvent = FileRegistered | FileAdmitted | FileSentBack | FileDigitized | FileDestroyed


class GateCheck(msgspec.Struct, frozen=True, kw_only=True):
    """What the delivering agency states about a file at the gate."""

    duplicate: bool = False
    superfluous: bool = False
    damaged: bool = False


class File(msgspec.Struct, frozen=True, kw_only=True):
    """The state of one file: what decisions need, nothing sealed. destroyed: its `backups_until`, empty while kept."""

    registered: FileRegistered
    admitted: bool = False
    digital: bool = False
    destroyed: str = ""

    def lot_key(self, carrier: Carrier) -> LotKey:
        """The lot that the file's carrier belongs to."""
        return lot_key(self.registered, carrier)


def lot_key(registered: FileRegistered, carrier: Carrier) -> LotKey:
    """The lot of a file as registered."""
    return LotKey(registered.Maintenance.retention, registered.state, registered.arranged, carrier)


def evolve(state: File | None, event: FileEvent) -> File | None:
    """Fold one event."""
    match event:
        case FileRegistered():
            return File(registered=event)
        case FileAdmitted():
            return None if state is None else msgspec.structs.replace(state, admitted=True)
        case FileSentBack():
            return None if state is None else msgspec.structs.replace(state, admitted=False)
        case FileDigitized():
            return None if state is None else msgspec.structs.replace(state, digital=True)
        case FileDestroyed():
            return None if state is None else msgspec.structs.replace(state, destroyed=event.backups_until)
        case _:
            assert_never(event)


def register(state: File | None, fonds: Fonds | None, fact: FileRegistered, check: GateCheck) -> list[Event]:
    """Register a file and judge it at the gate. Refused: `fonds-unknown`, `file-already-registered`.

    A bundle is not judged: the gate is for the files that it becomes.
    """
    if fonds is None:
        raise Refusal("fonds-unknown", code=fact.FileCode.text)
    if state is not None:
        raise Refusal("file-already-registered", code=fact.FileCode.text)
    if fact.bundle:
        return [fact]
    faults = gate_faults(fact, check)
    return [fact, FileSentBack(faults=faults) if faults else FileAdmitted()]


def gate_faults(fact: FileRegistered, check: GateCheck) -> tuple[GateFault, ...]:
    """Every reason why the file may not be digitized; empty where it may."""
    found = (
        (not fact.arranged, GateFault.NOT_ARRANGED),
        (fact.block is None, GateFault.BLOCK_NOT_CLASSIFIED),
        (fact.Maintenance.retention is RetentionClass.NOT_APPRAISED, GateFault.RETENTION_NOT_STATED),
        (check.duplicate, GateFault.DUPLICATE),
        (check.superfluous, GateFault.SUPERFLUOUS),
        (check.damaged, GateFault.DAMAGED),
    )
    return tuple(fault for is_faulty, fault in found if is_faulty)


def digitize(state: File | None, held_by: UUID, on: str) -> list[Event]:
    """Make the digital carrier, once. Refused: `file-unknown`, `file-destroyed`, `file-not-admitted`.

    A bundle delivered already scanned is received as it is; the gate guards paper that we are to scan.
    """
    if state is None:
        raise Refusal("file-unknown")
    if state.destroyed:
        raise Refusal("file-destroyed", code=state.registered.FileCode.text)
    if not state.admitted and not state.registered.bundle:
        raise Refusal("file-not-admitted", code=state.registered.FileCode.text)
    return [] if state.digital else [FileDigitized(held_by=held_by, held_from=on)]


def closing_year(file: FileRegistered) -> int | None:
    """The year in which a finished file was closed; None when it is unfinished or its end is not known."""
    if file.state is not WorkState.FINISHED or not file.EndDate:
        return None
    try:
        return latest(file.EndDate).year
    except (ValueError, Refusal):
        return None  # the ledger keeps what was written; a date that is none gives no year


def why_undated(file: FileRegistered, closed: int | None) -> str:
    """Why no year can be named at whose end its retention is over, empty where one can. closed: its `closing_year`."""
    kept = file.Maintenance
    if kept.retention is RetentionClass.PERMANENT:
        return "permanent"
    if kept.retention is RetentionClass.NOT_APPRAISED:
        return "not-appraised"
    if file.state is not WorkState.FINISHED:
        return "unfinished"
    if kept.years <= 0:
        return "no-fixed-period"
    return "closing-unknown" if closed is None else ""
