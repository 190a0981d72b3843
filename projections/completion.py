"""What of a reorganization still awaits: files, by carrier, of its fonds and of the child lots that it assigned, which
nobody must have or somebody else has.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from projections.single_assignment import IN_FORCE, supposed
from projections.view import Connection

_AWAITING: Final = """
WITH single AS ({single}),
content AS (
    SELECT fonds, lot, holder, files, NULL::uuid AS own, false AS apart FROM projection.lot_content
    UNION ALL SELECT fonds, lot, holder, -1, NULL, false FROM single
    UNION ALL SELECT fonds, lot, holder, 1, receiver, true FROM single
)
SELECT coalesce(sum(c.files), 0)::bigint
FROM content AS c
LEFT JOIN LATERAL (
    SELECT a.receiver FROM projection.assignment AS a
    WHERE a.fonds = c.fonds AND (a.lots >> c.lot) & 1 = 1 AND a.effective <= %(on)s
    ORDER BY a.effective DESC, a.recorded DESC, a.position LIMIT 1
) AS must ON true
WHERE (c.fonds IN (SELECT fonds FROM projection.assignment WHERE reorganization = %(reorganization)s)
       OR c.apart AND c.fonds IN (SELECT l.fonds FROM projection.child_lot_assignment AS a
                                  JOIN projection.child_lot AS l ON l.id = a.child
                                  WHERE a.reorganization = %(reorganization)s))
  AND CASE WHEN c.apart THEN c.own ELSE must.receiver END IS DISTINCT FROM c.holder
""".replace("{single}", IN_FORCE.format(day="%(on)s"))


def awaiting_files(connection: Connection, reorganization: UUID, on: str) -> int:
    """How many on the civil day, by the newest belief."""
    row = connection.execute(_AWAITING, {"reorganization": reorganization, "on": on, **supposed()}).fetchone()
    assert row is not None
    return int(row[0])
