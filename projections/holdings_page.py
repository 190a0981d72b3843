"""A page of what an agency must have: file by file, with who has each, on a civil day, as known at an act.

Fonds by fonds, lot by lot, then by FileCode: only keys are read until the page is full, then its rows.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

import msgspec

from domain.lot import ALL_LOT_KEYS, Carrier
from projections.asking import ask
from projections.custody_queries import NEWEST_KNOWN
from projections.single_assignment import own
from projections.view import Connection


class PageKey(msgspec.Struct, frozen=True):
    """Where a page ends: the next begins after it. fonds: its code; lot: number of the file's paper lot."""

    fonds: str
    lot: int
    code: str
    id: UUID


class HoldingRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file that the agency must have. because: act of the assignment; held_by: whose hands it is in, by act
    `because_held`."""

    id: UUID
    code: str
    fonds: UUID
    fonds_code: str
    lot: int
    sheets: int
    box: str
    place: str
    because: int
    held_by: UUID
    because_held: int

    @property
    def key(self) -> PageKey:
        """Where a page that ends with it ends."""
        return PageKey(self.fonds_code, self.lot, self.code, self.id)


START: Final = PageKey("", -1, "", UUID(int=0))

_OWN: Final = own(file="k.id", carrier="%(carrier)s", day="%(on)s", known_at="%(known_at)s")
# All rows of one assignment share its place in the order; `lots` of those that name the agency are its part.
_PAGE: Final = f"""
WITH mine AS (
    SELECT f.id, f.code FROM projection.fonds AS f
    WHERE f.id IN (SELECT a.fonds FROM projection.assignment AS a
                   WHERE a.receiver = %(agency)s AND a.effective <= %(on)s AND a.recorded <= %(known_at)s
                   UNION SELECT k.fonds FROM projection.single_assignment AS s
                   JOIN projection.file AS k ON k.id = s.file
                   WHERE s.receiver = %(agency)s AND s.effective <= %(on)s AND s.recorded <= %(known_at)s)
      AND f.code >= %(fonds)s COLLATE "C"
),
page AS (
    SELECT mine.code AS fonds_code, mine.id AS fonds, key.because, key.lot, key.code, key.id
    FROM mine
    LEFT JOIN LATERAL (
        SELECT a.position, a.recorded FROM projection.assignment AS a
        WHERE a.fonds = mine.id AND a.effective <= %(on)s AND a.recorded <= %(known_at)s
        ORDER BY a.effective DESC, a.recorded DESC, a.position LIMIT 1
    ) AS newest ON true
    CROSS JOIN LATERAL (
        SELECT coalesce(bit_or(a.lots), 0) AS lots FROM projection.assignment AS a
        WHERE a.fonds = mine.id AND a.position = newest.position AND a.receiver = %(agency)s
    ) AS part
    CROSS JOIN LATERAL (
        (SELECT k.lot, k.code, k.id, newest.recorded AS because FROM projection.file AS k
        WHERE k.fonds = mine.id AND part.lots <> 0
          AND NOT EXISTS (SELECT FROM ({_OWN}) AS own WHERE own.apart)
          AND k.lot = ANY (ARRAY(SELECT n::smallint FROM unnest(%(lots)s::int[]) AS n
                                 WHERE (part.lots >> (n + %(digital)s)) & 1 = 1))
          AND k.recorded <= %(known_at)s
          AND EXISTS (SELECT FROM projection.held AS h WHERE h.file = k.id AND h.carrier = %(carrier)s
                      AND h.effective <= %(on)s AND h.recorded <= %(known_at)s)
          AND (mine.code > %(fonds)s COLLATE "C" OR (k.lot, k.code, k.id) > (%(lot)s, %(code)s COLLATE "C", %(id)s))
        ORDER BY k.lot, k.code, k.id LIMIT %(limit)s)
        UNION ALL
        (SELECT k.lot, k.code, k.id, own.recorded AS because FROM projection.file AS k
        CROSS JOIN LATERAL ({_OWN}) AS own
        WHERE k.id IN (SELECT s.file FROM projection.single_assignment AS s WHERE s.receiver = %(agency)s)
          AND k.fonds = mine.id AND own.receiver = %(agency)s AND k.recorded <= %(known_at)s
          AND EXISTS (SELECT FROM projection.held AS h WHERE h.file = k.id AND h.carrier = %(carrier)s
                      AND h.effective <= %(on)s AND h.recorded <= %(known_at)s)
          AND (mine.code > %(fonds)s COLLATE "C" OR (k.lot, k.code, k.id) > (%(lot)s, %(code)s COLLATE "C", %(id)s))
        ORDER BY k.lot, k.code, k.id LIMIT %(limit)s)
    ) AS key
    ORDER BY mine.code, mine.id, key.lot, key.code, key.id LIMIT %(limit)s
)
SELECT page.*, f.sheets, f.box, f.place, has.holder AS held_by, has.recorded AS because_held
FROM page JOIN projection.file AS f ON f.id = page.id
CROSS JOIN LATERAL (
    SELECT h.holder, h.recorded FROM projection.held AS h
    WHERE h.file = page.id AND h.carrier = %(carrier)s AND h.effective <= %(on)s AND h.recorded <= %(known_at)s
    ORDER BY h.effective DESC, h.recorded DESC, h.position LIMIT 1
) AS has
ORDER BY page.fonds_code, page.fonds, page.lot, page.code, page.id
"""  # noqa: S608  constants of this module
_PAPER_LOTS: Final = [number for number, key in enumerate(ALL_LOT_KEYS) if key.carrier is Carrier.PAPER]


def holdings_page(
    connection: Connection,
    agency: UUID,
    carrier: Carrier,
    on: str,
    *,
    known_at: int = NEWEST_KNOWN,
    after: PageKey = START,
    limit: int = 50,
) -> list[HoldingRow]:
    """At most `limit` files whose `carrier` the agency must have on the civil day `on`, those after `after`.

    A carrier that was in nobody's hands by then did not exist yet.

    Two fonds of one code would share a page's order by their ids; within Hà Nội a code is one fonds's.
    """
    digital = int(carrier is Carrier.DIGITAL)
    return ask(
        connection,
        HoldingRow,
        _PAGE,
        agency=agency,
        carrier=carrier,
        digital=digital,
        lots=_PAPER_LOTS,
        on=on,
        known_at=known_at,
        limit=limit,
        **msgspec.structs.asdict(after),
    )
