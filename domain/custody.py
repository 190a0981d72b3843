"""Custody (quản lý, lưu giữ): who must have a file, who has it. Two facts, kept apart, replayed from events.

Bitemporal: *valid* is civil days in law, *recorded* is the act index. Nothing is overwritten; a later act is a
newer belief, and what was believed at an earlier index stays answerable. Assignment is per lot, possession
per file and carrier; a reorganization therefore costs one event per fonds, whatever the fonds holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, TypeVar
from uuid import UUID

import msgspec

from domain.apart import Apart
from domain.event import Event
from domain.file import FileDigitized, FileRegistered, lot_key
from domain.fonds import FondsOpened
from domain.handover import CustodyHandedOver, DisputesSettled, InventoryListed, Outcome
from domain.lot import Carrier, LotKey
from domain.open_handover import Claim, OpenHandovers
from domain.reorganization import FondsAssigned


class HoldingState(StrEnum):
    """Held by its keeper, from the first or received; offered or disputed; or kept where it is while it awaits."""

    HELD = "held"
    RECEIVED = "received"
    OFFERED = "offered"
    DISPUTED = "disputed"
    AWAITING_RECEIVER = "awaiting-receiver"
    AWAITING_HANDOVER = "awaiting-hand-over"


class Assigned(msgspec.Struct, frozen=True, kw_only=True):
    """A lot's or fonds' assignment from a day on. `receiver` None: no one named yet, it awaits."""

    effective: str
    recorded: int
    receivers: Mapping[LotKey, UUID | None] | None
    creator: UUID | None = None

    def receiver(self, key: LotKey) -> UUID | None:
        """Who must have the lot."""
        return self.creator if self.receivers is None else self.receivers.get(key)


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A carrier of a file in somebody's hands from a day on. received: by a hand-over."""

    effective: str
    recorded: int
    holder: UUID
    received: bool = False


class Custody(msgspec.Struct, frozen=True, kw_only=True):
    """The answer for one file and carrier, on a day, as known at an act index.

    because_assigned, because_held: the acts it rests on, -1 where nothing is known.
    """

    assigned_to: UUID | None
    held_by: UUID | None
    state: HoldingState
    because_assigned: int
    because_held: int
    known: bool


UNKNOWN: Final = Custody(
    assigned_to=None,
    held_by=None,
    state=HoldingState.AWAITING_RECEIVER,
    because_assigned=-1,
    because_held=-1,
    known=False,
)
"""The answer about a file that was not registered yet, or that nobody has."""


_Fact = TypeVar("_Fact", Assigned, Held)


class CustodyReplay:
    """The fold of a whole ledger into custody. Feed events in order with their act index; then ask.

    It needs no key: everything that it reads lies in clear in the events.
    """

    def __init__(self) -> None:
        self._files: dict[UUID, FileRegistered] = {}
        self._registered_at: dict[UUID, int] = {}
        self._assigned: dict[UUID, list[Assigned]] = {}
        self._held: dict[tuple[UUID, Carrier], list[Held]] = {}
        self._apart = Apart()
        self._inventories: dict[UUID, list[UUID]] = {}
        self._open = OpenHandovers()

    @property
    def files(self) -> Mapping[UUID, FileRegistered]:
        """Every file known, by id."""
        return self._files

    def feed(self, act_index: int, stream: UUID, event: Event) -> None:
        """Fold one event; those that do not touch custody pass by."""
        self._open.feed(act_index, stream, event)
        self._apart.feed(act_index, stream, event)
        match event:
            case FondsOpened():
                opened = Assigned(
                    effective=event.opened_from, recorded=act_index, receivers=None, creator=event.creators[0]
                )
                self._assigned.setdefault(stream, []).append(opened)
            case FondsAssigned():
                assigned = Assigned(effective=event.effective, recorded=act_index, receivers=event.receivers())
                self._assigned.setdefault(event.fonds, []).append(assigned)
            case FileRegistered():
                self._files[stream] = event
                self._registered_at[stream] = act_index
                self._hold(stream, Carrier.PAPER, event.held_from, act_index, event.held_by)
            case FileDigitized():
                self._hold(stream, Carrier.DIGITAL, event.held_from, act_index, event.held_by)
            case _:
                self._feed_handover(act_index, stream, event)

    def _feed_handover(self, act_index: int, stream: UUID, event: Event) -> None:
        match event:
            case InventoryListed():
                self._inventories.setdefault(stream, []).extend(line.file for line in event.lines)
            case CustodyHandedOver():
                for file in self._inventories.get(stream, []):
                    if not self._open.disputed_in(file, stream):
                        self._hold(file, event.carrier, event.on, act_index, event.receiver, received=True)
            case DisputesSettled():
                for line in event.lines:
                    if line.outcome is Outcome.ACCEPTED:
                        self._hold(line.file, event.carrier, event.on, act_index, event.receiver, received=True)
            case _:
                pass

    def ask(self, file: UUID, carrier: Carrier, on: str, known_at: int) -> Custody:
        """Who must have and who has the carrier of a file on the civil day, as known after act `known_at`."""
        registered = self._files.get(file)
        if registered is None or self._registered_at[file] > known_at:
            return UNKNOWN
        held = _newest(self._held.get((file, carrier), []), on, known_at)
        must, because = self._must_have(registered, file, carrier, on, known_at)
        has = held.holder if held else None
        claim = self._open.claim(file, carrier, on, known_at, held.recorded if held else -1)
        return Custody(
            assigned_to=must,
            held_by=has,
            state=state_of(must, has, received=held is not None and held.received, claim=claim),
            because_assigned=because,
            because_held=held.recorded if held else -1,
            known=held is not None,
        )

    def _must_have(
        self, registered: FileRegistered, file: UUID, carrier: Carrier, on: str, known_at: int
    ) -> tuple[UUID | None, int]:
        """Who, by which act (-1: none): by the file's own decision or child lot, else what its lot is assigned to."""
        apart = self._apart.must_have(file, carrier, lot_key(registered, carrier), on, known_at)
        if apart is not None:
            return apart
        assigned = _newest(self._assigned.get(registered.fonds, []), on, known_at)
        return (assigned.receiver(lot_key(registered, carrier)), assigned.recorded) if assigned else (None, -1)

    def _hold(
        self, file: UUID, carrier: Carrier, effective: str, recorded: int, holder: UUID, *, received: bool = False
    ) -> None:
        held = Held(effective=effective, recorded=recorded, holder=holder, received=received)
        self._held.setdefault((file, carrier), []).append(held)


def state_of(
    assigned_to: UUID | None, held_by: UUID | None, *, received: bool = False, claim: Claim | None = None
) -> HoldingState:
    """What the two facts say together, and what a hand-over that is not concluded says.

    In this order: disputed, offered, awaiting a receiver to be named, awaiting its hand-over, received, held.
    """
    if claim is not None:
        return HoldingState(claim.value)
    if assigned_to is None:
        return HoldingState.AWAITING_RECEIVER
    if assigned_to != held_by:
        return HoldingState.AWAITING_HANDOVER
    return HoldingState.RECEIVED if received else HoldingState.HELD


def _newest(facts: list[_Fact], on: str, known_at: int) -> _Fact | None:
    """The fact in force on the day among those known: the latest effective day wins, then the latest act."""
    known = [fact for fact in facts if fact.recorded <= known_at and fact.effective <= on]
    return max(known, key=lambda fact: (fact.effective, fact.recorded), default=None)
