"""The peer: eventsourcing as it comes, on the same server: its aggregates, JSON, its own tables and its own order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeAlias
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

from benchmarks.proving_ground import ProvingGround
from domain.file import FileRegistered
from domain.sealed import Plain

StockArchive: TypeAlias = "Application[UUID]"


class StockFile(Aggregate):
    """A file as the library's own documentation would write it; the facts of `file.registered/1`, title in clear."""

    @event("Registered")
    def __init__(
        self,
        *,
        code: str,
        fonds: str,
        title: str,
        retention: str,
        retention_as_written: str,
        state: str,
        arranged: bool,
        held_by: str,
        held_from: str,
        block: str,
        list_no: str,
        start_date: str,
        end_date: str,
        sheets: int,
        box: str,
        place: str,
        accession: str,
    ) -> None:
        self.code = code
        self.fonds = fonds
        self.title = title
        self.retention = (retention, retention_as_written)
        self.state = (state, arranged)
        self.held = (held_by, held_from)
        self.dates = (start_date, end_date)
        self.where = (block, list_no, sheets, box, place)
        self.accession = accession


def stock_file(fact: FileRegistered) -> StockFile:
    """A new aggregate with the same facts."""
    return StockFile(
        code=fact.FileCode.text,
        fonds=str(fact.fonds),
        title=fact.Title.value if isinstance(fact.Title, Plain) else fact.Title.ct,
        retention=str(fact.Maintenance.retention),
        retention_as_written=fact.Maintenance.as_written,
        state=str(fact.state),
        arranged=fact.arranged,
        held_by=str(fact.held_by),
        held_from=fact.held_from,
        block=str(fact.block),
        list_no=fact.list_no,
        start_date=fact.StartDate,
        end_date=fact.EndDate,
        sheets=fact.sheets,
        box=fact.box,
        place=fact.place,
        accession=str(fact.accession),
    )


class Stock(Application[UUID]):
    """The stock application; its tables are `stock_events` and those it makes beside."""


@contextmanager
def stock_archive(ground: ProvingGround) -> Iterator[StockArchive]:
    """A stock application with its tables made, closed afterwards."""
    application = Stock(env=ground.peer_environment("stock"))
    try:
        yield application
    finally:
        application.close()
