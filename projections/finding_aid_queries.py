"""Questions to the finding aid: fonds, files and documents, one or a page of them, within a reader's scope."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

import msgspec

from domain.agency import Block
from domain.document import FieldReading
from domain.file import GateFault, Rights
from domain.fonds import CustodyLine
from domain.lot import RetentionClass, WorkState
from domain.sealed import SealedBlob
from projections import scope
from projections.asking import ask, ask_one
from projections.scope import AccessScope
from projections.view import Connection


class FondsRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A fonds. closed_from: first day on which nothing is added any more, empty while it is open."""

    id: UUID
    code: str
    name: str
    creators: tuple[UUID, ...]
    opened_from: str
    line: CustodyLine
    closed_from: str = ""


class FileRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file. title absent: its key was destroyed; destroyed: the act that says so, absent while it is kept.

    gate: `waiting`, `admitted` or `sent-back`, for the faults named. recorded: index of the act that registered
    it. lot: number of its paper lot in `ALL_LOT_KEYS`.
    """

    id: UUID
    fonds: UUID
    code: str
    retention: RetentionClass
    state: WorkState
    arranged: bool
    lot: int
    rights: Rights
    recorded: int
    gate: str
    digital: bool
    title: str | None = None
    retention_as_written: str = ""
    block: Block | None = None
    list_no: str = ""
    start_date: str = ""
    end_date: str = ""
    sheets: int = 0
    volumes: int = 1
    box: str = ""
    place: str = ""
    bundle: bool = False
    accession: UUID | None = None
    faults: tuple[GateFault, ...] = ()
    destroyed: int | None = None


class DocumentRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A document: as the worksheet describes it and, beside it (`read_`), as the machine read it.

    discrepancies: fields in which the two contradict. original, searchable, text: the ledger's commitments to the
    blobs, sealed for event `scan_version` of the document's stream.
    """

    id: UUID
    file: UUID
    ordinal: int
    recorded: int
    described: bool
    recognized: bool
    type_name: str = ""
    code_number: str = ""
    code_notation: str = ""
    number_key: str = ""
    issued_date: str = ""
    organ: str | None = None
    subject: str | None = None
    signer: str | None = None
    page_amount: int = 0
    read_type_name: str = ""
    read_code_number: str = ""
    read_code_notation: str = ""
    read_number_key: str = ""
    read_issued_date: str = ""
    read_organ: str | None = None
    read_subject: str | None = None
    read_signer: str | None = None
    readings: tuple[FieldReading, ...] = ()
    engine: str = ""
    discrepancies: tuple[str, ...] = ()
    scanned_pages: int = 0
    flags: tuple[str, ...] = ()
    scan_version: int | None = None
    original: SealedBlob | None = None
    searchable: SealedBlob | None = None
    text: SealedBlob | None = None


class MatchRow(msgspec.Struct, frozen=True, kw_only=True):
    """Two documents that are one paper in two fonds. recorded: act index."""

    reference: UUID
    other: UUID
    basis: str
    similarity: int
    recorded: int


class AccessionRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A delivery: rows of its worksheet, and how many became files."""

    id: UUID
    number: str
    rows: int
    registered: int
    recorded: int
    deliverer: UUID | None = None


class RefusedRowRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A row of a worksheet that was refused, and the code of the reason."""

    row_number: int
    code: str
    sheet: str = ""
    column_name: str = ""


_FONDS: Final = "SELECT {columns} FROM projection.fonds WHERE id = %(id)s"
_FONDS_OF: Final = (
    "SELECT {columns} FROM projection.fonds WHERE creators @> ARRAY[%(agency)s]::uuid[] ORDER BY code, id"
)
_FILE: Final = "SELECT {f.columns} FROM projection.file AS f WHERE f.id = %(id)s"
_FILE_BY_CODE: Final = "SELECT {f.columns} FROM projection.file AS f WHERE f.code = %(code)s ORDER BY f.id"
_FILES_OF: Final = f"""
SELECT {{f.columns}} FROM projection.file AS f
WHERE f.fonds = %(fonds)s AND (f.code, f.id) > (%(code)s COLLATE "C", %(id)s) AND {scope.WHERE}
ORDER BY f.code, f.id LIMIT %(limit)s
"""  # noqa: S608  constants
_DOCUMENT: Final = "SELECT {columns} FROM projection.document WHERE id = %(id)s"
_DOCUMENTS_OF: Final = "SELECT {columns} FROM projection.document WHERE file = %(file)s ORDER BY ordinal, id"
_MATCHES_OF: Final = """
SELECT {columns} FROM projection.document_match WHERE %(document)s IN (reference, other) AND ended IS NULL
ORDER BY recorded, other
"""
_ACCESSION: Final = "SELECT {columns} FROM projection.accession WHERE id = %(id)s"
_REFUSED: Final = """
SELECT {columns} FROM projection.refused_row WHERE accession = %(accession)s ORDER BY sheet, row_number, column_name
"""


def fonds(connection: Connection, id: UUID) -> FondsRow | None:  # noqa: A002  the column's word
    """The fonds, or None."""
    return ask_one(connection, FondsRow, _FONDS, id=id)


def fonds_of(connection: Connection, agency: UUID) -> list[FondsRow]:
    """The fonds an agency created, by code."""
    return ask(connection, FondsRow, _FONDS_OF, agency=agency)


def file(connection: Connection, id: UUID) -> FileRow | None:  # noqa: A002  the column's word
    """The file, or None. Whether the reader may see it is `scope.access_facts` and `domain.access.may_use`."""
    return ask_one(connection, FileRow, _FILE, id=id)


def files_by_code(connection: Connection, code: str) -> list[FileRow]:
    """Files with a FileCode; normally one."""
    return ask(connection, FileRow, _FILE_BY_CODE, code=code)


def files_of(
    connection: Connection, reader: AccessScope, fonds: UUID, limit: int = 50, after: tuple[str, UUID] | None = None
) -> list[FileRow]:
    """A page of a fonds' files that the reader may use, by code; `after`: the last (code, id) of the page before."""
    code, key = after or ("", UUID(int=0))
    facts: dict[str, Any] = {"fonds": fonds, "limit": limit, "code": code, "id": key, **reader.facts}
    return ask(connection, FileRow, _FILES_OF, **facts)


def document(connection: Connection, id: UUID) -> DocumentRow | None:  # noqa: A002  the column's word
    """The document, or None."""
    return ask_one(connection, DocumentRow, _DOCUMENT, id=id)


def documents_of(connection: Connection, file: UUID) -> list[DocumentRow]:
    """A file's documents in order."""
    return ask(connection, DocumentRow, _DOCUMENTS_OF, file=file)


def matches_of(connection: Connection, document: UUID) -> list[MatchRow]:
    """What a document is matched with, as reference or other; a match that was undone counts no more."""
    return ask(connection, MatchRow, _MATCHES_OF, document=document)


def accession(connection: Connection, id: UUID) -> AccessionRow | None:  # noqa: A002  the column's word
    """The delivery, or None."""
    return ask_one(connection, AccessionRow, _ACCESSION, id=id)


def refused_rows(connection: Connection, accession: UUID) -> list[RefusedRowRow]:
    """The rows of a delivery that were refused, in the worksheet's order."""
    return ask(connection, RefusedRowRow, _REFUSED, accession=accession)
