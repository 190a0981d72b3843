"""Step 4: the files' papers, read by OCR and taken into the ledger, one act a document."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence

import msgspec

from digitization.intake import Fate, Intake, Paper
from digitization.pipeline import Reader
from digitization.programs import tesseract
from mocban.demo.people import SERVICE_CENTER
from mocban.demo.stage import Stage
from mocban.offices import Office
from mocban.pdf_signing import DerivedSigner


class Digitized(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the scans. documents: digitized, now or before; pages: read in this run."""

    documents: int
    duplicates: int
    refused: int
    pages: int


def digitize_papers(stage: Stage, papers: Sequence[Paper], refused: int = 0) -> Digitized:
    """Read every scan and take it in; what is refused is named and the rest goes on. refused: before they were read."""
    product = stage.product
    fates: Counter[Fate] = Counter()
    pages = 0
    with (
        stage.step("digitize", "Số hóa, nhận dạng chữ", "Digitize and read", len(papers)) as task,
        Reader() as reader,
    ):
        program = tesseract.require()
        intake = Intake(
            ledger=product.main,
            actor=product.actor(Office.DIGITIZER),
            sealer=product.sealer,
            fixity=product.fixity,
            recognize=reader.recognize,
            act_id=stage.act_ids,
            sign=DerivedSigner(product),
            engine=f"tesseract {program.version} vie",
            held_by=product.naming.agency(SERVICE_CENTER),
            on=stage.today,
        )
        for taken in intake.take(papers, at_once=os.cpu_count() or 1):
            fates[taken.fate] += 1
            pages += taken.pages
            if taken.refusal is not None:
                stage.refuse(taken.refusal)
            stage.advance(task)
    return Digitized(
        documents=fates[Fate.DIGITIZED] + fates[Fate.ALREADY],
        duplicates=fates[Fate.DUPLICATE],
        refused=fates[Fate.REFUSED] + refused,
        pages=pages,
    )
