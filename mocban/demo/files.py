"""Step 3: files from a worksheet through the entry gate, every refusal named."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import msgspec

from digitization.delivery import DeliveryTerms, delivery_of
from digitization.intake import Paper
from digitization.scan_folder import ScanFolder
from digitization.worksheet import read_worksheet
from digitization.worksheet_archive import MAX_FILE_BYTES
from digitization.worksheet_rows import Known
from domain import accession
from domain.errors import Refusal
from domain.file import gate_faults
from ledger.commands.accession import Delivery, receive
from mocban.demo.stage import Stage
from mocban.hanoi import fonds_creators, retention_rules
from mocban.offices import Office


class Registered(msgspec.Struct, frozen=True, kw_only=True):
    """What the worksheet brought. files: registered; sent_back: of those, stopped at the gate; rows_refused: the rest.

    papers: the scans that it names and that are there.
    """

    files: int
    sent_back: int
    rows_refused: int
    papers: tuple[Paper, ...]


def register_files(stage: Stage, worksheet: Path, scans: Path, lying: ScanFolder) -> Registered:
    """Take the worksheet in, and say which scan is of which document."""
    with stage.step("register", "Đăng ký hồ sơ, kiểm tra đầu vào", "Register files at the entry gate") as task:
        delivery, unread = _read(stage, worksheet)
        stage.advance(task, 0, len(delivery.files))
        refused_later = _receive(stage, delivery)
        sent_back = _name_sent_back(stage, delivery)
        stage.advance(task, len(delivery.files))
    return Registered(
        files=len(delivery.files) - refused_later,
        sent_back=sent_back,
        rows_refused=unread + refused_later,
        papers=_papers(stage, delivery, scans, lying),
    )


def _papers(stage: Stage, delivery: Delivery, scans: Path, lying: ScanFolder) -> tuple[Paper, ...]:
    """The papers whose scans are there; those that are not are named."""
    papers: list[Paper] = []
    missing: list[str] = []
    for entry in delivery.documents:
        scan = lying.named(scans, entry.scan) if entry.scan else None
        if scan is not None:
            papers.append(
                Paper(
                    scan=scan,
                    document=entry.document,
                    file=entry.fact.file,
                    ordinal=entry.fact.DocOrdinal,
                    described=entry.fact,
                )
            )
        elif entry.scan:
            missing.append(entry.scan)
    if missing:
        stage.remark([Refusal("scan-missing", count=len(missing), name=missing[0])])
    return tuple(papers)


def _read(stage: Stage, worksheet: Path) -> tuple[Delivery, int]:
    """The delivery, and how many refusals its reading named."""
    creators, rules = fonds_creators(), retention_rules()
    known = Known(agencies=frozenset(creators.values()), fonds=creators, rules=frozenset(rules))
    with worksheet.open("rb") as opened:
        digest = sha256(opened.read(MAX_FILE_BYTES)).hexdigest()  # the whole of every worksheet that may be read
    sheet = read_worksheet(worksheet, known)
    for refusal in sheet.refusals:
        stage.refuse(refusal)
    stage.remark(sheet.remarks)
    naming = stage.product.naming
    terms = DeliveryTerms(naming=naming, creators=creators, rules=rules, received_on=stage.today)
    # Neither the worksheet's file name nor a digest of it may stand in clear: the number is opaque, yet lasting.
    number = f"BK-{naming.other('worksheet', digest).hex[:12]}"
    return delivery_of(sheet, number, digest, terms), len(sheet.refusals)


def _receive(stage: Stage, delivery: Delivery) -> int:
    """Record the delivery; name the rows that the ledger itself refused, and how many files are among them."""
    product = stage.product
    archivist = product.actor(Office.ARCHIVIST)
    receive(product.main, archivist, stage.act_ids(f"accession.receive:{delivery.number}"), delivery)
    received = product.main.streams().load(delivery.accession, None, accession.evolve)
    assert received is not None, "it was just received"
    later = received.refused[len(delivery.refused) :]
    for row in later:
        stage.refuse(Refusal(row.code, code=f"{row.sheet} {row.row}", row=row.row, sheet=row.sheet, ordinal=row.row))
    return len(later)


def _name_sent_back(stage: Stage, delivery: Delivery) -> int:
    """Name each file that the gate stopped, with every fault."""
    sent_back = 0
    for entry in delivery.files:
        faults = gate_faults(entry.fact, entry.check)
        sent_back += bool(faults)
        for fault in faults:
            stage.tell(Refusal(fault, code=f"{entry.fact.FileCode.text} (dòng/row {entry.row})"))
    return sent_back
