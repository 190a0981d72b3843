"""A view of one row an event, of as many columns as the stock peer's, so that both do the same work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import psycopg

from benchmarks.proving_ground import ProvingGround
from domain.event import Event
from domain.events import EVENT_TYPES, event_type
from projections.page_rows import AppendedRows, Table
from projections.view import Cursor, Recorded

EVENT_ROW: Final = Table(
    name="event_row",
    columns={
        "position": "bigint",
        "stream": "uuid",
        "version": "bigint",
        "type": "text",
        "actor": "uuid",
        "at": "text",
    },
)
_CREATE: Final = b"""
CREATE TABLE projection.event_row
    (position bigint PRIMARY KEY, stream uuid, version bigint, type text, actor uuid, at text);
ALTER TABLE projection.event_row OWNER TO mocban_owner;
GRANT SELECT, INSERT, UPDATE, DELETE ON projection.event_row TO mocban_projector;
"""


def make_event_rows(ground: ProvingGround) -> None:
    """Add the view's table to a throwaway database."""
    with psycopg.connect(ground.admin, autocommit=True) as connection:
        connection.execute(_CREATE)


class EventRows:
    """The view. It asks for every kind of event, so every one is decoded."""

    name = "event_rows"
    tables = ("event_row",)
    reads: frozenset[type[Event]] = frozenset(EVENT_TYPES.values())

    def fold(self, cursor: Cursor, page: Sequence[Recorded]) -> None:
        """One row each; an event of the key registry is of no kind of the record's and has none."""
        rows = AppendedRows(EVENT_ROW)
        for recorded in page:
            if recorded.event is not None:
                act, kind = recorded.act, event_type(type(recorded.event))
                rows.add(recorded.position, recorded.stream, recorded.version, kind, act.actor, act.at)
        rows.write(cursor)
