"""Take in scans with their readings; note what was delivered twice; match one paper in several fonds."""

from __future__ import annotations

from uuid import UUID

import msgspec

from domain import document, file
from domain.document import DocumentDescribed, DocumentDigitized, DocumentRecognized, DocumentsMatched
from domain.errors import Refusal
from domain.event import Event
from domain.sealed import Plain
from ledger.actor import Actor
from ledger.application import Ledger
from ledger.proposal import Proposal
from ledger.receipt import Receipt
from ledger.streams import Streams


class Scan(msgspec.Struct, frozen=True, kw_only=True):
    """A scan ready to be taken in: the document, what the worksheet says of it, the blobs and the reading."""

    document: UUID
    described: DocumentDescribed | None
    digitized: DocumentDigitized
    recognized: DocumentRecognized


def digitize(ledger: Ledger, actor: Actor, act_id: UUID, scan: Scan, held_by: UUID, on: str) -> Receipt:
    """Take in one scan in one act `document.digitize`; its file gains the digital carrier, held by `held_by`.

    Refused: `file-unknown`, `file-not-admitted`, `document-already-digitized`.
    """
    owner = scan.digitized.file

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        known = streams.load(scan.document, None, document.evolve)
        carrier = file.digitize(streams.load(owner, None, file.evolve), held_by, on)
        taken = document.digitize(known, scan.described, scan.digitized, scan.recognized)
        return {scan.document: taken, **({owner: carrier} if carrier else {})}

    return ledger.perform(
        Proposal(
            act="document.digitize",
            id=act_id,
            actor=actor,
            decide=decide,
            request={"document": str(scan.document), "file": str(owner), "pages": scan.digitized.PageAmount},
            key_owners={scan.document: owner},
        )
    )


def note_duplicate(
    ledger: Ledger, actor: Actor, act_id: UUID, original: UUID, delivered_for: UUID, delivered_as: str
) -> Receipt:
    """Record in one act `document.note-duplicate` that a document's very bytes came again.

    Refused: `document-unknown`.
    """
    owners: dict[UUID, UUID] = {}

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        known = streams.load(original, None, document.evolve)
        if known is None:
            raise Refusal("document-unknown")
        owners[original] = known.file
        return {original: [document.DuplicateDelivered(file=delivered_for, delivered_as=Plain(delivered_as))]}

    request = {"original": str(original), "file": str(delivered_for), "as": delivered_as}
    return ledger.perform(
        Proposal(
            act="document.note-duplicate", id=act_id, actor=actor, decide=decide, request=request, key_owners=owners
        )
    )


def match(ledger: Ledger, actor: Actor, act_id: UUID, stream: UUID, fact: DocumentsMatched) -> Receipt:
    """Match documents of several files in one act `document.match`, on a stream of its own."""

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        documents = streams.load_many([fact.reference, *fact.others], None, document.evolve)
        state = streams.load(stream, None, document.evolve_match)
        return {stream: document.match_documents(documents, fact, state)}

    return ledger.perform(
        Proposal(act="document.match", id=act_id, actor=actor, decide=decide, request=msgspec.to_builtins(fact))
    )


def unmatch(ledger: Ledger, actor: Actor, act_id: UUID, stream: UUID, basis: str) -> Receipt:
    """Undo the match on that stream in one act `document.unmatch`. Refused: `match-unknown`, `match-already-undone`."""

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        return {stream: document.unmatch_documents(streams.load(stream, None, document.evolve_match), basis)}

    request = {"match": str(stream), "basis": basis}
    return ledger.perform(Proposal(act="document.unmatch", id=act_id, actor=actor, decide=decide, request=request))
