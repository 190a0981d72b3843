"""An archive whose database is lost: an older back-up, what was done since, exports, and the rows as they were."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from domain.access import AccessRule, RecordRead
from domain.event import Event
from domain.identifiers import derive_id
from domain.sealed import Plain
from ledger.act_id import new_act_id
from ledger.bulk import BulkAppender
from ledger.bulk_draft import draft
from ledger.founding import Enrolment, enrol
from ledger.log_name import LogName
from ledger.proposal import Proposal
from ledger.streams import Streams
from mocban.bootstrap import Product, open_product
from mocban.database import Databases
from mocban.drills.appointments import appointment, do_appoint
from mocban.offices import Office
from mocban.publication import publish
from mocban.settings import Settings
from tests.failures.conftest import Archive, archive_on
from tests.ledger.conftest import new_actor

ROWS = {
    "act": "SELECT index, id, note, first_position, events FROM {log}.act ORDER BY index",
    "event": "SELECT * FROM {log}.event ORDER BY position",
    "head": "SELECT * FROM {log}.head",
    "latest": "SELECT size, note FROM {log}.latest_checkpoint",
    "views": "SELECT a::text, NULL FROM projection.act AS a UNION SELECT p::text, NULL FROM projection.principal AS p "
    "ORDER BY 1",
}


OFFICES = 30
"""Events of the act that is large for this test."""


class Lost(msgspec.Struct, frozen=True, kw_only=True):
    """An archive, its main database as of an older back-up, exports of both logs, acts done since, and its rows."""

    archive: Archive
    older: str
    exports: Path
    since: list[Any]
    rows: dict[str, list[Any]]

    def restored(self, home: Path) -> Settings:
        """A fresh copy of the back-up, and of the data folder as it was last."""
        shutil.copytree(self.archive.settings.home, home)
        settings = self.archive.with_databases(main=self.archive.copy(self.older))
        return msgspec.structs.replace(settings, home=home)


def rows_of(url: str | None) -> dict[str, list[Any]]:
    """Everything of both logs that was published, and a view."""
    assert url is not None
    with psycopg.connect(url) as connection:
        return {
            f"{log} {name}": connection.execute(text.format(log=log).encode()).fetchall()
            for log in LogName
            for name, text in ROWS.items()
        }


def losing(databases: Databases, folder: Path) -> Iterator[Lost]:
    """Published, backed up; then acts by command and in bulk, a registry act, a reading; published and exported."""
    making = archive_on(databases, folder / "home")
    archive = next(making)
    with open_product(archive.settings) as product:
        do_appoint(product, new_act_id())
        publish(product)
    older = archive.copy(archive.settings.database_url)
    since = [new_act_id() for _ in range(4)]
    with open_product(archive.settings) as product:
        for act_id in since:
            do_appoint(product, act_id)
        _join(product)
        _in_bulk(product)
        event = RecordRead(reader=Plain("reader"), records=(since[0],), what="scan", rule=AccessRule.HOLDER)
        product.journal.record(event, "reader").result(10)
        publish(product)
        product.main_log.export(folder / "log")
        product.access_log.export(folder / "access")
        _fold(product)
    rows = rows_of(archive.settings.database_url)
    yield Lost(archive=archive, older=older, exports=folder, since=since, rows=rows)
    next(making, None)


def _join(product: Product) -> None:
    """One more key: an act that moves the registry."""
    registrar = product.actor(Office.REGISTRAR)
    for ledger in (product.main, product.access):
        enrol(ledger, [registrar], [Enrolment(actor=new_actor())])


def _in_bulk(product: Product) -> None:
    """One act of many events."""
    act_id = new_act_id()
    people = [derive_id(product.secret.ids, "many", f"{act_id} {number}") for number in range(OFFICES)]

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        streams.load_many(people, 0, lambda seen, _: seen + 1)
        return {one: [appointment(act_id)] for one in people}

    archivist = product.actor(Office.ARCHIVIST)
    made, _ = draft(
        product.main,
        Proposal(act="principal.appoint", id=act_id, actor=archivist, decide=decide, request={"many": str(act_id)}),
    )
    appender = BulkAppender(product.main, product.databases.main_url("mocban_bulk"))
    assert appender.append(made, [archivist]).events == OFFICES
    appender.close()


def _fold(product: Product) -> None:
    for runner in product.runners():
        runner.drain()
        runner.stop()
