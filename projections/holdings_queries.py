"""Questions of holdings: what must an agency have, what has reached it, what awaits.

A lot counts once something is in it.

The same query answers the what-if: hypothetical assignments are newer beliefs beside the recorded ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import msgspec
from psycopg.rows import tuple_row

from domain.lot import Carrier
from projections.asking import ask
from projections.custody_history import AssignmentRow
from projections.single_assignment import IN_FORCE, NOTHING, Supposed, supposed
from projections.view import Connection


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """How much. files: file-carriers of the one carrier. boxes: of paper only."""

    fonds: int = 0
    lots: int = 0
    files: int = 0
    documents: int = 0
    boxes: int = 0


class ReceiverFigures(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a receiver must have on one carrier; receiver absent: what awaits one. to_come: of it, in other hands."""

    carrier: Carrier
    must_have: Figures
    to_come: Figures
    receiver: UUID | None = None


class FondsFigures(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a receiver must have of one fonds on one carrier; receiver absent: what of it awaits one.

    boxes: of paper only; a box whose files go to two receivers counts with both. to_come: files in other hands.
    """

    fonds: UUID
    carrier: Carrier
    lots: int
    files: int
    documents: int
    boxes: int
    to_come: int
    receiver: UUID | None = None


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
    UNION ALL
    SELECT * FROM unnest(%(fonds)s::uuid[], %(effective)s::text[], %(recorded)s::bigint[], %(position)s::bigint[],
                         %(lots)s::int[], %(receiver)s::uuid[])
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


# Fonds by fonds first: to tell lots and boxes apart within a fonds is a tenth of doing so in the whole city.
_BY_RECEIVER: Final = f"""{_EVERYWHERE},
of_fonds AS (
    SELECT receiver, carrier, count(DISTINCT lot) AS lots, sum(files) AS files, sum(documents) AS documents,
           count(DISTINCT box) FILTER (WHERE box <> '') AS boxes,
           count(DISTINCT lot) FILTER (WHERE elsewhere) AS lots_elsewhere,
           coalesce(sum(files) FILTER (WHERE elsewhere), 0) AS files_elsewhere,
           coalesce(sum(documents) FILTER (WHERE elsewhere), 0) AS documents_elsewhere,
           count(DISTINCT box) FILTER (WHERE box <> '' AND elsewhere) AS boxes_elsewhere
    FROM (SELECT *, holder IS DISTINCT FROM receiver AS elsewhere FROM content) AS c GROUP BY fonds, receiver, carrier
)
SELECT receiver, carrier,
    jsonb_build_object('fonds', count(*), 'lots', sum(lots), 'files', sum(files), 'documents', sum(documents),
                       'boxes', sum(boxes)) AS must_have,
    jsonb_build_object('fonds', count(*) FILTER (WHERE lots_elsewhere > 0), 'lots', sum(lots_elsewhere),
                       'files', sum(files_elsewhere), 'documents', sum(documents_elsewhere),
                       'boxes', sum(boxes_elsewhere)) AS to_come
FROM of_fonds GROUP BY receiver, carrier ORDER BY receiver NULLS LAST, carrier DESC
"""  # noqa: S608  constants of this module
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


_BY_FONDS: Final = f"""{_EVERYWHERE}
SELECT fonds, receiver, carrier, count(DISTINCT lot) AS lots, sum(files)::bigint AS files,
       sum(documents)::bigint AS documents, count(DISTINCT box) FILTER (WHERE box <> '') AS boxes,
       coalesce(sum(files) FILTER (WHERE holder IS DISTINCT FROM receiver), 0)::bigint AS to_come
FROM content GROUP BY fonds, receiver, carrier ORDER BY fonds, receiver NULLS LAST, carrier DESC
"""  # noqa: S608  constants of this module


def by_fonds(
    connection: Connection, on: str, hypothetical: Sequence[AssignmentRow] = (), apart: Supposed = NOTHING
) -> list[FondsFigures]:
    """What each receiver must have on the civil day, fonds by fonds."""
    return ask(connection, FondsFigures, _BY_FONDS, on=on, **_columns(hypothetical, apart))


def by_receiver(
    connection: Connection, on: str, hypothetical: Sequence[AssignmentRow] = (), apart: Supposed = NOTHING
) -> list[ReceiverFigures]:
    """What each receiver must have on the civil day, those that await last; beside it what of it is to come.

    hypothetical: assignments that are not recorded, folded as if they were; apart: so too what goes apart.
    """
    return ask(connection, ReceiverFigures, _BY_RECEIVER, on=on, **_columns(hypothetical, apart))


def of_agency(connection: Connection, agency: UUID, on: str) -> list[AgencyHoldings]:
    """An agency's holdings on the civil day, paper first; a carrier with nothing is absent."""
    return ask(connection, AgencyHoldings, _AGENCY, agency=agency, on=on, **_columns((), NOTHING))


def awaiting_lots(
    connection: Connection, on: str, hypothetical: Sequence[AssignmentRow] = (), apart: Supposed = NOTHING
) -> int:
    """How many lots with something in them await a receiver on the civil day."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(_AWAITING.encode(), {"on": on, **_columns(hypothetical, apart)}).fetchone()
    assert row is not None
    return int(row[0])


def _columns(rows: Sequence[AssignmentRow], apart: Supposed) -> dict[str, list[Any]]:
    names = ("fonds", "effective", "recorded", "position", "lots", "receiver")
    return {name: [row[at] for row in rows] for at, name in enumerate(names)} | supposed(apart)
