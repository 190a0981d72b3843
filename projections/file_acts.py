"""The acts that concern one file beside its chain: audits that drew it, and grants of reading."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from projections.agency_acts import ConcerningAct
from projections.asking import ask
from projections.view import Connection

# Audits are few, and found by the name of their acts; a line of one names its file as text.
_ACTS: Final = """
SELECT index FROM (
    SELECT unnest(ARRAY[g.recorded, g.ended]) AS index FROM projection.access_grant AS g
    WHERE g.files @> ARRAY[%(file)s]::uuid[]
       OR g.fonds && (SELECT array_agg(f.fonds) FROM projection.file AS f WHERE f.id = %(file)s)
    UNION SELECT t.index FROM projection.act AS t
          CROSS JOIN LATERAL (SELECT e.topic, e.state FROM main_log.event AS e
                              WHERE e.position >= t.first_position AND e.position < t.first_position + t.events
                              OFFSET 0) AS e
          WHERE t.name = 'audit.record' AND e.topic = 'audit.lines-listed/1'
            AND position(convert_to(%(file)s::text, 'UTF8') IN e.state) > 0
) AS found WHERE index <= %(known_at)s ORDER BY 1
"""


def acts_beside_chain(connection: Connection, file: UUID, known_at: int) -> list[int]:
    """Indexes, rising, up to act `known_at`, of audits that drew it, and of grants that name it or its fonds."""
    return [act.index for act in ask(connection, ConcerningAct, _ACTS, file=file, known_at=known_at)]
