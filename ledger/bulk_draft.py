"""A bulk draft: an act decided, sealed, encoded, hashed and packed, lacking only its signature and its place.

Made in any process, without a signing key; signed and stored by `ledger.bulk`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

import msgspec

from ledger.application import Ledger
from ledger.copy_rows import EventRows, packed_sealed
from ledger.event_batch import packed_events
from ledger.placed_event import PlacedEvent
from ledger.preparation import placed
from ledger.proposal import Basis, Proposal
from signing.merkle import root


class BulkDraft(msgspec.Struct, frozen=True, kw_only=True):
    """digest: 32-byte request digest. root: 32-byte act root over `events` event entries.

    guards: (stream, version) of the streams that were read and are not written. rows, sealed: COPY streams of the
    events and of their ciphertexts.
    """

    act: str
    id: UUID
    digest: bytes
    events: int
    root: bytes
    rows: EventRows
    sealed: bytes
    guards: tuple[tuple[UUID, int], ...]
    basis: Basis | None = None
    for_: str | None = None
    trace: str | None = None


def draft(ledger: Ledger, proposal: Proposal, new: Collection[UUID] = ()) -> tuple[BulkDraft, Sequence[PlacedEvent]]:
    """The draft of a proposal, and the events it holds, sealed. Record keys it uses are durable on return.

    new: streams taken for new without asking the database; should one exist, storing the draft says so.
    Raises Refusal, as `Ledger.prepare` does.
    """
    streams = ledger.streams()
    streams.presume_new(new)
    decided = proposal.decide(streams)
    events = placed(proposal, streams, decided)
    sealed, fields = ledger.sealer.seal(events) if ledger.sealer is not None else (events, ())
    rows, hashes = packed_events(ledger.event_mapper, sealed)
    made = BulkDraft(
        act=proposal.act,
        id=proposal.id,
        digest=ledger.secret.request_digest(proposal.actor.id, proposal.request),
        events=len(hashes),
        root=root(hashes),
        rows=rows,
        sealed=packed_sealed(fields),
        guards=tuple([(stream, version) for stream, version in streams.guards.items() if not decided.get(stream)]),
        basis=proposal.basis,
        for_=proposal.for_,
        trace=proposal.trace,
    )
    return made, sealed
