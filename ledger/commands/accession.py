"""Take in a delivery: register its files at the entry gate, describe its documents, name what is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from domain import accession, document, file, fonds
from domain.accession import AccessionReceived, RefusedRow
from domain.document import DocumentDescribed
from domain.errors import Refusal
from domain.event import Event
from domain.file import FileRegistered, GateCheck
from domain.sealed import Plain
from ledger.actor import Actor
from ledger.application import Ledger
from ledger.proposal import Proposal
from ledger.receipt import Receipt
from ledger.streams import Streams


class FileEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file row that could be read: what it says, and what the deliverer states for the gate.

    in_capitals: the file of the same code in capital letters, where the code has small ones.
    """

    row: int
    file: UUID
    fact: FileRegistered
    check: GateCheck
    in_capitals: UUID | None = None


class DocumentEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A document row that could be read. `scan`: name of the file delivered for it, which is not recorded here."""

    row: int
    document: UUID
    fact: DocumentDescribed
    scan: str = ""


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One worksheet as read. `rows`: all its rows, refused ones included; `digest`: SHA-256 hex of its bytes."""

    accession: UUID
    number: str
    digest: str
    rows: int
    files: Sequence[FileEntry]
    documents: Sequence[DocumentEntry]
    refused: Sequence[RefusedRow]
    files_sheet: str = "Hồ sơ"
    documents_sheet: str = "Văn bản"


def receive(ledger: Ledger, actor: Actor, act_id: UUID, delivery: Delivery) -> Receipt:
    """Record a delivery in one act `accession.receive`. A row that may not be taken is refused, the rest goes in."""
    return ledger.perform(proposal(actor, act_id, delivery))


def proposal(actor: Actor, act_id: UUID, delivery: Delivery, request: object = None) -> Proposal:
    """The act that records a delivery. request: what stands for the delivery where its rows are too many to digest."""

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        received = streams.load(delivery.accession, None, accession.evolve)
        refused = list(delivery.refused)
        events = _register(streams, delivery, refused)
        registered = len(events)
        events |= _describe(streams, delivery, events, refused)
        fact = AccessionReceived(
            number=delivery.number,
            rows=delivery.rows,
            registered=registered,
            worksheet_digest=Plain(delivery.digest),
        )
        return {delivery.accession: accession.receive(received, fact, tuple(refused)), **events}

    owners = {entry.document: entry.fact.file for entry in delivery.documents}
    return Proposal(
        act="accession.receive",
        id=act_id,
        actor=actor,
        decide=decide,
        request=msgspec.to_builtins(delivery) if request is None else request,
        key_owners=owners,
    )


def _register(streams: Streams, delivery: Delivery, refused: list[RefusedRow]) -> dict[UUID, list[Event]]:
    files = streams.load_many([entry.file for entry in delivery.files], None, file.evolve)
    opened = streams.load_many(list({entry.fact.fonds for entry in delivery.files}), None, fonds.evolve)
    twins = streams.load_many([one.in_capitals for one in delivery.files if one.in_capitals], None, file.evolve)
    events: dict[UUID, list[Event]] = {}
    for entry in delivery.files:
        if entry.in_capitals and twins[entry.in_capitals] is not None:
            refused.append(RefusedRow(sheet=delivery.files_sheet, row=entry.row, code="file-code-in-capitals"))
            continue
        try:
            events[entry.file] = file.register(files[entry.file], opened[entry.fact.fonds], entry.fact, entry.check)
        except Refusal as reason:
            refused.append(RefusedRow(sheet=delivery.files_sheet, row=entry.row, code=reason.code))
    return events


def _describe(
    streams: Streams, delivery: Delivery, registered: Mapping[UUID, object], refused: list[RefusedRow]
) -> dict[UUID, list[Event]]:
    documents = streams.load_many([entry.document for entry in delivery.documents], None, document.evolve)
    known = streams.load_many(
        [one for one in {entry.fact.file for entry in delivery.documents} if one not in registered], None, file.evolve
    )
    events: dict[UUID, list[Event]] = {}
    for entry in delivery.documents:
        held = known.get(entry.fact.file)
        if entry.fact.file not in registered and (held is None or held.destroyed):
            code = "file-unknown" if held is None else "file-destroyed"
            refused.append(RefusedRow(sheet=delivery.documents_sheet, row=entry.row, code=code))
            continue
        try:
            events[entry.document] = document.describe(documents[entry.document], entry.fact)
        except Refusal as reason:
            refused.append(RefusedRow(sheet=delivery.documents_sheet, row=entry.row, code=reason.code))
    return events
