"""Questions of holdings: what must an agency have, what has reached it, what awaits.

A lot counts once something is in it.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

import msgspec
from psycopg.rows import tuple_row

from domain.lot import Carrier
from projections.asking import ask
from projections.single_assignment import IN_FORCE, supposed
from projections.view import Connection


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """How much. files: file-carriers of the one carrier. boxes: of paper only."""

    fonds: int = 0
    lots: int = 0
    files: int = 0
    documents: int = 0
    boxes: int = 0


class AgencyHoldings(msgspec.Struct, frozen=True, kw_only=True):
    """One agency, one carrier. must_have: assigned to it. has: in its hands. to_come: assigned, in other hands.

    to_give: in its hands, assigned to another. awaiting: in its hands, assigned to nobody yet.
    """

    carrier: Carrier
    must_have: Figures
    has: Figures
    to_come: Figures
    to_give: Figures
    awaiting: Figures


# Every lot's content beside the assignment in force on the day. An assignment is one event: one position. Files with a
# decision of their own are few: taken out of their lots, then counted by themselves.
_CONTENT: Final = """
WITH fact AS (
    SELECT fonds, effective, recorded, position, lots, receiver FROM projection.assignment
    WHERE effective <= %(on)s{within}
),
newest AS (
    SELECT DISTINCT ON (fonds) fonds, position FROM fact ORDER BY fonds, effective DESC, recorded DESC, position
),
single AS MATERIALIZED ({single}),
apart AS MATERIALIZED (
    SELECT fonds, lot, holder, box, count(*) AS files, sum(documents) AS documents FROM single GROUP BY 1, 2, 3, 4
),
content AS (
    SELECT c.fonds, c.lot, c.holder, c.box, c.files - coalesce(apart.files, 0) AS files,
           c.documents - coalesce(apart.documents, 0) AS documents, fact.receiver,
           CASE WHEN c.lot & 1 = 0 THEN 'paper' ELSE 'digital' END AS carrier
    FROM fact JOIN newest USING (fonds, position)
    JOIN projection.lot_content AS c ON c.fonds = fact.fonds AND (fact.lots >> c.lot) & 1 = 1
    LEFT JOIN apart ON (apart.fonds, apart.lot, apart.holder, apart.box) = (c.fonds, c.lot, c.holder, c.box)
    WHERE c.files > coalesce(apart.files, 0)
    UNION ALL SELECT fonds, lot, holder, box, 1, documents, receiver, carrier FROM single
)
""".replace("{single}", IN_FORCE.format(day="%(on)s"))
_EVERYWHERE: Final = _CONTENT.replace("{within}", "")
_OF_AGENCY: Final = _CONTENT.replace(
    "{within}",
    """ AND fonds IN (
        SELECT fonds FROM projection.assignment WHERE receiver = %(agency)s
        UNION SELECT fonds FROM projection.lot_content WHERE holder = %(agency)s)""",
)
_COUNTED: Final = """
jsonb_build_object(
    'fonds', count(DISTINCT fonds) FILTER (WHERE {which}), 'lots', count(DISTINCT (fonds, lot)) FILTER (WHERE {which}),
    'files', coalesce(sum(files) FILTER (WHERE {which}), 0),
    'documents', coalesce(sum(documents) FILTER (WHERE {which}), 0),
    'boxes', count(DISTINCT (fonds, box)) FILTER (WHERE box <> '' AND {which}))
"""


def _counted(which: str) -> str:
    return _COUNTED.replace("{which}", which)


_AGENCY: Final = f"""{_OF_AGENCY}
SELECT carrier,
    {_counted("receiver = %(agency)s")} AS must_have,
    {_counted("holder = %(agency)s")} AS has,
    {_counted("receiver = %(agency)s AND holder <> %(agency)s")} AS to_come,
    {_counted("holder = %(agency)s AND receiver <> %(agency)s")} AS to_give,
    {_counted("holder = %(agency)s AND receiver IS NULL")} AS awaiting
FROM content GROUP BY carrier ORDER BY carrier DESC
"""  # noqa: S608  constants of this module
_AWAITING: Final = f"""{_EVERYWHERE}
SELECT count(DISTINCT (fonds, lot)) FROM content WHERE receiver IS NULL
"""  # noqa: S608  constants of this module


def of_agency(connection: Connection, agency: UUID, on: str) -> list[AgencyHoldings]:
    """An agency's holdings on the civil day, paper first; a carrier with nothing is absent."""
    return ask(connection, AgencyHoldings, _AGENCY, agency=agency, on=on, **supposed())


def awaiting_lots(connection: Connection, on: str) -> int:
    """How many lots with something in them await a receiver on the civil day."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(_AWAITING.encode(), {"on": on, **supposed()}).fetchone()
    assert row is not None
    return int(row[0])
