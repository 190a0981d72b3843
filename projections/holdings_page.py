"""A page of what an agency must have: file by file, with who has each, on a civil day, as known at an act.

Fonds by fonds, lot by lot, then by FileCode: a page looks at no more fonds and files than it needs to be full.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
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
FIRST_FONDS: Final = 8
"""How many fonds are looked at first; then eight times as many, each time that they do not fill the page."""


class _Fonds(msgspec.Struct, frozen=True, kw_only=True):
    """A fonds that an assignment gave to the agency once. lots: those it must have now, bit by bit; because: by which
    act; alone: whether a decision about one of its files alone, or about a child lot of it, named the agency."""

    id: UUID
    code: str
    alone: bool
    lots: int = 0
    because: int = -1


_OWN: Final = own(
    file="k.id",
    carrier="%(carrier)s",
    lot="k.lot + (%(carrier)s = 'digital')::int",
    day="%(on)s",
    known_at="%(known_at)s",
)
_HELD: Final = """
SELECT h.holder, h.recorded FROM projection.held AS h
WHERE h.file = {file} AND h.carrier = %(carrier)s AND h.effective <= %(on)s AND h.recorded <= %(known_at)s
ORDER BY h.effective DESC, h.recorded DESC, h.position LIMIT 1
"""
# All rows of one assignment share its place in the order; `lots` of those that name the agency are its part.
_FONDS: Final = """
SELECT mine.id, mine.code, mine.alone, part.lots, newest.recorded AS because
FROM (
    SELECT f.id, f.code, bool_or(given.alone) AS alone
    FROM (
        SELECT a.fonds, false AS alone FROM projection.assignment AS a
        WHERE a.receiver = %(agency)s AND a.effective <= %(on)s AND a.recorded <= %(known_at)s
        UNION ALL
        SELECT k.fonds, true FROM projection.single_assignment AS s JOIN projection.file AS k ON k.id = s.file
        WHERE s.receiver = %(agency)s AND s.effective <= %(on)s AND s.recorded <= %(known_at)s
        UNION ALL
        SELECT l.fonds, true FROM projection.child_lot_assignment AS c JOIN projection.child_lot AS l ON l.id = c.child
        WHERE c.receiver = %(agency)s AND c.effective <= %(on)s AND c.recorded <= %(known_at)s
    ) AS given JOIN projection.fonds AS f ON f.id = given.fonds
    WHERE (f.code, f.id) > (%(code)s COLLATE "C", %(id)s)
    GROUP BY f.code, f.id ORDER BY f.code, f.id LIMIT %(most)s
) AS mine
LEFT JOIN LATERAL (
    SELECT a.position, a.recorded FROM projection.assignment AS a
    WHERE a.fonds = mine.id AND a.effective <= %(on)s AND a.recorded <= %(known_at)s
    ORDER BY a.effective DESC, a.recorded DESC, a.position LIMIT 1
) AS newest ON true
LEFT JOIN LATERAL (
    SELECT bit_or(a.lots) AS lots FROM projection.assignment AS a
    WHERE a.fonds = mine.id AND a.position = newest.position AND a.receiver = %(agency)s
) AS part ON true
ORDER BY mine.code, mine.id
"""
# One lot after the other, each by its own index entries, until the page is full. whole: the lot is the agency's; alone:
# files of it may be by decisions of their own, or with a child lot.
_PAGE: Final = f"""
WITH apart AS MATERIALIZED (
    SELECT k.fonds, k.lot, k.code, k.id
    FROM (SELECT s.file FROM projection.single_assignment AS s WHERE s.receiver = %(agency)s
          UNION SELECT m.file FROM projection.child_lot_file AS m
          WHERE m.carrier = %(carrier)s AND m.child IN (
              SELECT c.child FROM projection.child_lot_assignment AS c WHERE c.receiver = %(agency)s)) AS named
    JOIN projection.file AS k ON k.id = named.file
    WHERE k.recorded <= %(known_at)s AND k.fonds = ANY (%(fonds)s::uuid[])
)
SELECT page.*, f.sheets, f.box, f.place, has.holder AS held_by, has.recorded AS because_held
FROM (
    SELECT shelf.number, shelf.fonds_code, shelf.fonds, shelf.lot, key.code, key.id, key.because
    FROM (
        SELECT * FROM unnest(
            %(fonds)s::uuid[], %(fonds_code)s::text[], %(lot)s::smallint[], %(because)s::bigint[], %(whole)s::boolean[],
            %(alone)s::boolean[], %(code)s::text[], %(id)s::uuid[]
        ) WITH ORDINALITY AS s (fonds, fonds_code, lot, because, whole, alone, code, id, number) ORDER BY number
    ) AS shelf
    CROSS JOIN LATERAL (
        (SELECT k.code, k.id, shelf.because FROM projection.file AS k
        WHERE shelf.whole AND k.fonds = shelf.fonds AND k.lot = shelf.lot{{on_carrier}}
          AND (k.code, k.id) > (shelf.code COLLATE "C", shelf.id) AND k.recorded <= %(known_at)s
          AND EXISTS ({_HELD.format(file="k.id")})
          AND NOT EXISTS (SELECT FROM ({_OWN}) AS own WHERE own.apart)
        ORDER BY k.code, k.id LIMIT %(limit)s)
        UNION ALL
        (SELECT k.code, k.id, own.recorded AS because
        FROM (SELECT * FROM apart WHERE shelf.alone AND apart.fonds = shelf.fonds AND apart.lot = shelf.lot
              AND (apart.code, apart.id) > (shelf.code COLLATE "C", shelf.id)
              ORDER BY apart.code, apart.id OFFSET 0) AS k
        CROSS JOIN LATERAL ({_OWN}) AS own
        WHERE own.receiver = %(agency)s
          AND EXISTS ({_HELD.format(file="k.id")})
        ORDER BY k.code, k.id LIMIT %(limit)s)
    ) AS key
    ORDER BY shelf.number, key.code, key.id LIMIT %(limit)s
) AS page
JOIN projection.file AS f ON f.id = page.id
CROSS JOIN LATERAL ({_HELD.format(file="page.id")}) AS has
ORDER BY page.number, page.code, page.id
"""  # noqa: S608  constants of this module
_PAGES: Final = {
    Carrier.PAPER: _PAGE.format(on_carrier=""),
    Carrier.DIGITAL: _PAGE.format(on_carrier=" AND k.digital"),
}
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
    facts = {"agency": agency, "carrier": carrier, "on": on, "known_at": known_at}
    rows: list[HoldingRow] = []
    code, last, most = after.fonds, UUID(int=0), FIRST_FONDS
    while len(rows) < limit:
        found = ask(connection, _Fonds, _FONDS, code=code, id=last, most=most, **facts)
        shelves = [shelf for fonds in found for shelf in _shelves(fonds, carrier, after)]
        if shelves:
            left = limit - len(rows)
            rows += ask(connection, HoldingRow, _PAGES[carrier], limit=left, **_columns(shelves), **facts)
        if len(found) < most:
            break
        code, last, most = found[-1].code, found[-1].id, most * 8
    return rows


def _shelves(fonds: _Fonds, carrier: Carrier, after: PageKey) -> Iterator[dict[str, Any]]:
    """The lots of a fonds in which something of the agency's may be after the key, in order."""
    digital = int(carrier is Carrier.DIGITAL)
    begun = after.lot if fonds.code == after.fonds else -1
    for lot in _PAPER_LOTS:
        whole = bool(fonds.lots >> (lot + digital) & 1)
        if lot >= begun and (whole or fonds.alone):
            start = after if lot == begun else START
            yield {
                "fonds": fonds.id,
                "fonds_code": fonds.code,
                "lot": lot,
                "because": fonds.because,
                "whole": whole,
                "alone": fonds.alone,
                "code": start.code,
                "id": start.id,
            }


def _columns(shelves: list[dict[str, Any]]) -> dict[str, list[Any]]:
    return {name: [shelf[name] for shelf in shelves] for name in shelves[0]}
