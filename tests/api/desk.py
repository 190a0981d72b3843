"""Stand-ins for what cannot be had on demand: a journal that is down, one that only remembers."""

from __future__ import annotations

from concurrent.futures import Future
from datetime import UTC, datetime

import msgspec

from domain.access import ReadDenied, RecordRead
from domain.errors import Refusal
from domain.sealed import Plain

NOON = datetime(2026, 7, 1, 5, 0, tzinfo=UTC)


class RememberingJournal(msgspec.Struct):
    """An access journal that keeps what it was given."""

    events: list[RecordRead | ReadDenied] = []

    def record(self, event: RecordRead | ReadDenied, reader: str) -> Future[int]:
        assert isinstance(event.reader, Plain)
        assert event.reader.value == reader
        self.events.append(event)
        future: Future[int] = Future()
        future.set_result(len(self.events))
        return future


class FailingJournal:
    """An access journal whose database is gone: the future fails."""

    def record(self, event: RecordRead | ReadDenied, reader: str) -> Future[int]:  # noqa: ARG002  the port's shape
        future: Future[int] = Future()
        future.set_exception(Refusal("access-not-recorded"))
        return future


class FullJournal:
    """An access journal that takes no more."""

    def record(self, event: RecordRead | ReadDenied, reader: str) -> Future[int]:  # noqa: ARG002  the port's shape
        raise Refusal("access-not-recorded")


class SilentJournal(msgspec.Struct):
    """An access journal that never answers."""

    futures: list[Future[int]] = []

    def record(self, event: RecordRead | ReadDenied, reader: str) -> Future[int]:  # noqa: ARG002  the port's shape
        self.futures.append(Future())
        return self.futures[-1]
