"""A page of what an agency must have: file by file, with who has each, on a civil day, as known at an act.

Fonds by fonds, lot by lot, then by FileCode: a page looks at no more fonds and files than it needs to be full.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

import msgspec

from domain.lot import ALL_LOT_KEYS, Carrier
from projections.array_text import array_text
from projections.asking import ask_in_one, in_one
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


_HELD: Final = """
SELECT h.holder, h.recorded FROM projection.held AS h
WHERE h.file = k.id AND h.carrier = %(carrier)s AND h.effective <= %(on)s AND h.recorded <= %(known_at)s
ORDER BY h.effective DESC, h.recorded DESC, h.position LIMIT 1
"""
# All rows of one assignment share its place in the order; `lots` of those that name the agency are its part.
_FONDS: Final = """
SELECT mine.id, mine.code, mine.alone, coalesce(part.lots, 0) AS lots, coalesce(newest.recorded, -1) AS because
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
_ALL_FONDS: Final = in_one(
    f"SELECT coalesce(json_agg(f), '[]')::text FROM ({_FONDS}) AS f",  # noqa: S608  constants of this module
    agency="uuid", on="text", known_at="bigint", code="text", id="uuid", most="bigint",
)  # fmt: skip
# Where no decision names the file, as mostly, that is told by two looks (`OFFSET 0`: not by reading all decisions).
_APART: Final = """
CASE WHEN EXISTS (SELECT FROM projection.single_assignment AS s WHERE s.file = k.id OFFSET 0)
       OR EXISTS (SELECT FROM projection.child_lot_file AS m WHERE m.file = k.id OFFSET 0)
     THEN EXISTS (SELECT FROM ({own}) AS own WHERE own.apart) ELSE false END
"""
_WITH_LOT: Final = f"""
SELECT k.code, k.id, k.sheets, k.box, k.place, has.holder, has.recorded, shelf.because
FROM projection.file AS k CROSS JOIN LATERAL ({_HELD}) AS has
WHERE shelf.whole AND k.fonds = shelf.fonds AND k.lot = shelf.lot{{on_carrier}}
  AND (k.code, k.id) > (shelf.code COLLATE "C", shelf.id) AND k.recorded <= %(known_at)s AND NOT {_APART}
ORDER BY k.code, k.id LIMIT %(limit)s
"""  # noqa: S608  constants of this module
# Files of a lot that may be the agency's by decisions of their own, and those of child lots that it must have of this
# lot; whether each is so, its own facts say. Each step keeps the order of a page (`OFFSET 0`) and ends when it is full.
_ALONE: Final = f"""
SELECT DISTINCT * FROM (
    (SELECT k.code, k.id, k.sheets, k.box, k.place, has.holder, has.recorded, own.recorded AS because
    FROM (SELECT * FROM named WHERE shelf.alone AND named.fonds = shelf.fonds AND named.lot = shelf.lot
          AND (named.code, named.id) > (shelf.code COLLATE "C", shelf.id)
          ORDER BY named.code, named.id OFFSET 0) AS k
    CROSS JOIN LATERAL ({{own}}) AS own CROSS JOIN LATERAL ({_HELD}) AS has
    WHERE own.receiver = %(agency)s ORDER BY k.code, k.id LIMIT %(limit)s)
    UNION ALL
    (SELECT inside.* FROM child CROSS JOIN LATERAL (
        SELECT k.code, k.id, k.sheets, k.box, k.place, has.holder, has.recorded, own.recorded AS because
        FROM (SELECT o.code, o.file FROM projection.child_lot_order AS o
              WHERE o.child = child.id AND o.carrier = %(carrier)s AND o.lot = shelf.lot
                AND (o.code, o.file) > (shelf.code COLLATE "C", shelf.id) ORDER BY o.code, o.file OFFSET 0) AS listed
        CROSS JOIN LATERAL (SELECT * FROM projection.file AS f WHERE f.id = listed.file OFFSET 0) AS k
        CROSS JOIN LATERAL ({{own}}) AS own CROSS JOIN LATERAL ({_HELD}) AS has
        WHERE own.receiver = %(agency)s AND k.recorded <= %(known_at)s
        ORDER BY listed.code, listed.file LIMIT %(limit)s
    ) AS inside
    WHERE child.fonds = shelf.fonds AND %(agency)s = (
        SELECT c.receiver FROM projection.child_lot_assignment AS c
        WHERE c.child = child.id AND (c.lots >> ({{lot}})) & 1 = 1
          AND c.effective <= %(on)s AND c.recorded <= %(known_at)s
        ORDER BY c.effective DESC, c.recorded DESC, c.position LIMIT 1
    ))
) AS alone ORDER BY code, id LIMIT %(limit)s
"""  # noqa: S608  constants of this module
_NAMED: Final = """
WITH named AS MATERIALIZED (
    SELECT k.fonds, k.lot, k.code, k.id, k.sheets, k.box, k.place
    FROM (SELECT DISTINCT s.file FROM projection.single_assignment AS s
          WHERE s.receiver = %(agency)s AND s.carrier = %(carrier)s) AS one
    JOIN projection.file AS k ON k.id = one.file
    WHERE k.recorded <= %(known_at)s AND k.fonds = ANY (%(fonds)s)
), child AS MATERIALIZED (
    SELECT DISTINCT l.id, l.fonds FROM projection.child_lot_assignment AS c
    JOIN projection.child_lot AS l ON l.id = c.child WHERE c.receiver = %(agency)s
)
"""
# One lot after the other, each by its own index entries, until the page is full. whole: the lot is the agency's.
_PAGE: Final = """
{named} SELECT coalesce(json_agg(page ORDER BY number, code, id), '[]')::text FROM (
    SELECT shelf.number, shelf.fonds_code, shelf.fonds, shelf.lot, key.code, key.id, key.sheets, key.box, key.place,
           key.holder AS held_by, key.recorded AS because_held, key.because
    FROM (
        SELECT * FROM unnest(
            %(fonds)s, %(fonds_code)s, %(lot)s, %(because)s, %(whole)s, %(alone)s, %(code)s, %(id)s
        ) WITH ORDINALITY AS s (fonds, fonds_code, lot, because, whole, alone, code, id, number) ORDER BY number
    ) AS shelf
    CROSS JOIN LATERAL ({files}) AS key
    ORDER BY shelf.number, key.code, key.id LIMIT %(limit)s
) AS page
"""
_FACTS: Final = {
    "fonds": "uuid[]", "fonds_code": "text[]", "lot": "smallint[]", "because": "bigint[]", "whole": "boolean[]",
    "alone": "boolean[]", "code": "text[]", "id": "uuid[]", "on": "text", "known_at": "bigint", "limit": "bigint",
}  # fmt: skip


def _pages(carrier: Carrier) -> tuple[bytes, bytes]:
    """The query of a page of lots, and that of one where files may go by themselves."""
    digital = carrier is Carrier.DIGITAL
    by = own(file="k.id", carrier="%(carrier)s", lot=f"k.lot + {int(digital)}", day="%(on)s", known_at="%(known_at)s")
    alone = _ALONE.replace("{own}", by).replace("{lot}", f"shelf.lot + {int(digital)}")
    with_lot = _WITH_LOT.replace("{on_carrier}", " AND k.digital" if digital else "").replace("{own}", by)
    both = f"({with_lot}) UNION ALL ({alone})"
    plain = _PAGE.replace("{named}", "").replace("{files}", with_lot).replace("%(carrier)s", f"'{carrier}'")
    apart = _PAGE.replace("{named}", _NAMED).replace("{files}", both).replace("%(carrier)s", f"'{carrier}'")
    return in_one(plain, **_FACTS), in_one(apart, **_FACTS, agency="uuid")


_PAGES: Final = {carrier: _pages(carrier) for carrier in Carrier}
_fonds: Final = msgspec.json.Decoder(list[_Fonds])
_rows: Final = msgspec.json.Decoder(list[HoldingRow])
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
    rows: list[HoldingRow] = []
    code, last, most = after.fonds, UUID(int=0), FIRST_FONDS
    while len(rows) < limit:
        found = ask_in_one(connection, _fonds, _ALL_FONDS, agency, on, known_at, code, last, most)
        shelves = [shelf for fonds in found for shelf in _shelves(fonds, carrier, after)]
        if shelves:
            plain, apart = _PAGES[carrier]
            facts = (*map(array_text, zip(*shelves, strict=True)), on, known_at, limit - len(rows))
            query, facts = (apart, (*facts, agency)) if any(fonds.alone for fonds in found) else (plain, facts)
            page = ask_in_one(connection, _rows, query, *facts)
            rows += page
        if len(found) < most:
            break
        code, last, most = found[-1].code, found[-1].id, most * 8
    return rows


def _shelves(fonds: _Fonds, carrier: Carrier, after: PageKey) -> Iterator[tuple[Any, ...]]:
    """The lots of a fonds in which something of the agency's may be after the key, in order; as _PAGE unnests them."""
    digital = int(carrier is Carrier.DIGITAL)
    begun = after.lot if fonds.code == after.fonds else -1
    for lot in _PAPER_LOTS:
        whole = bool(fonds.lots >> (lot + digital) & 1)
        if lot >= begun and (whole or fonds.alone):
            start = after if lot == begun else START
            yield fonds.id, fonds.code, lot, fonds.because, whole, fonds.alone, start.code, start.id
