"""A decided event at the place it will take in its stream."""

from __future__ import annotations

from uuid import UUID

import msgspec

from domain.event import Event


class PlacedEvent(msgspec.Struct, frozen=True):
    """version: the one it will have. owner: whose record key seals its fields."""

    stream: UUID
    version: int
    event: Event
    owner: UUID
