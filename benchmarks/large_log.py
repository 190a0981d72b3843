"""A log of millions of events, stored by the product's bulk path and published by its sequencer.

Nineteen of twenty events lie in acts of 10,000, the others in acts of 50, so that both trees are deep. In every tenth
large act an event weighs what the registration of a file weighs once sealed, so that the slowest hundredth of proofs is
among them; in the others it is the least there is, so that ten millions need 5 GB. Drafts are packed without the
mapper, which has no part in this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Final
from uuid import UUID, uuid4

from benchmarks.file_rows import Deliveries, unsealed
from benchmarks.proving_ground import ProvingGround
from domain.file import FileAdmitted
from ledger.act_id import new_act_id
from ledger.bulk import BulkAppender
from ledger.bulk_draft import BulkDraft
from ledger.copy_rows import RowPacker
from ledger.mapper import EventMapper
from mocban.publication import publish
from signing.event_entry import composed_event_entry
from signing.merkle import leaf_hash, root

LARGE: Final = 10_000
SMALL: Final = 50
_LARGE_SHARE: Final = 0.95
BULK: Final = "mocban_bulk"


def record_large_log(ground: ProvingGround, events: int, told: Callable[[int], None]) -> int:
    """Record and publish about so many events; how many there are. told: how many are stored."""
    appender = BulkAppender(ground.product.main, ground.product.databases.main_url(BULK))
    stored = 0
    try:
        with ThreadPoolExecutor(1) as packing:  # the next act is packed while the database takes this one
            drafts = _drafts(ground, _sizes(events))
            waiting = packing.submit(next, drafts, None)
            while (draft := waiting.result()) is not None:
                waiting = packing.submit(next, drafts, None)
                appender.append(draft, [ground.clerk])
                stored += draft.events
                told(stored)
    finally:
        appender.close()
    publish(ground.product)
    return ground.product.main_log.published().events


def _sizes(events: int) -> Iterator[int]:
    """How many events each act carries, small acts spread among the large."""
    large = max(1, round(events * _LARGE_SHARE / LARGE))
    small = max(1, (events - large * LARGE) // SMALL)
    done = 0
    for number in range(large):
        yield min(LARGE, events)
        until = small * (number + 1) // large
        yield from [SMALL] * (until - done)
        done = until


def _drafts(ground: ProvingGround, sizes: Iterator[int]) -> Iterator[BulkDraft]:
    heavy = EventMapper().encode(unsealed(Deliveries(ground.product.naming).entries(1)[0].fact))
    light = EventMapper().encode(FileAdmitted())
    large = 0
    for count in sizes:
        large += count == LARGE
        yield _draft(uuid4(), count, *(heavy if large % 10 == 1 else light))


def _draft(stream: UUID, count: int, topic: str, payload: bytes) -> BulkDraft:
    """An act of one stream, whose versions make its events different."""
    rows, hashes = RowPacker(), []
    for version in range(1, count + 1):
        entry = composed_event_entry(stream, version, topic, payload)
        rows.add(entry, topic, payload)
        hashes.append(leaf_hash(entry))
    return BulkDraft(
        act="accession.receive",
        id=new_act_id(),
        digest=sha256(stream.bytes).digest(),
        events=count,
        root=root(hashes),
        rows=rows.packed(),
        sealed=b"",
        guards=(),
    )
