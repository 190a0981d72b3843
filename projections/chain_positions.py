"""The positions of the events that a file's custody rests on, for proofs: its own, its fonds', its hand-overs'."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import msgspec

from projections.asking import ask
from projections.view import Connection


class ChainEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event of the chain at its global position. type: its permanent name; at: as its act's signer claims."""

    position: int
    act: int
    stream: UUID
    type: str
    payload: bytes
    at: str


_CHAIN: Final = """
WITH one AS (SELECT id, fonds FROM projection.file WHERE id = %(file)s),
wanted (position) AS (
    SELECT e.position FROM one JOIN main_log.event AS e ON e.originator_id = one.id
    UNION SELECT e.position FROM one JOIN main_log.event AS e ON e.originator_id = one.fonds
    UNION SELECT a.position FROM one JOIN projection.assignment AS a ON a.fonds = one.fonds
    UNION SELECT e.position FROM projection.inventory_line AS l
          JOIN main_log.event AS e ON e.originator_id = l.handover
          WHERE l.file = %(file)s AND e.topic LIKE 'custody.handed-over/%%'
)
SELECT e.position, e.act_index AS act, e.originator_id AS stream, e.topic AS type, e.state AS payload, act.at
FROM wanted JOIN main_log.event AS e USING (position) JOIN projection.act ON act.index = e.act_index
ORDER BY e.position
"""


def chain_events_of(connection: Connection, file: UUID) -> list[ChainEvent]:
    """The events, in the log's order."""
    return ask(connection, ChainEvent, _CHAIN, file=file)


class StreamPosition(msgspec.Struct, frozen=True, kw_only=True):
    """Where one event of a stream lies in the log."""

    position: int
    act: int


_OF_STREAM: Final = """
SELECT position, act_index AS act FROM main_log.event WHERE originator_id = %(stream)s ORDER BY originator_version
"""


def positions_of(connection: Connection, stream: UUID) -> list[StreamPosition]:
    """Every event of a stream, in order."""
    return ask(connection, StreamPosition, _OF_STREAM, stream=stream)
