"""What hand-overs that are not concluded say of a file's carrier: it is offered, or its line is disputed.

Bitemporal as custody itself: each mark has a civil day and the act that recorded it. A mark counts until a later act
of the same hand-over ends it, and no longer than until a later act puts the carrier in somebody's hands.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from uuid import UUID

import msgspec

from domain.event import Event
from domain.handover import (
    CustodyHandedOver,
    DisputesSettled,
    HandoverProposed,
    HandoverWithdrawn,
    InventoryListed,
    LinesDisputed,
)
from domain.lot import Carrier


class Claim(StrEnum):
    """What is open about a carrier of a file."""

    OFFERED = "offered"
    DISPUTED = "disputed"


class _Mark(msgspec.Struct, kw_only=True):
    """A span: from a day and act on, until a day and act if it has ended."""

    carrier: Carrier
    on: str
    recorded: int
    ended: tuple[str, int] | None = None

    def counts(self, carrier: Carrier, on: str, known_at: int, since: int) -> bool:
        """Whether it stands on the civil day, as known at the act, for a carrier held since the act `since`."""
        if self.carrier is not carrier or self.recorded > known_at or self.on > on or self.recorded <= since:
            return False
        return self.ended is None or self.ended[1] > known_at or self.ended[0] > on


class OpenHandovers:
    """The fold. An offer of the first shape states no day, and so marks none."""

    def __init__(self) -> None:
        self._offers: dict[UUID, _Mark] = {}
        self._listed: dict[UUID, dict[UUID, None]] = {}
        self._disputes: dict[UUID, dict[UUID, _Mark]] = {}

    def feed(self, act_index: int, stream: UUID, event: Event) -> None:
        """Fold one event; others pass by."""
        match event:
            case HandoverProposed() if event.on:
                self._offers[stream] = _Mark(carrier=event.carrier, on=event.on, recorded=act_index)
            case InventoryListed():
                for line in event.lines:
                    self._listed.setdefault(line.file, {})[stream] = None
            case HandoverWithdrawn() | CustodyHandedOver():
                if stream in self._offers:
                    self._offers[stream].ended = (event.on, act_index)
            case LinesDisputed():
                for disputed in event.lines:
                    mark = _Mark(carrier=event.carrier, on=event.on, recorded=act_index)
                    self._disputes.setdefault(disputed.file, {})[stream] = mark
            case DisputesSettled():
                for settled in event.lines:
                    self._disputes[settled.file][stream].ended = (event.on, act_index)
            case _:
                pass

    def disputed_in(self, file: UUID, stream: UUID) -> bool:
        """Whether a hand-over's line was ever disputed: then its conclusion does not speak of that file."""
        return stream in self._disputes.get(file, {})

    def claim(self, file: UUID, carrier: Carrier, on: str, known_at: int, since: int) -> Claim | None:
        """What is open on the civil day, as known after act `known_at`. since: act of the holding, -1 if none."""

        def any_counts(marks: Iterable[_Mark]) -> bool:
            return any(mark.counts(carrier, on, known_at, since) for mark in marks)

        if any_counts(self._disputes.get(file, {}).values()):
            return Claim.DISPUTED
        offers = (self._offers[stream] for stream in self._listed.get(file, {}) if stream in self._offers)
        return Claim.OFFERED if any_counts(offers) else None
