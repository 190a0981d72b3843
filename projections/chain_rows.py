"""The rows of a file's chain: every event on it, its fonds, its creators and their units, and the act each stands in.

Their places are found first, then their rows, and each by an index: a planner left to guess how many there are reads
the whole log instead.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from psycopg.rows import dict_row

from projections.view import Connection

_PLACES: Final = """
WITH one AS (SELECT id, fonds, accession, box FROM projection.file WHERE id = %(file)s),
gone_on AS MATERIALIZED (
    SELECT g.position, g.reorganization, g.recorded FROM one
    CROSS JOIN LATERAL (SELECT * FROM projection.fonds_gone_on AS g WHERE g.fonds = one.fonds OFFSET 0) AS g
),
creator AS (
    SELECT a.id, a.unit FROM one JOIN projection.fonds AS f ON f.id = one.fonds
    JOIN projection.agency AS a ON a.id = ANY (f.creators)
    WHERE NOT EXISTS (SELECT FROM projection.creatorship AS c
                      WHERE c.fonds = f.id AND c.creator = a.id AND (c.recorded > %(known_at)s OR c.since > %(on)s)
                        AND c.reorganization IS NOT NULL)
),
stream (id, what) AS (
    SELECT id, 'file' FROM one
    UNION ALL SELECT d.id, 'document' FROM projection.document AS d WHERE d.file = %(file)s
    UNION ALL SELECT fonds, 'fonds' FROM one
    UNION ALL SELECT id, 'agency' FROM creator
    UNION ALL SELECT unit, 'unit' FROM creator
    UNION ALL SELECT c.id, 'container' FROM one
              JOIN projection.container AS c ON c.fonds = one.fonds AND c.label = one.box
    UNION ALL SELECT accession, 'accession' FROM one WHERE accession IS NOT NULL
),
in_child AS MATERIALIZED (SELECT m.child, m.position FROM projection.child_lot_file AS m WHERE m.file = %(file)s),
assigned AS MATERIALIZED (
    SELECT a.position, a.recorded, a.reorganization FROM one JOIN projection.assignment AS a ON a.fonds = one.fonds
    WHERE a.reorganization IS NOT NULL
    UNION ALL SELECT c.position, c.recorded, c.reorganization FROM (SELECT DISTINCT child FROM in_child) AS mine
          CROSS JOIN LATERAL (SELECT * FROM projection.child_lot_assignment AS l
                              WHERE l.child = mine.child OFFSET 0) AS c
),
reorganization AS MATERIALIZED (
    SELECT a.reorganization AS id FROM assigned AS a WHERE a.recorded <= %(known_at)s
    UNION SELECT g.reorganization FROM gone_on AS g WHERE g.recorded <= %(known_at)s
),
matched AS MATERIALIZED (
    SELECT m.recorded, m.ended FROM projection.document AS d
    JOIN projection.document_match AS m ON d.id IN (m.reference, m.other) WHERE d.file = %(file)s
)
SELECT position, min(what) AS what FROM (
    SELECT e.position, s.what FROM stream AS s
          CROSS JOIN LATERAL (SELECT position FROM main_log.event WHERE originator_id = s.id OFFSET 0) AS e
    UNION ALL SELECT a.position, 'assignment' FROM assigned AS a
    UNION ALL SELECT g.position, 'fonds' FROM gone_on AS g
    UNION ALL SELECT s.position, 'assignment' FROM projection.single_assignment AS s WHERE s.file = %(file)s
    UNION ALL SELECT m.position, 'assignment' FROM in_child AS m
    UNION ALL SELECT e.position, 'reorganization' FROM reorganization AS r
          CROSS JOIN LATERAL (SELECT position FROM main_log.event WHERE originator_id = r.id AND topic IN (
              'reorganization.adopted/1', 'reorganization.enacted/1', 'reorganization.corrected/1',
              'reorganization.completed/1'
          ) AND (topic <> 'reorganization.corrected/1' OR act_index IN (SELECT recorded FROM assigned)) OFFSET 0) AS e
    UNION ALL SELECT e.position, 'handover' FROM projection.inventory_line AS l
          CROSS JOIN LATERAL (SELECT position FROM main_log.event WHERE originator_id = l.handover
                              AND NOT topic LIKE 'handover.inventory%%' OFFSET 0) AS e
          WHERE l.file = %(file)s
    UNION ALL SELECT e.position, 'match' FROM matched AS m JOIN projection.act AS t ON t.index IN (m.recorded, m.ended)
          JOIN main_log.event AS e ON e.position BETWEEN t.first_position AND t.first_position + t.events - 1
          WHERE e.topic IN ('documents.matched/1', 'documents.unmatched/1')
    UNION ALL SELECT c.position, 'continuation' FROM projection.continuation AS c WHERE %(file)s IN (c.part, c.whole)
) AS wanted GROUP BY position
"""
_EVENTS: Final = """
SELECT w.position, e.originator_id AS stream, w.what, e.topic, e.state, e.act_index, a.note, t.name, t.at,
       t.basis_code, t.basis_ref, t.first_position, t.events,
       EXISTS (SELECT FROM projection.held AS h WHERE h.file = %(file)s AND h.position = w.position) AS held
FROM unnest(%(position)s::bigint[], %(what)s::text[]) AS w (position, what)
CROSS JOIN LATERAL (SELECT * FROM main_log.event AS e WHERE e.position = w.position OFFSET 0) AS e
CROSS JOIN LATERAL (SELECT a.note FROM main_log.act AS a WHERE a.index = e.act_index OFFSET 0) AS a
CROSS JOIN LATERAL (SELECT * FROM projection.act AS t WHERE t.index = e.act_index OFFSET 0) AS t
WHERE e.act_index <= %(known_at)s
ORDER BY w.position
"""


def chain_rows(connection: Connection, file: UUID, on: str, known_at: int) -> list[dict[str, Any]]:
    """In the log's order; what was recorded after act `known_at` is left out, and who creates the fonds after a day.

    Columns: position, stream, what (the kind of thing the event is on), topic, state, act_index, note, name, at,
    basis_code, basis_ref, first_position and events of the whole act, held (whether the event put this file in
    somebody's hands).
    """
    facts: dict[str, Any] = {"file": file, "on": on, "known_at": known_at}
    with connection.cursor(row_factory=dict_row) as cursor:
        places = cursor.execute(_PLACES, facts).fetchall()
        facts |= {name: [row[name] for row in places] for name in ("position", "what")}
        return cursor.execute(_EVENTS, facts).fetchall()
