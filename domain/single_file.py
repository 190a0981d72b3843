"""A single file by its own decision: an exception, which takes a file out of what its lot is assigned to.

The decision that names the file goes before those that speak of its lot, earlier and later ones alike, until a further
decision lets the file go with its lot again. Who has the file does not change. One stream for each file's exceptions,
so that its own stream is not written to.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never
from uuid import UUID

import msgspec

from domain.agency import Agency
from domain.basis import Confidence, Instrument
from domain.errors import Refusal
from domain.event import Event
from domain.file import File
from domain.lot import Carrier

RULE = "single-file"


class FileAssigned(Event, frozen=True, kw_only=True, tag="file.assigned/1"):
    """From a day on `receiver` must have these carriers of one file, by a decision that names it."""

    file: UUID
    carriers: tuple[Carrier, ...]
    receiver: UUID
    effective: str
    decision: Instrument


class FileRejoined(Event, frozen=True, kw_only=True, tag="file.rejoined/1"):
    """From a day on these carriers of the file are assigned with their lot again."""

    file: UUID
    carriers: tuple[Carrier, ...]
    effective: str
    decision: Instrument


class FileReassigned(Event, frozen=True, kw_only=True, tag="file.reassigned/1"):
    """From a day on one carrier of a file goes as a plan's rule says, since the body that its own decision named ends.

    On the reorganization's stream. receiver absent: it awaits one; rule empty: none matched.
    """

    file: UUID
    carrier: Carrier
    effective: str
    rule: str
    basis: str
    confidence: Confidence
    receiver: UUID | None = None


SingleFileEvent = FileAssigned | FileRejoined


class SingleFile(msgspec.Struct, frozen=True, kw_only=True):
    """The state: who must have which carrier by the file's own decisions; a carrier absent here goes with its lot."""

    receivers: Mapping[Carrier, UUID] = {}


def evolve(state: SingleFile | None, event: SingleFileEvent) -> SingleFile | None:
    """Fold one event."""
    before = dict(state.receivers) if state is not None else {}
    match event:
        case FileAssigned():
            return SingleFile(receivers=before | dict.fromkeys(event.carriers, event.receiver))
        case FileRejoined():
            return SingleFile(receivers={one: to for one, to in before.items() if one not in event.carriers})
        case _:
            assert_never(event)


def assign(
    _state: SingleFile | None, file: File | None, fact: FileAssigned, receiver: Agency | None, today: str
) -> list[Event]:
    """Assign one file. Refused: `file-unknown`, `file-destroyed`, `single-file-carriers`, `single-file-day-to-come`,
    `instrument-not-in-force`, `agency-unknown`, `agency-not-existing`.
    """
    _require_fit(file, fact, today)
    if receiver is None:
        raise Refusal("agency-unknown", code="?")
    if not receiver.exists_on(fact.effective):
        raise Refusal("agency-not-existing", code=receiver.code, day=fact.effective)
    return [fact]


def rejoin(state: SingleFile | None, file: File | None, fact: FileRejoined, today: str) -> list[Event]:
    """Let it go with its lot again. Refused as `assign`, and `single-file-not-apart`."""
    known = _require_fit(file, fact, today)
    if state is None or not set(fact.carriers) <= set(state.receivers):
        raise Refusal("single-file-not-apart", code=known.registered.FileCode.text)
    return [fact]


def _require_fit(file: File | None, fact: FileAssigned | FileRejoined, today: str) -> File:
    if file is None:
        raise Refusal("file-unknown")
    if file.destroyed:
        raise Refusal("file-destroyed", code=file.registered.FileCode.text)
    if not fact.carriers or len(set(fact.carriers)) != len(fact.carriers):
        raise Refusal("single-file-carriers")
    if fact.effective > today:
        raise Refusal("single-file-day-to-come", day=fact.effective, today=today)
    if not fact.decision.in_force or fact.decision.in_force > fact.effective:
        raise Refusal("instrument-not-in-force", number=fact.decision.number, day=fact.effective)
    return file
