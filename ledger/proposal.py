"""Proposal: an act somebody wants done, before anything is read, decided or signed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec

from domain.event import Event
from ledger.actor import Actor
from ledger.streams import Streams
from signing.act import Basis

__all__ = ["BY_DECISION", "Basis", "Decision", "FieldOwner", "Proposal"]

BY_DECISION: Final = "decision"
"""Code of a basis whose `ref` is the number of a decision, resolution or law."""

Decision = Callable[[Streams], Mapping[UUID, Sequence[Event]]]
"""Reads streams, returns new events by stream in the order they are to stand, or raises Refusal."""

FieldOwner = Callable[[UUID, int], UUID]
"""(stream, version) -> whose key seals that event's fields."""


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """act: the command's stable name. id: UUIDv7 of the caller, the idempotency key.

    decide: may be called several times, so it must not change anything. request: the unsealed command as JSON-able
    value or Struct, for telling a retry from a reuse of the id. for_: the principal a service acts for. co_signers:
    who signs after the actor, in order. key_owners: stream -> owner of its record key; a stream absent from it owns
    its own. field_owner: when one stream's events belong to several owners; goes before key_owners.
    trace: an unsigned tracing id.
    """

    act: str
    id: UUID
    actor: Actor
    decide: Decision
    request: Any
    basis: Basis | None = None
    for_: str | None = None
    co_signers: tuple[Actor, ...] = ()
    key_owners: Mapping[UUID, UUID] = {}
    field_owner: FieldOwner | None = None
    trace: str | None = None

    @property
    def signers(self) -> tuple[Actor, ...]:
        """The actor, then the co-signers."""
        return (self.actor, *self.co_signers)

    def owners(self) -> FieldOwner:
        """Who tells whose record key seals the fields of an event."""
        if self.field_owner is not None:
            return self.field_owner
        if self.key_owners:
            owners = self.key_owners
            return lambda stream, _version: owners.get(stream, stream)
        return _its_own


def _its_own(stream: UUID, _version: int) -> UUID:
    return stream
