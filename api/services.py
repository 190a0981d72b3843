"""Services: what the API is wired to. Plain objects, made in one place and handed in; ports named by what is asked."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import msgspec
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from psycopg_pool import ConnectionPool

from domain.access import ReadDenied, RecordRead
from domain.sealed import SealedBlob


class AccessJournal(Protocol):
    """The access log as the API writes it."""

    def record(self, event: RecordRead | ReadDenied) -> Future[Any]:
        """Enter one reading or denial. The future resolves once the act is durable, or raises why it is not."""
        ...


class PublishedLog(Protocol):
    """One log as it was published: signed checkpoints and tiles, byte for byte."""

    def checkpoint(self) -> bytes | None:
        """The latest signed checkpoint; None before the first."""
        ...

    def tile(self, path: str) -> bytes | None:
        """The published bytes at a C2SP tile path such as `tile/0/x001/067`; None where there are none."""
        ...

    def proof(self, position: int) -> bytes:
        """The `.tlog-proof` of the event at a position. Raises Refusal `position-unknown`, `position-not-published`."""
        ...


class SealedBlobs(Protocol):
    """The deletable store of scans and texts, with the keys that open them."""

    def open_blob(self, sealed: SealedBlob, stream: UUID) -> bytes:
        """The blob's bytes. Raises Refusal `sealed-value-gone`; VerificationError when it was tampered with."""
        ...


class Services(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a request can touch.

    views: connections of the role mocban_reader, autocommit. log: the public log. access_checkpoint: the latest
    signed checkpoint of the log of reading, which is all that is public of it. clock: the time, with its zone.
    """

    views: ConnectionPool[Any]
    log: PublishedLog
    access_checkpoint: Callable[[], bytes | None]
    journal: AccessJournal
    blobs: SealedBlobs
    clock: Callable[[], datetime]
    origin: str


Wired = NamedDependency[SkipValidation[Services]]
"""How a handler asks for the services: a parameter `services: Wired`."""
