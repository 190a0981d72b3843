"""From a worksheet as read to a delivery that can be recorded: codes become ids, rules become retention."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import msgspec

from digitization.worksheet import Worksheet
from digitization.worksheet_rows import DocumentRow, FileRow
from domain.accession import RefusedRow
from domain.civil_date import earliest
from domain.document import DocumentDescribed
from domain.errors import Refusal
from domain.file import FileRegistered, GateCheck
from domain.identifiers import FileCode, Naming
from domain.retention import RetentionRule, appraise
from domain.sealed import Plain, Sealable
from ledger.commands.accession import Delivery, DocumentEntry, FileEntry


class DeliveryTerms(msgspec.Struct, frozen=True, kw_only=True):
    """What a delivery is read against.

    creators: fonds code -> code of its creator; rules: retention rules by id; received_on: civil day.
    """

    naming: Naming
    creators: Mapping[str, str]
    rules: Mapping[str, RetentionRule]
    received_on: str


def delivery_of(
    sheet: Worksheet, number: str, digest: str, terms: DeliveryTerms, known_codes: Mapping[str, FileCode] = {}
) -> Delivery:
    """The delivery `number` (the accession's own number) that the worksheet with SHA-256 `digest` (hex) speaks of.

    known_codes: the codes of files that documents belong to and that are not in `sheet`.
    """
    codes = {**known_codes, **{row.file_code: FileCode(row.organ_id, row.catalog, row.notation) for row in sheet.files}}
    accession = terms.naming.other("accession", number)
    return Delivery(
        accession=accession,
        number=number,
        digest=digest,
        rows=len(sheet.files) + len(sheet.documents) + len({_place(refusal)[:2] for refusal in sheet.refusals}),
        files=tuple(_file_entry(row, codes[row.file_code], accession, terms) for row in sheet.files),
        documents=tuple(_document_entry(row, codes[row.file_code], terms.naming) for row in sheet.documents),
        refused=tuple(refused_row(refusal) for refusal in sheet.refusals),
    )


def refused_row(refusal: Refusal) -> RefusedRow:
    """A refusal of the worksheet's reader as the ledger keeps it: where and why, nothing of what was written."""
    sheet, row, column = _place(refusal)
    return RefusedRow(row=row, code=refusal.code, sheet=sheet, column=column)


def _place(refusal: Refusal) -> tuple[str, int, str]:
    facts = refusal.facts
    row = facts.get("row", 0)
    return str(facts.get("sheet", "")), row if isinstance(row, int) else 0, str(facts.get("column", ""))


def _file_entry(row: FileRow, code: FileCode, accession: UUID, terms: DeliveryTerms) -> FileEntry:
    naming = terms.naming
    fact = FileRegistered(
        FileCode=code,
        fonds=naming.fonds(row.fonds),
        Title=Plain(row.title),
        Maintenance=appraise(row.retention, terms.rules.get(row.retention_rule), row.appraised_on, terms.received_on),
        state=row.state,
        arranged=row.arranged,
        held_by=naming.agency(row.holder),
        held_from=_held_from(row, terms),
        block=row.block,
        list_no=row.list_no,
        StartDate=row.start,
        EndDate=row.end,
        Rights=row.rights,
        sheets=row.sheets,
        volumes=row.volumes,
        box=row.box,
        place=", ".join(part for part in (row.repository, row.shelf) if part),
        accession=accession,
    )
    check = GateCheck(duplicate=row.duplicate, superfluous=row.superfluous, damaged=row.damaged)
    twin = naming.file(code.in_capitals) if code.in_capitals != code else None
    return FileEntry(row=row.row, file=naming.file(code), fact=fact, check=check, in_capitals=twin)


def _held_from(row: FileRow, terms: DeliveryTerms) -> str:
    """A body has its own papers from their first day on; of another's we know only that they lay there today."""
    own = terms.creators.get(row.fonds) == row.holder
    return earliest(row.start).isoformat() if own and row.start else terms.received_on


def _document_entry(row: DocumentRow, code: FileCode, naming: Naming) -> DocumentEntry:
    fact = DocumentDescribed(
        file=naming.file(code),
        DocOrdinal=row.ordinal,
        TypeName=row.type_name,
        CodeNumber=row.number,
        CodeNotation=row.notation,
        IssuedDate=row.issued,
        PageAmount=row.pages,
        OrganName=_plain(row.organ_name),
        Subject=_plain(row.subject),
        SignerInfo=signer(row.signer, row.signer_position),
    )
    return DocumentEntry(row=row.row, document=naming.document(code, row.ordinal), fact=fact, scan=row.scan)


def _plain(text: str) -> Sealable | None:
    return Plain(text) if text else None


def signer(name: str, position: str) -> Sealable | None:
    """SignerInfo (Decree 30/2020 App. VI): position and full name, as far as given."""
    given = {"FullName": name, "Position": position}
    return Plain({key: value for key, value in given.items() if value}) if name or position else None
