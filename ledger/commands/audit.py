"""Record what an audit of the stores found, once, in one act of the auditor's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from domain import audit
from domain.audit import AuditLine, AuditRecorded, AuditRemarked
from domain.event import Event
from ledger.actor import Actor
from ledger.application import Ledger
from ledger.proposal import Proposal
from ledger.receipt import Receipt
from ledger.streams import Streams


def record(
    ledger: Ledger,
    actor: Actor,
    act_id: UUID,
    stream: UUID,
    fact: AuditRecorded,
    lines: tuple[AuditLine, ...],
    remarks: tuple[AuditRemarked, ...],
) -> Receipt | None:
    """Record results in one act `audit.record`; None when these very results are on record.

    Each remark is sealed under the key of the file it is about. Refused: `audit-already-recorded`.
    """
    proposal = recording(ledger, actor, act_id, stream, fact, lines, remarks)
    return None if proposal is None else ledger.perform(proposal)


def recording(
    ledger: Ledger,
    actor: Actor,
    act_id: UUID,
    stream: UUID,
    fact: AuditRecorded,
    lines: tuple[AuditLine, ...],
    remarks: tuple[AuditRemarked, ...],
) -> Proposal | None:
    """The act `audit.record`, whoever holds the auditor's key; None and refused as `record`."""

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        return {stream: audit.record(streams.load(stream, None, audit.evolve), fact, lines, remarks)}

    events = decide(ledger.streams())[stream]
    if not events:
        return None
    owners = _owners(events)
    return Proposal(
        act="audit.record",
        id=act_id,
        actor=actor,
        decide=decide,
        request={"audit": str(stream), "results": str(fact.results)},
        field_owner=lambda of, version: owners.get(version, of),
    )


def _owners(events: Sequence[Event]) -> Mapping[int, UUID]:
    """Version -> the file whose key seals it. The stream is written once, by these events."""
    return {version: event.file for version, event in enumerate(events, start=1) if isinstance(event, AuditRemarked)}
