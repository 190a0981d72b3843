"""Files to be destroyed: a small archive whose sealed titles, names, texts and scans nobody could mistake."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Final
from uuid import UUID

import msgspec

from domain.administrative_unit import Level, UnitEstablished, UnitKind
from domain.agency import AgencyEstablished, AgencyKind, Block
from domain.document import DocumentDescribed, DocumentDigitized, DocumentRecognized
from domain.file import FileRegistered, GateCheck
from domain.fonds import CustodyLine, FondsOpened
from domain.identifiers import FileCode
from domain.lot import RetentionClass, WorkState
from domain.retention import Maintenance
from domain.sealed import Plain, SealedBlob
from ledger.act_id import new_act_id
from ledger.commands.accession import Delivery, DocumentEntry, FileEntry, receive
from ledger.commands.administrative_unit import AgencyEntry, UnitEntry, record_units
from ledger.commands.document import Scan, digitize
from ledger.sealer import BlobPlain
from mocban.bootstrap import Product
from mocban.offices import Office

AGENCY: Final = "DT.01"
FONDS: Final = "DT.F1"
DOCUMENTS: Final = 2


class SealedDocument(msgspec.Struct, frozen=True, kw_only=True):
    """subject, text: what only this document says."""

    id: UUID
    subject: str
    signer: str
    text: str
    blobs: tuple[SealedBlob, ...]


class SealedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file and all that is sealed of it."""

    id: UUID
    code: str
    title: str
    documents: tuple[SealedDocument, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """Texts that stand in this file and in no other."""
        return (self.title, *(word for one in self.documents for word in (one.subject, one.signer, one.text)))

    @property
    def streams(self) -> tuple[UUID, ...]:
        """The file, then its documents."""
        return (self.id, *(one.id for one in self.documents))


def make_files(product: Product, count: int) -> list[SealedFile]:
    """Record a unit, an agency and its fonds, then `count` files past their retention, with scans."""
    _record_body(product)
    files = [_planned(product, number) for number in range(count)]
    agency = product.naming.agency(AGENCY)
    accession = product.naming.other("accession", "drill")
    entries = [_entry(product, number, file) for number, file in enumerate(files)]
    delivery = Delivery(
        accession=accession,
        number="DT-1",
        digest="0" * 64,
        rows=count,
        files=entries,
        documents=[described for file in files for described in _described(file)],
        refused=(),
    )
    receive(product.main, product.actor(Office.ARCHIVIST), new_act_id(), delivery)
    return [_scanned(product, file, agency) for file in files]


def _record_body(product: Product) -> None:
    naming = product.naming
    unit, agency, fonds = naming.unit("00001", "2020-01-01"), naming.agency(AGENCY), naming.fonds(FONDS)
    body = AgencyEntry(
        agency=agency,
        fact=AgencyEstablished(
            name="Ủy ban nhân dân xã Diễn Tập",
            block=Block.GOVERNMENT,
            kind=AgencyKind.PEOPLES_COMMITTEE,
            unit=unit,
            code=AGENCY,
            valid_from="2000-01-01",
        ),
        fonds=fonds,
        fonds_fact=FondsOpened(
            code=FONDS, name="Phông xã Diễn Tập", creators=(agency,), opened_from="2000-01-01", line=CustodyLine.STATE
        ),
    )
    place = UnitEstablished(
        name="Xã Diễn Tập", kind=UnitKind.COMMUNE, level=Level.COMMUNE, code="00001", valid_from="2000-01-01"
    )
    entry = UnitEntry(unit=unit, fact=place, agencies=(body,))
    record_units(product.main, product.actor(Office.ARCHIVIST), new_act_id(), [entry])


def _planned(product: Product, number: int) -> SealedFile:
    code = FileCode(OrganId=AGENCY, FileCatalog=2001, FileNotation=f"H{number:03}")
    documents = tuple(
        SealedDocument(
            id=product.naming.document(code, ordinal),
            subject=f"Trích yếu {_word()}",
            signer=f"Người ký {_word()}",
            text=f"Toàn văn {_word()}",
            blobs=(),
        )
        for ordinal in range(1, DOCUMENTS + 1)
    )
    return SealedFile(id=product.naming.file(code), code=code.text, title=f"Tiêu đề {_word()}", documents=documents)


def _word() -> str:
    """Letters that occur nowhere else, and that a search index keeps as one word."""
    return "zq" + secrets.token_hex(10)


def _entry(product: Product, number: int, file: SealedFile) -> FileEntry:
    fact = FileRegistered(
        FileCode=FileCode(OrganId=AGENCY, FileCatalog=2001, FileNotation=f"H{number:03}"),
        fonds=product.naming.fonds(FONDS),
        Title=Plain(file.title),
        Maintenance=Maintenance(retention=RetentionClass.TEMPORARY, years=10, as_written="10 năm"),
        state=WorkState.FINISHED,
        arranged=True,
        held_by=product.naming.agency(AGENCY),
        held_from="2001-01-01",
        block=Block.GOVERNMENT,
        EndDate="2001-12-31",
        sheets=12,
        box=f"H{number // 5}",
        place="Kho 1/Giá 1",
    )
    return FileEntry(row=number + 2, file=file.id, fact=fact, check=GateCheck())


def _described(file: SealedFile) -> Iterator[DocumentEntry]:
    for ordinal, one in enumerate(file.documents, start=1):
        fact = DocumentDescribed(
            file=file.id,
            DocOrdinal=ordinal,
            PageAmount=1,
            Subject=Plain(one.subject),
            SignerInfo=Plain(one.signer),
        )
        yield DocumentEntry(row=ordinal, document=one.id, fact=fact)


def _scanned(product: Product, file: SealedFile, agency: UUID) -> SealedFile:
    documents = []
    for ordinal, one in enumerate(file.documents, start=1):
        data = {"application/pdf": f"%PDF {one.text}".encode(), "text/plain": one.text.encode()}
        plain = [
            BlobPlain(owner=file.id, stream=one.id, blob=new_act_id(), media=media, data=content)
            for media, content in data.items()
        ]
        original, text = product.sealer.seal_blobs(plain)
        scan = Scan(
            document=one.id,
            described=None,
            digitized=DocumentDigitized(
                file=file.id, DocOrdinal=ordinal, original=original, searchable=original, text=text, PageAmount=1
            ),
            recognized=DocumentRecognized(readings=(), engine="drill", Subject=Plain(one.subject)),
        )
        digitize(product.main, product.actor(Office.DIGITIZER), new_act_id(), scan, agency, "2025-07-01")
        product.fixity.record(data["application/pdf"], one.id, file.id)
        documents.append(msgspec.structs.replace(one, blobs=(original, text)))
    return msgspec.structs.replace(file, documents=tuple(documents))
