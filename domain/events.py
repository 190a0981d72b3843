"""Every event there is, by its permanent name. A name once here is never removed and never changes its shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from domain.access import FieldDisclosed, ReadDenied, RecordRead
from domain.access_grant import AccessEnded, AccessGranted
from domain.accession import AccessionReceived, RowsRefused
from domain.administrative_unit import UnitBoundaryAdjusted, UnitEnded, UnitEstablished, UnitRenamed, UnitSeparated
from domain.agency import AgencyBoundaryAdjusted, AgencyEnded, AgencyEstablished, AgencyRenamed, AgencySeparated
from domain.audit import AuditLinesListed, AuditRecorded, AuditRemarked
from domain.child_lot import LotAssigned, LotCarved, LotFilesListed, LotFilesReturned
from domain.container import (
    ContainerLent,
    ContainerMoved,
    ContainerOpened,
    ContainerRegistered,
    ContainerResealed,
    ContainerReturned,
)
from domain.continuation import FileContinued
from domain.creatorship import FondsWentOn
from domain.disposition import DestructionCompleted, DestructionDecided
from domain.document import (
    DiscrepancyNoted,
    DocumentDescribed,
    DocumentDigitized,
    DocumentRecognized,
    DocumentsMatched,
    DocumentsUnmatched,
    DuplicateDelivered,
)
from domain.event import Event
from domain.file import FileAdmitted, FileDestroyed, FileDigitized, FileRegistered, FileSentBack
from domain.fonds import FondsOpened
from domain.handover import (
    CustodyHandedOver,
    CustodyHandedOverV1,
    DisputesSettled,
    HandoverProposed,
    HandoverProposedV1,
    HandoverWithdrawn,
    InventoryListed,
    LinesDisputed,
)
from domain.lineage import LineageReconstructed
from domain.listed_changes import AgencyChangesListed, UnitFormsListed
from domain.principal import PrincipalAppointed, PrincipalAppointedV1
from domain.reorganization import (
    BodiesListed,
    ChangesListed,
    FondsAssigned,
    ReorganizationAdopted,
    ReorganizationCompleted,
    ReorganizationCorrected,
    ReorganizationDrafted,
    ReorganizationEnacted,
    ReorganizationWithdrawn,
    RulesListed,
)
from domain.single_file import FileAssigned, FileReassigned, FileRejoined

_ALL: Final[tuple[type[Event], ...]] = (
    UnitEstablished,
    UnitEnded,
    UnitRenamed,
    UnitSeparated,
    UnitBoundaryAdjusted,
    AgencyEstablished,
    AgencyEnded,
    AgencyRenamed,
    AgencySeparated,
    AgencyBoundaryAdjusted,
    FondsOpened,
    FondsWentOn,
    AccessionReceived,
    RowsRefused,
    FileRegistered,
    FileAdmitted,
    FileSentBack,
    FileDigitized,
    DocumentDescribed,
    DocumentDigitized,
    DocumentRecognized,
    DiscrepancyNoted,
    DuplicateDelivered,
    DocumentsMatched,
    DocumentsUnmatched,
    PrincipalAppointed,
    ReorganizationDrafted,
    ChangesListed,
    BodiesListed,
    UnitFormsListed,
    AgencyChangesListed,
    RulesListed,
    ReorganizationAdopted,
    ReorganizationWithdrawn,
    ReorganizationEnacted,
    ReorganizationCorrected,
    ReorganizationCompleted,
    FondsAssigned,
    LineageReconstructed,
    FileContinued,
    FileAssigned,
    FileRejoined,
    FileReassigned,
    LotCarved,
    LotFilesListed,
    LotFilesReturned,
    LotAssigned,
    HandoverProposed,
    InventoryListed,
    HandoverWithdrawn,
    LinesDisputed,
    CustodyHandedOver,
    DisputesSettled,
    RecordRead,
    ReadDenied,
    FieldDisclosed,
    DestructionDecided,
    FileDestroyed,
    DestructionCompleted,
    AuditRecorded,
    AuditLinesListed,
    AuditRemarked,
    ContainerRegistered,
    ContainerMoved,
    ContainerOpened,
    ContainerResealed,
    ContainerLent,
    ContainerReturned,
    AccessGranted,
    AccessEnded,
)

_EARLIER: Final[tuple[type[Event], ...]] = (PrincipalAppointedV1, HandoverProposedV1, CustodyHandedOverV1)
"""Shapes that are read and no longer written; `ledger.mapper.UPCASTERS` raises each to the next."""


def event_type(kind: type[Event]) -> str:
    """The permanent name of an event's class."""
    tag = kind.__struct_config__.tag
    assert isinstance(tag, str)
    return tag


EVENT_TYPES: Final[Mapping[str, type[Event]]] = {event_type(kind): kind for kind in (*_ALL, *_EARLIER)}
"""Permanent name -> class, of every event but those of the key registry and the log, which join in the mapper."""
