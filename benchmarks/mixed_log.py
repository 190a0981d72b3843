"""A log of mixed events, recorded by the product's own commands: Hà Nội's bodies, deliveries at the gate, scans."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from benchmarks.file_rows import Deliveries
from benchmarks.proving_ground import ProvingGround
from domain.document import DocumentDescribed, DocumentDigitized, DocumentRecognized, FieldReading, ReadingState
from domain.event import Event
from domain.sealed import Plain, SealedBlob
from ledger.act_id import new_act_id
from ledger.commands.accession import FileEntry, receive
from ledger.commands.administrative_unit import record_units
from ledger.proposal import Proposal
from ledger.sealer import BlobPlain
from mocban.hanoi import unit_entries

FILES_AN_ACT: Final = 1_000
SHARE_OF_CITY: Final = 4_000
"""Events that Hà Nội's units, agencies and fonds take; a smaller log has part of the city."""
SCANNED: Final = 50
"""One file in so many has a document that was scanned and read; one in ten of the others has one described."""
_TEXT: Final = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n" + 12 * (
    "Căn cứ Luật Tổ chức chính quyền địa phương; xét đề nghị của Chánh Văn phòng Ủy ban nhân dân quận.\n"
)


def record_mixed_log(ground: ProvingGround, events: int) -> dict[str, int]:
    """Record about so many events; how many of each type there are."""
    product, clerk = ground.product, ground.clerk
    bodies = unit_entries(product.naming)
    for act in bodies if events > 2 * SHARE_OF_CITY else bodies[:1]:
        record_units(product.main, clerk, new_act_id(), act)
    deliveries = Deliveries(product.naming)
    while (recorded := _events(ground)) < events:
        files = min(FILES_AN_ACT, max(50, (events - recorded) // 2))
        _receive(ground, deliveries, files)
    return dict(ground.rows("SELECT topic, count(*) FROM main_log.event GROUP BY topic ORDER BY 2 DESC"))


def _events(ground: ProvingGround) -> int:
    return int(ground.rows("SELECT events FROM main_log.head")[0][0])


def _receive(ground: ProvingGround, deliveries: Deliveries, files: int) -> None:
    """A delivery as its command records it, then the papers of some of its files."""
    delivery = deliveries.delivery(deliveries.rows(files))
    receive(ground.product.main, ground.clerk, new_act_id(), delivery)
    events: dict[UUID, list[Event]] = {}
    owners: dict[UUID, UUID] = {}
    scans = list(delivery.files[::SCANNED])
    blobs = ground.product.sealer.seal_blobs([_text_blob(ground, entry) for entry in scans])
    texts = {entry.file: blob for entry, blob in zip(scans, blobs, strict=True)}
    for entry in delivery.files[::10]:
        document = _document(ground, entry)
        owners[document] = entry.file
        events[document] = [_described(entry), *(_scanned(entry, texts[entry.file]) if entry.file in texts else ())]
    ground.product.main.perform(
        Proposal(
            act="document.record",
            id=new_act_id(),
            actor=ground.clerk,
            decide=lambda _: events,
            request=[str(document) for document in events],
            key_owners=owners,
        )
    )


def _document(ground: ProvingGround, entry: FileEntry) -> UUID:
    return ground.product.naming.document(entry.fact.FileCode, 1)


def _text_blob(ground: ProvingGround, entry: FileEntry) -> BlobPlain:
    return BlobPlain(
        owner=entry.file,
        stream=_document(ground, entry),
        blob=new_act_id(),
        media="text/plain",
        data=f"{_TEXT}{entry.row}".encode(),
    )


def _described(entry: FileEntry) -> DocumentDescribed:
    return DocumentDescribed(
        file=entry.file,
        DocOrdinal=1,
        TypeName="Quyết định",
        CodeNumber=str(entry.row),
        CodeNotation="QĐ-UBND",
        IssuedDate="2014-05-12",
        PageAmount=3,
        OrganName=Plain("Ủy ban nhân dân quận Ba Đình"),
        Subject=Plain(f"Về việc nâng bậc lương thường xuyên, đợt {entry.row}"),
        SignerInfo=Plain({"FullName": "Nguyễn Văn Mẫu", "Position": "Chủ tịch"}),
    )


def _scanned(entry: FileEntry, text: SealedBlob) -> list[Event]:
    return [
        DocumentDigitized(file=entry.file, DocOrdinal=1, original=text, searchable=text, text=text, PageAmount=3),
        DocumentRecognized(
            readings=(
                FieldReading("CodeNumber", 96, ReadingState.SURE),
                FieldReading("Subject", 71, ReadingState.SURE),
            ),
            engine="tesseract 5",
            TypeName="Quyết định",
            CodeNumber=str(entry.row),
            CodeNotation="QĐ-UBND",
            IssuedDate="2014-05-12",
            Subject=Plain(f"Về việc nâng bậc lương thường xuyên, đợt {entry.row}"),
        ),
    ]
