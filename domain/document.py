"""Document (văn bản): one paper in a file, by its ordinal; its scan, what the worksheet says, what was read."""

from __future__ import annotations

from enum import StrEnum
from typing import assert_never
from uuid import UUID

import msgspec

from domain.errors import Refusal
from domain.event import Event
from domain.identifiers import number_key
from domain.sealed import Sealable, SealedBlob


class ReadingState(StrEnum):
    """How far a value that a machine read may be relied on."""

    SURE = "sure"
    DOUBTFUL = "doubtful"
    UNREAD = "unread"


class DocumentDescribed(Event, frozen=True, kw_only=True, tag="document.described/1"):
    """What the worksheet says of a document (Decree 30/2020 App. VI; TT 05/2025/TT-BNV)."""

    file: UUID
    DocOrdinal: int
    TypeName: str = ""
    CodeNumber: str = ""
    CodeNotation: str = ""
    IssuedDate: str = ""
    PageAmount: int = 0
    OrganName: Sealable | None = None
    Subject: Sealable | None = None
    SignerInfo: Sealable | None = None


class DocumentDigitized(Event, frozen=True, kw_only=True, tag="document.digitized/1"):
    """A scan was received: the original as delivered, the searchable PDF made of it, the text read from it."""

    file: UUID
    DocOrdinal: int
    original: SealedBlob
    searchable: SealedBlob
    text: SealedBlob
    PageAmount: int
    flags: tuple[str, ...] = ()
    delivered_as: Sealable | None = None


class FieldReading(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How one field was read: confidence 0-100 and how far it may be relied on."""

    field: str
    confidence: int
    state: ReadingState


class DocumentRecognized(Event, frozen=True, kw_only=True, tag="document.recognized/1"):
    """What the machine read. It stands beside the description and never replaces it.

    evidence: pages, lines, boxes and likeness signature, as JSON.
    """

    readings: tuple[FieldReading, ...]
    engine: str
    evidence: SealedBlob | None = None
    TypeName: str = ""
    CodeNumber: str = ""
    CodeNotation: str = ""
    IssuedDate: str = ""
    OrganName: Sealable | None = None
    Subject: Sealable | None = None
    SignerInfo: Sealable | None = None


class DiscrepancyNoted(Event, frozen=True, kw_only=True, tag="document.discrepancy-noted/1"):
    """The reading contradicts the worksheet in the fields named; an officer must look."""

    fields: tuple[str, ...]


class DuplicateDelivered(Event, frozen=True, kw_only=True, tag="document.duplicate-delivered/1"):
    """The very same bytes were delivered again for `file`; nothing new was stored."""

    file: UUID
    delivered_as: Sealable | None = None


class DocumentsMatched(Event, frozen=True, kw_only=True, tag="documents.matched/1"):
    """The documents are one and the same paper in several fonds; provenance of all is kept."""

    reference: UUID
    others: tuple[UUID, ...]
    basis: str
    similarity: int = 0


class DocumentsUnmatched(Event, frozen=True, kw_only=True, tag="documents.unmatched/1"):
    """The documents are not one and the same after all; each stands by itself again. On the match's own stream."""

    reference: UUID
    others: tuple[UUID, ...]
    basis: str


MatchEvent = DocumentsMatched | DocumentsUnmatched
DocumentEvent = DocumentDescribed | DocumentDigitized | DocumentRecognized | DiscrepancyNoted | DuplicateDelivered


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """The state of one document."""

    file: UUID
    ordinal: int
    digitized: bool = False


def evolve(state: Document | None, event: DocumentEvent) -> Document | None:
    """Fold one event."""
    match event:
        case DocumentDescribed():
            return Document(file=event.file, ordinal=event.DocOrdinal, digitized=state is not None and state.digitized)
        case DocumentDigitized():
            return Document(file=event.file, ordinal=event.DocOrdinal, digitized=True)
        case DocumentRecognized() | DiscrepancyNoted() | DuplicateDelivered():
            return state
        case _:
            assert_never(event)


def describe(state: Document | None, fact: DocumentDescribed) -> list[Event]:
    """Record what the worksheet says. Refused: `document-already-described`."""
    if state is not None:
        raise Refusal("document-already-described", ordinal=fact.DocOrdinal)
    return [fact]


def digitize(
    state: Document | None,
    described: DocumentDescribed | None,
    scan: DocumentDigitized,
    read: DocumentRecognized,
) -> list[Event]:
    """Take in a scan with its reading, naming every contradiction. Refused: `document-already-digitized`."""
    if state is not None and state.digitized:
        raise Refusal("document-already-digitized", ordinal=scan.DocOrdinal)
    fields = contradictions(described, read) if described else ()
    return [scan, read, *([DiscrepancyNoted(fields=fields)] if fields else [])]


def contradictions(described: DocumentDescribed, read: DocumentRecognized) -> tuple[str, ...]:
    """The fields in which both say something and do not say the same; partial dates agree as far as they go."""
    found = []
    if _differ(number_key(described.CodeNumber, ""), number_key(read.CodeNumber, "")):
        found.append("CodeNumber")
    if _differ(number_key("", described.CodeNotation), number_key("", read.CodeNotation)):
        found.append("CodeNotation")
    as_far_as_both = min(len(described.IssuedDate), len(read.IssuedDate))
    if described.IssuedDate[:as_far_as_both] != read.IssuedDate[:as_far_as_both]:
        found.append("IssuedDate")
    return tuple(found)


def _differ(described: str, read: str) -> bool:
    """Whether two normalized values both say something (`0` is nothing said) and not the same."""
    return "0" not in (described, read) and described != read


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """The state of one match. undone: it was found to be wrong."""

    fact: DocumentsMatched
    undone: bool = False


def evolve_match(state: Match | None, event: MatchEvent) -> Match | None:
    """Fold one event."""
    match event:
        case DocumentsMatched():
            return Match(fact=event)
        case DocumentsUnmatched():
            return None if state is None else msgspec.structs.replace(state, undone=True)
        case _:
            assert_never(event)


def match_documents(
    documents: dict[UUID, Document | None], fact: DocumentsMatched, state: Match | None = None
) -> list[Event]:
    """Match documents of several files. Refused: `match-needs-two`, `document-unknown`, `match-within-file`,
    `match-already`.
    """
    if state is not None and not state.undone:
        raise Refusal("match-already")
    named = (fact.reference, *fact.others)
    if len(set(named)) < 2 or len(set(named)) != len(named):
        raise Refusal("match-needs-two")
    found = [documents.get(one) for one in named]
    if any(one is None for one in found):
        raise Refusal("document-unknown")
    if len({one.file for one in found if one is not None}) < 2:
        raise Refusal("match-within-file")
    return [fact]


def unmatch_documents(state: Match | None, basis: str) -> list[Event]:
    """Undo a match. Refused: `match-unknown`, `match-already-undone`."""
    if state is None:
        raise Refusal("match-unknown")
    if state.undone:
        raise Refusal("match-already-undone")
    return [DocumentsUnmatched(reference=state.fact.reference, others=state.fact.others, basis=basis)]
