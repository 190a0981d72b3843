"""Lots as they stood: who must have each and in whose hands it is, on a day, as known at an act, file by file summed.

Nothing is rolled up beforehand: the facts of `custody_history`, which are only ever added, are replayed for the day
asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID

import msgspec

from domain.basis import Confidence
from projections.asking import ask
from projections.view import Connection


class LotStanding(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Files of one lot in one holder's hands. lot: number in `ALL_LOT_KEYS`.

    receiver absent: nobody is named. because: act of the assignment, absent where there is none. boxes and sheets are
    paper's. contradicted: by the ledger, the giver of the hand-over that put them in these hands did not have them.
    """

    fonds: UUID
    lot: int
    holder: UUID
    files: int
    sheets: int
    boxes: tuple[str, ...] = ()
    contradicted: bool = False
    receiver: UUID | None = None
    because: int | None = None
    effective: str = ""
    rule: str = ""
    basis: str = ""
    confidence: Confidence | None = None


_STANDING: Final = """
WITH newest AS (
    SELECT DISTINCT ON (fonds) fonds, position FROM projection.assignment
    WHERE effective <= %(on)s AND recorded <= %(known_at)s{of_fonds}
    ORDER BY fonds, effective DESC, recorded DESC, position
),
must AS (SELECT a.* FROM newest JOIN projection.assignment AS a USING (fonds, position)),
told AS (
    SELECT f.fonds, f.lot + (h.carrier = 'digital')::int AS lot, h.holder, h.handover,
           CASE WHEN h.carrier = 'paper' THEN f.box ELSE '' END AS box,
           CASE WHEN h.carrier = 'paper' THEN f.sheets ELSE 0 END AS sheets,
           lead(h.holder) OVER newest_first AS before, row_number() OVER newest_first AS place
    FROM projection.file AS f JOIN projection.held AS h ON h.file = f.id
    WHERE f.recorded <= %(known_at)s AND h.effective <= %(on)s AND h.recorded <= %(known_at)s{of_file}
    WINDOW newest_first AS (PARTITION BY h.file, h.carrier ORDER BY h.effective DESC, h.recorded DESC, h.position)
),
has AS (
    SELECT told.*, told.handover IS NOT NULL AND told.before IS DISTINCT FROM o.giver AS contradicted
    FROM told LEFT JOIN projection.handover AS o ON o.id = told.handover WHERE told.place = 1
)
SELECT has.fonds, has.lot, has.holder, has.contradicted, count(*) AS files, sum(has.sheets)::bigint AS sheets,
       coalesce(array_agg(DISTINCT has.box) FILTER (WHERE has.box <> ''), '{}') AS boxes,
       must.receiver, must.recorded AS because, must.effective, must.rule, must.basis, nullif(must.confidence, '')
       AS confidence
FROM has LEFT JOIN must ON must.fonds = has.fonds AND (must.lots >> has.lot) & 1 = 1
GROUP BY has.fonds, has.lot, has.holder, has.contradicted, must.receiver, must.recorded, must.effective, must.rule,
         must.basis, must.confidence
ORDER BY has.fonds, has.lot, has.holder, has.contradicted
"""
_EVERYWHERE: Final = _STANDING.replace("{of_fonds}", "").replace("{of_file}", "")
_OF_FONDS: Final = _STANDING.replace("{of_fonds}", " AND fonds = ANY (%(fonds)s)").replace(
    "{of_file}", " AND f.fonds = ANY (%(fonds)s)"
)
_ASSIGNED: Final = """
SELECT DISTINCT fonds AS id FROM projection.assignment
WHERE receiver = ANY (%(agencies)s) AND effective <= %(on)s AND recorded <= %(known_at)s ORDER BY 1
"""


class _Key(msgspec.Struct, frozen=True):
    id: UUID


def lots_as_they_stood(
    connection: Connection, on: str, known_at: int, fonds: Iterable[UUID] | None = None
) -> list[LotStanding]:
    """Every lot with something in it on the civil day `on`, as known after act `known_at`; of these fonds or of all."""
    if fonds is None:
        return ask(connection, LotStanding, _EVERYWHERE, on=on, known_at=known_at)
    return ask(connection, LotStanding, _OF_FONDS, on=on, known_at=known_at, fonds=list(fonds))


def fonds_ever_assigned(connection: Connection, agencies: Iterable[UUID], on: str, known_at: int) -> list[UUID]:
    """Fonds of which these agencies were to have something, in force or superseded."""
    rows = ask(connection, _Key, _ASSIGNED, agencies=list(agencies), on=on, known_at=known_at)
    return [row.id for row in rows]
