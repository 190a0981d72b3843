"""Finding aid (công cụ tra cứu): fonds, files, documents and accessions, as described and as read.

What the machine read stands beside what the worksheet says and never replaces it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from domain.accession import AccessionReceived, RowsRefused
from domain.document import DocumentDescribed, DocumentRecognized, DuplicateDelivered
from domain.event import Event
from domain.file import FileAdmitted, FileDestroyed, FileDigitized, FileRegistered, FileSentBack
from domain.fonds import FondsOpened
from domain.lot import Carrier
from domain.reorganization import FondsAssigned
from projections import finding_aid_tables as tables
from projections.array_text import array_text
from projections.creatorship import CREATORSHIP_EVENTS, CREATORSHIP_TABLES, CreatorshipRows
from projections.documents_page import OF_DOCUMENTS, DocumentsPage
from projections.lot_number import lot_number
from projections.page_rows import AppendedRows, KeyedRows
from projections.sealed_text import OpenedText, SealedText
from projections.view import Cursor, Recorded

_SEALED: Final[dict[type[Event], tuple[str, ...]]] = {
    FileRegistered: ("Title",),
    DocumentDescribed: ("OrganName", "Subject", "SignerInfo"),
    DocumentRecognized: ("OrganName", "Subject", "SignerInfo"),
    DuplicateDelivered: ("delivered_as",),
}


class FindingAid:
    """The view."""

    name = "finding_aid"
    tables = (
        "fonds", "file", "document", "document_match", "duplicate_delivery", "accession", "refused_row",
        *CREATORSHIP_TABLES,
    )  # fmt: skip
    reads: frozenset[type[Event]] = frozenset(
        {
            FondsOpened,
            FondsAssigned,
            FileRegistered,
            FileAdmitted,
            FileSentBack,
            FileDigitized,
            FileDestroyed,
            AccessionReceived,
            RowsRefused,
            *OF_DOCUMENTS,
            *CREATORSHIP_EVENTS,
        }
    )

    def __init__(self, texts: SealedText) -> None:
        self._texts = texts

    def fold(self, cursor: Cursor, page: Sequence[Recorded]) -> None:
        """Write what the page changes."""
        texts = self._texts.opened(_sealed_members(page))
        files = _FilesPage(texts)
        documents = DocumentsPage(texts)
        for recorded in page:
            (documents if type(recorded.event) in OF_DOCUMENTS else files).take(recorded)
            if isinstance(gone := recorded.event, FileDestroyed):
                files.forget(recorded)
                documents.forget(gone.documents)
        files.write(cursor)
        documents.write(cursor)


def _sealed_members(page: Sequence[Recorded]) -> Iterator[tuple[Recorded, str]]:
    for recorded in page:
        for member in _SEALED.get(type(recorded.event), ()) if recorded.event is not None else ():
            yield recorded, member


class _FilesPage:
    """Fonds, files and accessions of one page."""

    def __init__(self, texts: OpenedText) -> None:
        self._texts = texts
        self._fonds = KeyedRows(tables.FONDS)
        self._files = KeyedRows(tables.FILE)
        self._accessions = AppendedRows(tables.ACCESSION)
        self._refused = AppendedRows(tables.REFUSED_ROW)
        self._creatorships = CreatorshipRows()

    def take(self, recorded: Recorded) -> None:
        stream = recorded.stream
        match recorded.event:
            case FileRegistered() as file:
                self._begin_file(recorded, file)
            case FileAdmitted():
                self._files.change(stream, gate="admitted", faults="{}")
            case FileSentBack() as sent:
                self._files.change(stream, gate="sent-back", faults=array_text(sent.faults))
            case FileDigitized():
                self._files.change(stream, digital=True)
            case FondsOpened() as fonds:
                self._fonds.begin(
                    stream,
                    code=fonds.code,
                    name=fonds.name,
                    creators=array_text(fonds.creators),
                    opened_from=fonds.opened_from,
                    closed_from="",
                    line=fonds.line,
                )
            case FondsAssigned() as assigned if assigned.closes:
                self._fonds.change(assigned.fonds, closed_from=assigned.effective)
            case AccessionReceived() as got:
                self._accessions.add(stream, got.number, got.rows, got.registered, got.deliverer, recorded.act_index)
            case RowsRefused() as rows:
                for row in rows.refused:
                    self._refused.add(stream, row.row, row.code, row.sheet, row.column)
            case _:
                self._creatorships.take(recorded)

    def forget(self, destroyed: Recorded) -> None:
        """The title is gone, and the act that says so is kept."""
        self._files.change(destroyed.stream, title=None, destroyed=destroyed.act_index)

    def _begin_file(self, recorded: Recorded, file: FileRegistered) -> None:
        self._files.begin(
            recorded.stream,
            fonds=file.fonds,
            code=file.FileCode.text,
            title=self._texts.of(recorded, "Title"),
            retention=file.Maintenance.retention,
            retention_as_written=file.Maintenance.as_written,
            state=file.state,
            arranged=file.arranged,
            lot=lot_number(file, Carrier.PAPER),
            block=file.block or "",
            list_no=file.list_no,
            start_date=file.StartDate,
            end_date=file.EndDate,
            rights=file.Rights,
            sheets=file.sheets,
            volumes=file.volumes,
            box=file.box,
            place=file.place,
            bundle=file.bundle,
            accession=file.accession,
            recorded=recorded.act_index,
            gate="waiting",
            faults="{}",
            digital=False,
            destroyed=None,
        )

    def write(self, cursor: Cursor) -> None:
        for rows in (self._fonds, self._files):
            rows.write(cursor)
        self._accessions.write(cursor)
        self._refused.write(cursor)
        self._creatorships.write(cursor)
