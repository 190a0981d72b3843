"""A plan as it was drafted, folded from the events of its act."""

from __future__ import annotations

from typing import Final, cast
from uuid import UUID

from psycopg.rows import tuple_row

from domain.errors import Refusal
from domain.plan import Plan
from domain.reorganization import Reorganization, ReorganizationDrafted, ReorganizationEvent, evolve
from ledger.mapper import EventMapper
from projections.view import Connection

_DRAFT: Final = b"""
SELECT topic, state FROM main_log.event WHERE originator_id = %(id)s AND act_index = (
    SELECT act_index FROM main_log.event WHERE originator_id = %(id)s AND originator_version = 1
) ORDER BY originator_version
"""
_decode: Final = EventMapper().decode


def drafted_plan(connection: Connection, reorganization: UUID) -> Plan:
    """The plan of a reorganization. Raises Refusal `reorganization-unknown`."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        rows = cursor.execute(_DRAFT, {"id": reorganization}).fetchall()
    events = [_decode(topic, bytes(state)) for topic, state in rows]
    if not events or not isinstance(events[0], ReorganizationDrafted):
        raise Refusal("reorganization-unknown")
    state: Reorganization | None = None
    for event in events:
        state = evolve(state, cast("ReorganizationEvent", event))
    assert state is not None
    return state.plan
