"""A prepared act: signed, encoded, ready to append; and what came of it."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

import msgspec

from domain.errors import Refusal
from ledger.receipt import Receipt
from ledger.sealed_field import SealedField
from signing.event_entry import EventEntry


class AppendStatus(StrEnum):
    """What `append` says of one act; the words are those of the database function."""

    STORED = "stored"
    KNOWN = "known"
    ACT_ID_REUSED = "act-id-reused"
    VERSION_CONFLICT = "version-conflict"
    REGISTRY_MOVED = "registry-moved"


class PreparedAct(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """digest: 32-byte request digest. guards: (stream, version) that must hold, 0 = the stream does not exist.

    registry_index: the act index up to which the key registry was read when the act was checked; -1 = none.
    Each event is a guard too: its stream must stand one version before it. sealed: ciphertexts to keep in the same
    transaction.
    """

    id: UUID
    note: bytes
    digest: bytes
    registry_index: int
    events: tuple[EventEntry, ...]
    guards: tuple[tuple[UUID, int], ...] = ()
    sealed: tuple[SealedField, ...] = ()
    trace: str | None = None

    @property
    def size(self) -> int:
        """Bytes it brings to a call, roughly."""
        size = len(self.note)
        for event in self.events:
            size += len(event.payload)
        for row in self.sealed:
            size += len(row.ciphertext)
        return size


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one act. Indexes are set for `stored` and `known`; stream for `version-conflict`."""

    status: AppendStatus
    act_index: int = -1
    first_position: int = -1
    events: int = 0
    stream: UUID | None = None

    def receipt(self, act_id: UUID) -> Receipt:
        """The receipt. Raises Refusal with the status as its code when the act was not stored."""
        match self.status:
            case AppendStatus.STORED | AppendStatus.KNOWN:
                return Receipt(
                    id=act_id, act_index=self.act_index, first_position=self.first_position, events=self.events
                )
            case AppendStatus.ACT_ID_REUSED | AppendStatus.REGISTRY_MOVED | AppendStatus.VERSION_CONFLICT:
                raise Refusal(self.status.value, act=act_id, stream=self.stream)
