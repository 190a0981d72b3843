"""Services: what the API is wired to. Plain objects, made in one place and handed in; ports named by what is asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Protocol
from uuid import UUID

import msgspec
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from psycopg_pool import ConnectionPool

from api.act_request import AnyActRequest
from domain.access import ReadDenied, RecordRead
from domain.errors import Refusal
from domain.sealed import SealedBlob
from ledger.log_store import LogStore
from ledger.prepared_file import PreparedFile
from ledger.receipt import Receipt
from ledger.rolling_check import RowsStanding
from projections.chain import Chain
from projections.readers import FileUse


class AccessJournal(Protocol):
    """The access log as the API writes it."""

    def record(self, event: RecordRead | ReadDenied, reader: str) -> Future[int]:
        """Enter one reading or denial. The future resolves once it is durable, or raises why it is not.

        reader: the actor id whose key seals who read. Raises Refusal `access-not-recorded` when too many wait.
        """
        ...


class SealedBlobs(Protocol):
    """The deletable store of scans and texts, with the keys that open them."""

    def open_blob(self, sealed: SealedBlob, stream: UUID) -> bytes:
        """The blob's bytes. Raises Refusal `sealed-value-gone`; VerificationError when it was tampered with."""
        ...


class ActDesk(Protocol):
    """Acts that are signed elsewhere. Every call says by whom: the actor whom the token speaks for."""

    def prepare(self, asked: AnyActRequest, by: UUID) -> PreparedFile:
        """The act as a file to be signed, with its summary; kept until then. Raises Refusal."""
        ...

    def waiting(self, act_id: UUID, by: UUID) -> PreparedFile:
        """The file of an act that waits. Raises Refusal `prepared-act-unknown`."""
        ...

    def submit(self, file: PreparedFile, by: UUID) -> Receipt:
        """Append the act, once. Raises Refusal."""
        ...


class NoDesk:
    """Where no acts are taken: a server that only reads."""

    def prepare(self, asked: AnyActRequest, by: UUID) -> PreparedFile:  # noqa: ARG002  the port's shape
        """Raises Refusal `acts-not-taken`."""
        raise Refusal("acts-not-taken")

    def waiting(self, act_id: UUID, by: UUID) -> PreparedFile:  # noqa: ARG002
        """Raises Refusal `acts-not-taken`."""
        raise Refusal("acts-not-taken")

    def submit(self, file: PreparedFile, by: UUID) -> Receipt:  # noqa: ARG002
        """Raises Refusal `acts-not-taken`."""
        raise Refusal("acts-not-taken")


class PreviewForm(StrEnum):
    """What a preview is wanted as: a report, a workbook, or a picture of one unit or one former district."""

    JSON = "json"
    XLSX = "xlsx"
    SVG = "svg"


PREVIEW_MEDIA: Final = {
    PreviewForm.JSON: "application/json",
    PreviewForm.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    PreviewForm.SVG: "image/svg+xml",
}


class PreviewWish(msgspec.Struct, frozen=True, kw_only=True):
    """plan, against: a plan file's bytes (YAML, JSON or a workbook), or the id of a plan that was drafted."""

    plan: bytes | UUID
    against: bytes | UUID | None = None
    unit: str | None = None
    former_district: str | None = None
    form: PreviewForm = PreviewForm.JSON


class Previews(Protocol):
    """What would be, by a plan; nothing is written."""

    def made(self, wish: PreviewWish) -> tuple[int, bytes]:
        """HTTP status and what was wished for, or a problem with a plan's faults. Raises Refusal of a wrong wish."""
        ...


class NoPreviews:
    """Where no plan can be read."""

    def made(self, wish: PreviewWish) -> tuple[int, bytes]:
        """Raises Refusal `address-unknown`."""
        del wish
        raise Refusal("address-unknown")


class Services(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a request can touch.

    views: connections of the role mocban_reader, autocommit. log: the main log, public. access_log: the log of
    reading, of which only the checkpoint is public. blobs: the ledger's `Unsealer`. clock: the time, with its zone.
    rows: what the rolling check of rows against tiles has found. warnings: what else somebody should look at.
    desk: where acts are prepared and submitted. previews: what a plan would bring.
    """

    views: ConnectionPool[Any]
    log: LogStore
    access_log: LogStore
    journal: AccessJournal
    blobs: SealedBlobs
    clock: Callable[[], datetime]
    origin: str
    draw_chain: Callable[[Chain, FileUse], str]
    rows: Callable[[], RowsStanding] = RowsStanding
    warnings: Callable[[], Sequence[Refusal]] = tuple
    desk: ActDesk = NoDesk()
    previews: Previews = NoPreviews()


Wired = NamedDependency[SkipValidation[Services]]
"""How a handler asks for the services: a parameter `services: Wired`."""
