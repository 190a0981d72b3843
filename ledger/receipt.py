"""Receipt: where an act came to lie."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import msgspec

RECOVERED: Final = bytes(32)
"""In place of the request digest of an act that came back from published tiles: no request has it."""


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """An act that is durable. act_index: its leaf; first_position: of its first event; events: how many."""

    id: UUID
    act_index: int
    first_position: int
    events: int

    @property
    def position(self) -> int:
        """The `Ledger-Position` that a reader must have seen: one more than the last event's position."""
        return self.first_position + self.events
