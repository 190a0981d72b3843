"""A reading desk for tests: the application over a real database, and what stands beside it."""

from __future__ import annotations

from concurrent.futures import Future
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from domain.access import ReadDenied, RecordRead
from domain.errors import Refusal
from domain.sealed import SealedBlob

NOON = datetime(2026, 7, 1, 5, 0, tzinfo=UTC)


class RecordingJournal(msgspec.Struct):
    """An access journal that keeps what it was given; broken, it fails as one whose database is gone."""

    events: list[RecordRead | ReadDenied] = []
    broken: bool = False

    def record(self, event: RecordRead | ReadDenied) -> Future[Any]:
        future: Future[Any] = Future()
        if self.broken:
            future.set_exception(Refusal("access-not-recorded"))
        else:
            self.events.append(event)
            future.set_result(None)
        return future


class ShelvedLog(msgspec.Struct):
    """A published log of given bytes."""

    files: dict[str, bytes] = {}
    note: bytes | None = None

    def checkpoint(self) -> bytes | None:
        return self.note

    def tile(self, path: str) -> bytes | None:
        return self.files.get(path)

    def proof(self, position: int) -> bytes:
        raise Refusal("position-not-published", position=position)


class NoBlobs:
    """A store from which everything was destroyed."""

    def open_blob(self, sealed: SealedBlob, stream: UUID) -> bytes:
        raise Refusal("sealed-value-gone", stream=stream, pointer=sealed.blob)
