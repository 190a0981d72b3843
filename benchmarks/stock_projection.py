"""The peer of a rebuild: eventsourcing's own ProjectionRunner, with one row and one transaction an event."""

from __future__ import annotations

from time import perf_counter
from typing import Any, Final

import psycopg
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresDatastore, PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.sql import SQL, Identifier
from typing_extensions import override

from benchmarks.file_rows import Deliveries
from benchmarks.proving_ground import PEER, ProvingGround
from benchmarks.rounds import Run, Work
from benchmarks.stock_peer import Stock, stock_archive, stock_file

TABLE: Final = "stock_file_row"
PATIENCE: Final = 300.0
_COUNT: Final = f"SELECT count(*) FROM {PEER}.{TABLE}"  # noqa: S608  two constants of ours


class StockFileRows(PostgresTrackingRecorder):
    """A row a file, written with its tracking in one transaction, as the library's documentation has it."""

    def __init__(self, datastore: PostgresDatastore, **kwargs: Any) -> None:
        super().__init__(datastore, **kwargs)
        table = {"schema": Identifier(PEER), "table": Identifier(TABLE)}
        self.sql_create_statements.append(
            SQL(
                "CREATE TABLE IF NOT EXISTS {schema}.{table} "
                "(id uuid PRIMARY KEY, code text, title text, fonds text, retention text, box text)"
            ).format(**table)
        )
        self._insert = SQL("INSERT INTO {schema}.{table} VALUES (%s, %s, %s, %s, %s, %s)").format(**table)

    def add(self, registered: Any, tracking: Tracking) -> None:
        """One event."""
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            row = registered.originator_id, registered.code, registered.title, registered.fonds, registered.retention
            cursor.execute(self._insert, (*row, registered.box), prepare=True)


class StockFiles(Projection[StockFileRows]):
    """The projection."""

    name = "stockfiles"

    @override
    def process_event(self, domain_event: DomainEventProtocol[Any], tracking: Tracking) -> None:
        """Its log holds events of one class only, so there is nothing to dispatch on."""
        self.view.add(domain_event, tracking)


class StockProjecting:
    """A stock log of its own, and runs of the stock runner over it from the beginning."""

    def __init__(self, ground: ProvingGround, events: int) -> None:
        self.events = events
        self._ground = ground
        self._environment = ground.peer_environment("stock")
        entries = Deliveries(ground.product.naming).entries(events)
        with stock_archive(ground) as archive:
            for at in range(0, events, 500):
                archive.save(*(stock_file(entry.fact) for entry in entries[at : at + 500]))

    def ready(self, _number: int) -> Run:
        """Forget what an earlier run folded."""
        self._forget()
        return self._project

    def _project(self) -> Work:
        """Drain the log into an empty view."""
        began = perf_counter()
        with ProjectionRunner(
            application_class=Stock, projection_class=StockFiles, view_class=StockFileRows, env=self._environment
        ) as runner:
            runner.wait(runner.app.recorder.max_notification_id(), timeout=PATIENCE)
            seconds = perf_counter() - began
        rows = self._ground.rows(_COUNT)[0][0]
        assert rows == self.events, f"the stock runner folded {rows} of {self.events} events"
        return Work(self.events, seconds)

    def _forget(self) -> None:
        with psycopg.connect(self._ground.admin, autocommit=True) as connection:
            for table in (TABLE, f"{StockFiles.name}_tracking"):
                connection.execute(f"DROP TABLE IF EXISTS {PEER}.{table}".encode())
