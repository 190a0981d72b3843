"""Continuation (lập tiếp): an unfinished file that a successor finishes goes on as a file there.

The old part keeps its provenance and its custody; which fonds the whole joins is said by the act. One stream for each
old part, so that neither file's own stream is written to.
"""

from __future__ import annotations

from uuid import UUID

import msgspec

from domain.errors import Refusal
from domain.event import Event
from domain.file import File
from domain.lot import WorkState


class FileContinued(Event, frozen=True, kw_only=True, tag="file.continued/1"):
    """The unfinished file `part` goes on as the file `whole` from the day `on`; the whole joins the fonds `joins`."""

    part: UUID
    whole: UUID
    joins: UUID
    on: str
    basis: str


class Continuation(msgspec.Struct, frozen=True, kw_only=True):
    """The state: as what the file goes on."""

    fact: FileContinued


def evolve(_state: Continuation | None, event: FileContinued) -> Continuation | None:
    """Fold the one event there can be."""
    return Continuation(fact=event)


def continue_as(state: Continuation | None, part: File | None, whole: File | None, fact: FileContinued) -> list[Event]:
    """Go on elsewhere. Refused: `file-unknown`, `continuation-itself`, `continuation-finished`,
    `continuation-already`, `continuation-joins-neither`.
    """
    if part is None or whole is None:
        raise Refusal("file-unknown")
    code = part.registered.FileCode.text
    if fact.part == fact.whole:
        raise Refusal("continuation-itself")
    if part.registered.state is WorkState.FINISHED:
        raise Refusal("continuation-finished", code=code)
    if state is not None:
        raise Refusal("continuation-already", code=code)
    if fact.joins not in {part.registered.fonds, whole.registered.fonds}:
        raise Refusal("continuation-joins-neither")
    return [fact]
