"""Results become an act: the sample is drawn again and compared, and then all of it is recorded, once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec
from psycopg.rows import tuple_row

from domain.audit import AuditLine, AuditRecorded, AuditRemarked, Outcome
from domain.errors import Refusal
from domain.sealed import Plain
from ledger.act_id import new_act_id
from ledger.actor import Actor
from ledger.commands import audit
from ledger.proposal import Proposal
from mocban.audit.results import Answer
from mocban.audit.sample import Draw, Sample, sample_of
from mocban.bootstrap import Product
from mocban.offices import Office

_ACT_OF: Final = "SELECT act_index FROM main_log.event WHERE originator_id = %s ORDER BY originator_version LIMIT 1"
_FACTS: Final = ("checkpoint", "files", "digest", "threshold")


class RecordedAudit(msgspec.Struct, frozen=True, kw_only=True):
    """act: where the results stand in the main log. again: they stood there before."""

    act: int
    again: bool
    found: int
    missing: int
    differs: int


def check_sample(product: Product, sample: Sample) -> None:
    """The sample is what this ledger gives. Raises Refusal `audit-sample-of-other-ledger`, `audit-sample-altered`."""
    if sample.origin != product.origin:
        raise Refusal("audit-sample-of-other-ledger", origin=sample.origin)
    draw = Draw(
        seed=sample.seed,
        wanted=sample.wanted,
        on=sample.on,
        stratum=sample.stratum,
        size=sample.checkpoint.size,
    )
    again = sample_of(product, draw)
    wrong = [name for name in _FACTS if getattr(again, name) != getattr(sample, name)]
    bare = [[msgspec.structs.replace(file, title=None) for file in one.drawn] for one in (again, sample)]
    if bare[0] != bare[1]:
        wrong.append("drawn")
    if wrong:
        raise Refusal("audit-sample-altered", size=sample.checkpoint.size, what=", ".join(wrong))


def record_results(product: Product, sample: Sample, answers: Sequence[Answer], today: str) -> RecordedAudit:
    """Record the answers to a checked sample, in one act of the auditor's. Raises Refusal `audit-already-recorded`."""
    facts = _facts(product, sample, answers, today)
    proposal = proposed(product, sample, answers, today, product.actor(Office.AUDITOR), new_act_id())
    receipt = product.main.perform(proposal) if proposal is not None else None
    return RecordedAudit(
        act=receipt.act_index if receipt is not None else _act_of(product, _stream(product, sample)),
        again=receipt is None,
        found=facts.found,
        missing=facts.missing,
        differs=facts.differs,
    )


def proposed(
    product: Product, sample: Sample, answers: Sequence[Answer], today: str, auditor: Actor, act_id: UUID
) -> Proposal | None:
    """The act that records them, whoever holds the auditor's key; None where these very answers are on record.

    Raises Refusal `audit-already-recorded`.
    """
    facts, stream = _facts(product, sample, answers, today), _stream(product, sample)
    remarks = tuple(AuditRemarked(file=one.file, note=Plain(one.note)) for one in answers if one.note)
    try:
        return audit.recording(product.main, auditor, act_id, stream, facts, _lines(sample, answers), remarks)
    except Refusal as refusal:
        if refusal.code != "audit-already-recorded":
            raise
        raise Refusal(refusal.code, act=_act_of(product, stream)) from refusal


def _facts(product: Product, sample: Sample, answers: Sequence[Answer], today: str) -> AuditRecorded:
    counts = {outcome: sum(answer.outcome is outcome for answer in answers) for outcome in Outcome}
    return AuditRecorded(
        seed=sample.seed,
        size=sample.checkpoint.size,
        root=sample.checkpoint.root,
        stratum=sample.stratum.text,
        files=sample.files,
        digest=sample.digest,
        found=counts[Outcome.FOUND],
        missing=counts[Outcome.MISSING],
        differs=counts[Outcome.DIFFERS],
        on=today,
        results=_mark(product, answers),
    )


def _lines(sample: Sample, answers: Sequence[Answer]) -> tuple[AuditLine, ...]:
    return tuple(
        AuditLine(
            file=answer.file,
            outcome=answer.outcome,
            sheets=file.sheets,
            counted=answer.counted,
            damaged=answer.damaged,
        )
        for file, answer in zip(sample.drawn, answers, strict=True)
    )


def _stream(product: Product, sample: Sample) -> UUID:
    """One for a draw: its seed, checkpoint, stratum, size and day."""
    key = (sample.seed, str(sample.checkpoint.size), sample.stratum.text, str(sample.wanted), sample.on)
    return product.naming.other("audit", "\0".join(key))


def _mark(product: Product, answers: Sequence[Answer]) -> UUID:
    """Tells one table of answers from another, and nobody without the ledger's secret what is in it."""
    return product.naming.other("audit-results", msgspec.json.encode(answers).decode())


def _act_of(product: Product, stream: UUID) -> int:
    with product.main.datastore.get_connection() as connection, connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(_ACT_OF.encode(), (stream,)).fetchone()
    assert row is not None, "its results are on record"
    return int(row[0])
