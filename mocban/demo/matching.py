"""Step 5, first half: one and the same paper in the fonds of two districts, found by likeness and matched."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from uuid import UUID

import msgspec

from digitization import duplicates
from digitization.intake import Paper
from digitization.reading import Recognition
from domain.document import DocumentRecognized, DocumentsMatched
from domain.event import Event
from domain.file import evolve as evolve_file
from domain.sealed import SealedBlob
from ledger.commands.document import match
from ledger.streams import Streams
from mocban.demo.stage import Stage
from mocban.offices import Office


class Likeness(msgspec.Struct, frozen=True, kw_only=True):
    """Two documents of different fonds. similarity: estimated, 0..1."""

    one: UUID
    other: UUID
    similarity: float


def match_likest(stage: Stage, papers: Sequence[Paper]) -> Likeness | None:
    """Match the two likest documents of different fonds; None where no pair is like enough to be the same paper."""
    with stage.step("match", "Đối khớp văn bản trùng ở hai phông", "Match a document of two fonds"):
        found = _likest(stage, papers)
        if found is None:
            return None
        product = stage.product
        one, other = sorted((found.one, found.other), key=str)
        fact = DocumentsMatched(
            reference=one,
            others=(other,),
            basis="Cùng số, ký hiệu hoặc nội dung; lưu trữ viên đã so bản quét",
            similarity=round(found.similarity * 100),
        )
        stream = product.naming.other("match", f"{one}\0{other}")
        match(product.main, product.actor(Office.ARCHIVIST), stage.act_ids(f"document.match:{stream}"), stream, fact)
        return found


def _likest(stage: Stage, papers: Sequence[Paper]) -> Likeness | None:
    streams = stage.product.main.streams()
    files = streams.load_many(list({paper.file for paper in papers}), None, evolve_file)
    fonds = {one: state.registered.fonds for one, state in files.items() if state is not None}
    read = {paper.document: (fonds.get(paper.file), recognition_of(stage, streams, paper.document)) for paper in papers}
    known = {document: (where, recognition) for document, (where, recognition) in read.items() if recognition}
    pairs = (
        Likeness(one=one, other=other, similarity=duplicates.similarity(a.minhash, b.minhash))
        for (one, (here, a)), (other, (there, b)) in combinations(known.items(), 2)
        if here != there and _agree(a, b)
    )
    likest = max(pairs, key=lambda pair: pair.similarity, default=None)
    return likest if likest is not None and likest.similarity >= duplicates.NEAR else None


def _agree(one: Recognition, other: Recognition) -> bool:
    """Likeness advises; number and date decide. What was read surely in both must be the same."""
    pairs = ((one.field(name), other.field(name)) for name in ("CodeNumber", "CodeNotation", "IssuedDate"))
    sure = [(a.value, b.value) for a, b in pairs if a and b and a.state == b.state == "sure"]
    return all(a == b for a, b in sure)


def recognition_of(stage: Stage, streams: Streams, document: UUID) -> Recognition | None:
    """The whole reading of a document, opened from its sealed evidence; None while it was not digitized."""
    evidence = streams.load(document, None, _evidence)
    if evidence is None:
        return None
    return msgspec.json.decode(stage.product.unsealer.open_blob(evidence, document), type=Recognition)


def _evidence(state: SealedBlob | None, event: Event) -> SealedBlob | None:
    return event.evidence if isinstance(event, DocumentRecognized) else state
