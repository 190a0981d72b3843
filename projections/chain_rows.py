"""The rows of a file's chain: every event on it, its fonds, its creators and their units, and the act each stands in.

All is asked at once, with the file itself and the custody of its carriers: it is of one moment, and answered in one
go. Places in the log are found first, then their rows, each by an index (`OFFSET 0`): a planner left to guess how many
there are reads the whole log instead.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

import msgspec

from domain.disposition import disposition_stream
from domain.lot import Carrier
from projections.array_text import array_text
from projections.asking import ask_in_one, in_one
from projections.custody_queries import CUSTODY, CustodyRow
from projections.view import Connection


class ChainFile(msgspec.Struct, frozen=True, kw_only=True):
    """What the chain is of. lot: number of the file's paper lot within its fonds. box, place: as registered."""

    id: UUID
    code: str
    fonds: UUID
    lot: int
    box: str
    place: str
    digital: bool
    recorded: int


class ChainRow(msgspec.Struct, frozen=True, kw_only=True):
    """An event and its act. what: the kind of thing the event is on; state, note: their text; first_position, events:
    of the whole act; held: whether the event put this file in somebody's hands."""

    position: int
    stream: UUID
    what: str
    topic: str
    state: str
    act_index: int
    note: str
    name: str
    at: str
    basis_code: str
    basis_ref: str
    first_position: int
    events: int
    held: bool


class ChainRows(msgspec.Struct, frozen=True, kw_only=True):
    """rows: in the log's order; what was recorded later than asked is left out, and who creates the fonds after a day.

    file: None where there is none.
    """

    file: ChainFile | None
    rows: list[ChainRow]
    custody: list[CustodyRow]


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
    UNION ALL SELECT %(disposition)s, 'file'
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
_BOTH: Final = f"'{array_text(Carrier)}'::text[]"
# A payload and a note are text, so that they pass through JSON as they are.
_EVENTS: Final = f"""
SELECT w.position, e.originator_id AS stream, w.what, e.topic, convert_from(e.state, 'UTF8') AS state, e.act_index,
       convert_from(a.note, 'UTF8') AS note, t.name, t.at, t.basis_code, t.basis_ref, t.first_position, t.events,
       w.position IN (SELECT h.position FROM projection.held AS h WHERE h.file = %(file)s) AS held
FROM ({_PLACES}) AS w
CROSS JOIN LATERAL (SELECT * FROM main_log.event AS e WHERE e.position = w.position OFFSET 0) AS e
CROSS JOIN LATERAL (SELECT a.note FROM main_log.act AS a WHERE a.index = e.act_index OFFSET 0) AS a
CROSS JOIN LATERAL (SELECT * FROM projection.act AS t WHERE t.index = e.act_index OFFSET 0) AS t
WHERE e.act_index <= %(known_at)s
"""  # noqa: S608  constants of this module
_ALL: Final = f"""
SELECT json_build_object(
    'file', (SELECT row_to_json(f) FROM (
        SELECT {", ".join(ChainFile.__struct_fields__)} FROM projection.file WHERE id = %(file)s
    ) AS f),
    'rows', (SELECT coalesce(json_agg(r ORDER BY r.position), '[]') FROM ({_EVENTS}) AS r),
    'custody', (SELECT coalesce(json_agg(c), '[]') FROM ({CUSTODY.replace("%(carriers)s", _BOTH)}) AS c)
)::text
"""  # noqa: S608  constants of this module
_QUERY: Final = in_one(_ALL, file="uuid", on="text", known_at="bigint", disposition="uuid")
_decoder: Final = msgspec.json.Decoder(ChainRows)


def chain_rows(connection: Connection, file: UUID, on: str, known_at: int) -> ChainRows:
    """As of the civil day `on`, as known after act `known_at`."""
    return ask_in_one(connection, _decoder, _QUERY, file, on, known_at, disposition_stream(file))
