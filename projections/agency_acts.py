"""The acts that concern one agency: on itself, its unit, its fonds, what it gave and received, audits of what it holds,
and grants of reading to it or in its fonds."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import msgspec

from projections.asking import ask
from projections.view import Connection


class ConcerningAct(msgspec.Struct, frozen=True, kw_only=True):
    """An act by its index in the log."""

    index: int


_ACTS: Final = """
WITH one AS (SELECT id, unit FROM projection.agency WHERE id = %(agency)s),
assigned AS (
    SELECT a.position, a.reorganization FROM projection.assignment AS a
    LEFT JOIN projection.fonds AS f ON f.id = a.fonds
    WHERE a.receiver = %(agency)s OR f.creators @> ARRAY[%(agency)s]::uuid[]
    UNION ALL SELECT s.position, NULL FROM projection.single_assignment AS s WHERE s.receiver = %(agency)s
    UNION ALL SELECT c.position, c.reorganization FROM projection.child_lot_assignment AS c
    WHERE c.receiver = %(agency)s
    UNION ALL SELECT g.position, g.reorganization FROM projection.fonds_gone_on AS g
              WHERE %(agency)s = ANY (g.creators) OR %(agency)s = ANY (g.former)
),
stream (id) AS (
    SELECT id FROM one
    UNION SELECT unit FROM one
    UNION SELECT id FROM projection.fonds WHERE creators @> ARRAY[%(agency)s]::uuid[]
    UNION SELECT id FROM projection.handover WHERE %(agency)s IN (giver, receiver)
    UNION SELECT reorganization FROM assigned WHERE reorganization IS NOT NULL
    UNION SELECT id FROM projection.accession WHERE deliverer = %(agency)s
    UNION SELECT id FROM projection.access_grant
          WHERE agency = %(agency)s OR fonds && (SELECT array_agg(f.id) FROM projection.fonds AS f
                                                 WHERE f.creators @> ARRAY[%(agency)s]::uuid[])
)
SELECT index FROM (
    SELECT e.act_index AS index FROM main_log.event AS e
    WHERE e.originator_id IN (SELECT id FROM stream) OR e.position IN (SELECT position FROM assigned)
    UNION SELECT t.index FROM projection.act AS t
          CROSS JOIN LATERAL (SELECT e.topic, e.state FROM main_log.event AS e
                              WHERE e.position = t.first_position OFFSET 0) AS e
          WHERE t.name = 'audit.record' AND e.topic = 'audit.recorded/1'
            AND position(convert_to(%(agency)s::text, 'UTF8') IN e.state) > 0
) AS found WHERE index <= %(known_at)s
ORDER BY 1
"""


def acts_on_agency(connection: Connection, agency: UUID, known_at: int) -> list[int]:
    """Their indexes, rising, up to act `known_at`. Files are listed in hand-overs; what was done to one is its own."""
    return [act.index for act in ask(connection, ConcerningAct, _ACTS, agency=agency, known_at=known_at)]
