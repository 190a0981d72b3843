"""How far each view has folded its log: eventsourcing's tracking, one row a view, in the page's own transaction.

Position here is `Ledger-Position`: the position of the last folded event + 1, eventsourcing's notification id.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, cast

from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from psycopg.rows import tuple_row

from domain.errors import Refusal
from ledger.pools import SchemaDatastore
from projections.view import Cursor

SCHEMA: Final = "projection"
REBUILD_SCHEMA: Final = "projection_rebuild"
_POLL_SECONDS: Final = 0.02

_BEGIN: Final = "INSERT INTO projection.tracking SELECT unnest(%s::text[]), 0 ON CONFLICT DO NOTHING"
_KNOWN: Final = "SELECT application_name, notification_id FROM projection.tracking WHERE application_name = ANY(%s)"
_LOCKED: Final = f"{_KNOWN} ORDER BY application_name FOR UPDATE"
_RESTART: Final = "UPDATE projection.tracking SET notification_id = %s WHERE application_name = ANY(%s)"


class ProjectionDatastore(SchemaDatastore):
    """The pool of the views; its role must be `mocban_projector`, or `mocban_reader` to wait only."""

    def __init__(self, conninfo: str, pool_size: int = 1, max_overflow: int = 3) -> None:
        super().__init__(conninfo, SCHEMA, pool_size=pool_size, max_overflow=max_overflow)


class ViewTracking(PostgresTrackingRecorder):
    """The tracking rows of the views of one log. The table is the migrations' (`create_table` is never called)."""

    def __init__(self, datastore: ProjectionDatastore, views: Sequence[str]) -> None:
        super().__init__(datastore, tracking_table_name="tracking")
        self.views = sorted(views)

    def position(self) -> int:
        """Up to which Ledger-Position every view has folded; 0 before the first event."""
        with self.datastore.get_connection() as connection, connection.cursor(row_factory=tuple_row) as cursor:
            known = self._positions(cursor, _KNOWN)
        return min(known.get(view, 0) for view in self.views)

    @contextmanager
    def transaction(self, schema: str = SCHEMA) -> Iterator[Cursor]:
        """A transaction whose unqualified tables are those of `schema`."""
        with (
            self.datastore.get_connection() as connection,
            connection.transaction(),
            connection.cursor(row_factory=tuple_row) as cursor,
        ):
            cursor.execute(f"SET LOCAL search_path = {schema}, pg_temp".encode())
            if schema == REBUILD_SCHEMA:  # a clone that is lost in a crash is made anew
                cursor.execute("SET LOCAL synchronous_commit = off")
            yield cursor

    def take(self, cursor: Cursor) -> dict[str, int]:
        """Lock the views' tracking rows, made when absent; of two runners one waits here. Position by view."""
        positions = self._positions(cursor, _LOCKED)
        if len(positions) < len(self.views):
            cursor.execute(_BEGIN, (self.views,))
            positions = self._positions(cursor, _LOCKED)
        return positions

    def lock(self, cursor: Cursor) -> int:
        """As `take`: the one position that all views are at.

        Raises Refusal `projection-needs-rebuild` when a view is not where the others are, such as a new one.
        """
        positions = self.take(cursor)
        behind = min(self.views, key=lambda view: positions[view])
        if len({*positions.values()}) > 1:
            raise Refusal("projection-needs-rebuild", view=behind)
        return positions[behind]

    def record(self, cursor: Cursor, position: int) -> None:
        """Every view has folded up to `position`; committed with what it folded."""
        for view in self.views:
            self._insert_tracking(cast("Any", cursor), Tracking(view, position))

    def restart(self, cursor: Cursor, position: int) -> None:
        """The views were rebuilt up to `position`, whatever they were at before. Only after `take`."""
        cursor.execute(_RESTART, (position, self.views))

    def wait_for(self, position: int, timeout: float = 2.0) -> None:
        """Read your writes: return once every view has folded up to a Ledger-Position. timeout: seconds.

        Raises Refusal `projection-lags` when that takes longer.
        """
        until = time.monotonic() + timeout
        while (reached := self.position()) < position:
            if time.monotonic() >= until:
                raise Refusal("projection-lags", position=position, reached=reached)
            time.sleep(_POLL_SECONDS)

    def _positions(self, cursor: Cursor, query: str) -> dict[str, int]:
        return dict(cursor.execute(query.encode(), (self.views,)).fetchall())
