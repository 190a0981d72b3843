"""Documents of one page of the finding aid: described, scanned, read, contradicted, matched, delivered again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

import msgspec

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
from domain.identifiers import number_key
from projections import finding_aid_tables as tables
from projections.array_text import array_text
from projections.page_rows import AppendedRows, KeyedRows
from projections.sealed_text import OpenedText
from projections.view import Cursor, Recorded

OF_DOCUMENTS: Final[frozenset[type[Event]]] = frozenset(
    {
        DocumentDescribed,
        DocumentDigitized,
        DocumentRecognized,
        DiscrepancyNoted,
        DuplicateDelivered,
        DocumentsMatched,
        DocumentsUnmatched,
    }
)
"""The kinds of events that `DocumentsPage` takes."""

_NOTHING_KNOWN: Final[dict[str, Any]] = {
    "described": False,
    "type_name": "",
    "code_number": "",
    "code_notation": "",
    "number_key": "",
    "issued_date": "",
    "organ": None,
    "subject": None,
    "signer": None,
    "page_amount": 0,
    "recognized": False,
    "read_type_name": "",
    "read_code_number": "",
    "read_code_notation": "",
    "read_number_key": "",
    "read_issued_date": "",
    "read_organ": None,
    "read_subject": None,
    "read_signer": None,
    "readings": "[]",
    "engine": "",
    "discrepancies": "{}",
    "scanned_pages": 0,
    "flags": "{}",
    "scan_version": None,
    "original": None,
    "searchable": None,
    "text": None,
}
_SEALED_TEXTS: Final[dict[str, Any]] = dict.fromkeys(
    ("organ", "subject", "signer", "read_organ", "read_subject", "read_signer")
)
_FORGET_DELIVERIES: Final = b"UPDATE duplicate_delivery SET delivered_as = NULL WHERE document = ANY(%s)"
# What was matched again since then stays matched.
_UNMATCH: Final = b"""
UPDATE document_match AS m SET ended = u.act, ended_basis = u.basis
FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::bigint[]) AS u (reference, other, basis, act)
WHERE m.reference = u.reference AND m.other = u.other AND m.ended IS NULL AND m.recorded < u.act
"""


class DocumentsPage:
    """Gathers a page's rows about documents."""

    def __init__(self, texts: OpenedText) -> None:
        self._texts = texts
        self._documents = KeyedRows(tables.DOCUMENT)
        self._matches = AppendedRows(tables.DOCUMENT_MATCH)
        self._unmatched: list[tuple[UUID, UUID, str, int]] = []
        self._again = AppendedRows(tables.DUPLICATE_DELIVERY)
        self._forgotten: list[UUID] = []

    def take(self, recorded: Recorded) -> None:
        """Fold one event."""
        stream = recorded.stream
        match recorded.event:
            case DocumentDescribed() as described:
                self._describe(recorded, described)
            case DocumentDigitized() as scan:
                self._scan(recorded, scan)
            case DocumentRecognized() as read:
                self._read(recorded, read)
            case DiscrepancyNoted() as noted:
                self._documents.change(stream, discrepancies=array_text(noted.fields))
            case DuplicateDelivered() as again:
                self._again.add(stream, again.file, self._texts.of(recorded, "delivered_as"), recorded.act_index)
            case DocumentsMatched() as matched:
                for other in matched.others:
                    self._matches.add(matched.reference, other, matched.basis, matched.similarity, recorded.act_index)
            case DocumentsUnmatched() as undone:
                act = recorded.act_index
                self._unmatched += [(undone.reference, other, undone.basis, act) for other in undone.others]
            case _:
                pass

    def forget(self, documents: Iterable[UUID]) -> None:
        """What was sealed of them is destroyed: let them be as a rebuild, which cannot open it, will have them."""
        for document in documents:
            self._documents.change(document, **_SEALED_TEXTS)
            self._forgotten.append(document)

    def write(self, cursor: Cursor) -> None:
        """Write what was gathered."""
        self._documents.write(cursor)
        self._matches.write(cursor)
        if self._unmatched:
            cursor.execute(_UNMATCH, [array_text(column) for column in zip(*self._unmatched, strict=True)])
        self._again.write(cursor)
        if self._forgotten:
            cursor.execute(_FORGET_DELIVERIES, (self._forgotten,))

    def _known(self, recorded: Recorded, file: UUID, ordinal: int, facts: dict[str, Any]) -> None:
        """A document begins with its stream, described or scanned first."""
        if recorded.version == 1:
            begun = {"file": file, "ordinal": ordinal, "recorded": recorded.act_index, **_NOTHING_KNOWN, **facts}
            self._documents.begin(recorded.stream, **begun)
        else:
            self._documents.change(recorded.stream, file=file, ordinal=ordinal, **facts)

    def _describe(self, recorded: Recorded, described: DocumentDescribed) -> None:
        facts = {
            "described": True,
            "type_name": described.TypeName,
            "code_number": described.CodeNumber,
            "code_notation": described.CodeNotation,
            "number_key": searched_key(described.CodeNumber, described.CodeNotation),
            "issued_date": described.IssuedDate,
            "organ": self._texts.of(recorded, "OrganName"),
            "subject": self._texts.of(recorded, "Subject"),
            "signer": self._texts.of(recorded, "SignerInfo"),
            "page_amount": described.PageAmount,
        }
        self._known(recorded, described.file, described.DocOrdinal, facts)

    def _scan(self, recorded: Recorded, scan: DocumentDigitized) -> None:
        facts = {
            "scanned_pages": scan.PageAmount,
            "flags": array_text(scan.flags),
            "scan_version": recorded.version,
            "original": msgspec.json.encode(scan.original).decode(),
            "searchable": msgspec.json.encode(scan.searchable).decode(),
            "text": msgspec.json.encode(scan.text).decode(),
        }
        self._known(recorded, scan.file, scan.DocOrdinal, facts)

    def _read(self, recorded: Recorded, read: DocumentRecognized) -> None:
        self._documents.change(
            recorded.stream,
            recognized=True,
            read_type_name=read.TypeName,
            read_code_number=read.CodeNumber,
            read_code_notation=read.CodeNotation,
            read_number_key=searched_key(read.CodeNumber, read.CodeNotation),
            read_issued_date=read.IssuedDate,
            read_organ=self._texts.of(recorded, "OrganName"),
            read_subject=self._texts.of(recorded, "Subject"),
            read_signer=self._texts.of(recorded, "SignerInfo"),
            readings=msgspec.json.encode(read.readings).decode(),
            engine=read.engine,
        )


def searched_key(number: str, notation: str) -> str:
    """The number key of a document that has a number or a symbol; empty where it has neither."""
    return number_key(number, notation) if number or notation else ""
