"""Partial audit bundle: chosen acts, each proven alone, with the registry acts by which their signers are judged.

What it claims is written down in FORMATS.txt section 8: complete according to the archive at its checkpoint.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID

import msgspec

from ledger.bundle import opening_members, write_members
from ledger.event_proof import PublishedEvents
from ledger.published_files import PublishedLog
from signing.note import Signer

PARTIAL = "partial.json"
FORMAT = "mocban/partial/1"


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked for. acts: indexes. streams: those whose every event is among these acts, from version 1 on.

    of: `{"file": id, "code": ...}`, `{"agency": id}` or `{"acts": [first, last]}`.
    """

    of: dict[str, str | tuple[int, int]]
    acts: Sequence[int]
    streams: tuple[UUID, ...] = ()


def write_partial_bundle(
    log: PublishedLog, events: PublishedEvents, registry: Sequence[int], part: Part, path: Path, signer: Signer
) -> int:
    """Write the bundle, whole or not at all; how many members. The same part of the same checkpoint: the same bytes.

    registry: every act of the log's registry. events: of the log's checkpoint. signer: as of `write_bundle`.
    """
    stated = {
        "format": FORMAT,
        "of": part.of,
        "checkpoint": log.checkpoint.size,
        "acts": sorted(part.acts),
        "registry": sorted(registry),
        "streams": sorted(map(str, part.streams)),
    }
    members = _members(log, events, sorted({*registry, *part.acts}), msgspec.json.encode(stated))
    return write_members(log.checkpoint.origin, members, path, signer)


def _members(
    log: PublishedLog, events: PublishedEvents, acts: Sequence[int], stated: bytes
) -> Iterator[tuple[str, bytes]]:
    yield from opening_members(log)
    yield PARTIAL, stated
    yield from log.small.items()
    places = log.places()
    for index in acts:
        first, last = places.first(index), places.first(index + 1)
        yield f"acts/{index}.tlog-proof", events.proof(first, log.note)
        entries = events.entries(first, last)
        yield f"acts/{index}.events", b"".join(len(entry).to_bytes(4, "big") + entry for entry in entries)
