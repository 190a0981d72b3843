"""Scans that no worksheet names: they lie in bundles, files in waiting, as two districts' deliveries."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final

from digitization.intake import Paper, digest
from domain.administrative_unit import Level
from domain.agency import Block
from domain.file import FileRegistered, GateCheck
from domain.identifiers import FileCode
from domain.lot import RetentionClass, WorkState
from domain.retention import Maintenance
from domain.sealed import Plain
from ledger.commands.accession import Delivery, FileEntry, receive
from mocban.demo.stage import Stage
from mocban.offices import Office
from reference import hanoi

DELIVERERS: Final = tuple(
    body for body in hanoi.agencies_before() if body.level is Level.DISTRICT and body.block is Block.GOVERNMENT
)[:2]
_NOT_APPRAISED: Final = Maintenance(retention=RetentionClass.NOT_APPRAISED)


def bundle_scans(stage: Stage, scans: Sequence[Path]) -> tuple[Paper, ...]:
    """Register two bundles, half the scans each, and say which scan is of which document there."""
    if not scans:
        return ()
    middle = (len(scans) + 1) // 2
    papers: list[Paper] = []
    for deliverer, part in zip(DELIVERERS, (scans[:middle], scans[middle:]), strict=True):
        if part:
            papers += _bundle(stage, deliverer, part)
    return tuple(papers)


def _bundle(stage: Stage, deliverer: hanoi.Agency, scans: Sequence[Path]) -> list[Paper]:
    naming = stage.product.naming
    # By what is in the scans, so that other scans are another bundle; opaque, because the code stands in clear.
    contents = "".join(digest(scan) for scan in scans)
    symbol = naming.other("bundle", contents).hex[:8]
    code = FileCode(deliverer.code, int(stage.today[:4]), f"BO-{symbol}")
    holder = naming.agency(deliverer.code)
    fact = FileRegistered(
        FileCode=code,
        fonds=naming.fonds(deliverer.fonds_code),
        Title=Plain(f"Bó tài liệu quét do {deliverer.name} giao nộp"),
        Maintenance=_NOT_APPRAISED,
        state=WorkState.FINISHED,
        arranged=False,
        held_by=holder,
        held_from=stage.today,
        block=deliverer.block,
        bundle=True,
    )
    file = naming.file(code)
    number = f"bundle-{deliverer.code}-{symbol}"
    delivery = Delivery(
        accession=naming.other("accession", number),
        number=number,
        digest=sha256(contents.encode()).hexdigest(),
        rows=1,
        files=(FileEntry(row=1, file=file, fact=fact, check=GateCheck()),),
        documents=(),
        refused=(),
    )
    product = stage.product
    receive(product.main, product.actor(Office.ARCHIVIST), stage.act_ids(f"accession.receive:{number}"), delivery)
    return [
        Paper(scan=scan, document=naming.document(code, ordinal), file=file, ordinal=ordinal)
        for ordinal, scan in enumerate(scans, start=1)
    ]
