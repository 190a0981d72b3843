"""Roll-ups of lots and boxes: files per lot and hands, and how many boxes hold the same lots in the same hands.

A what-if reads these, a few for each fonds, whatever the number of files and boxes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from projections.array_text import array_text
from projections.view import Cursor

ROLLUP_TABLES: Final = ("lot_holding", "packing")

ContentKey = tuple[UUID, int, UUID, str]
"""Fonds, lot, holder, box."""
_Box = tuple[UUID, str]
_Inside = tuple[int, UUID]
"""Lot and holder."""

# One box after the other by its index entries: a clone that is being filled has no statistics to plan by.
_BOXES: Final = """
SELECT b.fonds, b.box, c.lot, c.holder, c.files FROM unnest(%s::uuid[], %s::text[]) AS b (fonds, box)
CROSS JOIN LATERAL (
    SELECT lot, holder, files FROM lot_content WHERE fonds = b.fonds AND box = b.box OFFSET 0
) AS c
"""
_ADD_HOLDING: Final = """
INSERT INTO lot_holding AS t (fonds, lot, holder, files, documents)
SELECT * FROM unnest(%s::uuid[], %s::smallint[], %s::uuid[], %s::bigint[], %s::bigint[])
ON CONFLICT (fonds, lot, holder)
DO UPDATE SET files = t.files + excluded.files, documents = t.documents + excluded.documents
"""
_EMPTIED_HOLDING: Final = """
DELETE FROM lot_holding AS t USING unnest(%s::uuid[], %s::smallint[], %s::uuid[]) AS c (fonds, lot, holder)
WHERE t.fonds = c.fonds AND t.lot = c.lot AND t.holder = c.holder AND t.files = 0
"""
_ADD_PACKING: Final = """
INSERT INTO packing AS t (fonds, digest, pattern, boxes)
SELECT * FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::bigint[])
ON CONFLICT (fonds, digest) DO UPDATE SET boxes = t.boxes + excluded.boxes
"""
_EMPTIED_PACKING: Final = """
DELETE FROM packing AS t USING unnest(%s::uuid[], %s::text[]) AS c (fonds, digest)
WHERE t.fonds = c.fonds AND t.digest = c.digest AND t.boxes = 0
"""
# All at once, for a clone that has its rows and no sums yet. A packing's text is that of `pattern_of`.
_ADD_UP: Final = (
    """
    INSERT INTO lot_content (fonds, lot, holder, box, files, documents)
    SELECT fonds, lot, holder, box, count(*), sum(documents) FROM file_holding
    GROUP BY fonds, box, lot, holder ORDER BY fonds, box, lot, holder
    """,
    """
    INSERT INTO lot_holding (fonds, lot, holder, files, documents)
    SELECT fonds, lot, holder, sum(files), sum(documents) FROM lot_content GROUP BY fonds, lot, holder
    """,
    """
    INSERT INTO packing (fonds, digest, pattern, boxes)
    SELECT fonds, encode(sha256(convert_to(pattern, 'UTF8')), 'hex'), pattern, count(*) FROM (
        SELECT fonds, string_agg(lot || ':' || holder, ' ' ORDER BY lot, holder::text COLLATE "C") AS pattern
        FROM lot_content WHERE box <> '' GROUP BY fonds, box
    ) AS packed GROUP BY fonds, pattern
    """,
)


def pattern_of(inside: Iterable[_Inside]) -> str:
    """How a box is packed, as text: each lot with whose hands its files in the box are in."""
    return " ".join(f"{lot}:{holder}" for lot, holder in sorted((lot, str(holder)) for lot, holder in inside))


def inside_of(pattern: str) -> tuple[_Inside, ...]:
    """The lots and hands of a pattern."""
    return tuple((int(lot), UUID(holder)) for lot, holder in (one.split(":") for one in pattern.split()))


def roll_up(cursor: Cursor, deltas: Mapping[ContentKey, Sequence[int]]) -> None:
    """Roll up what a page changes: files and documents more or fewer. Called before `lot_content` is written."""
    _roll_up_lots(cursor, deltas)
    _roll_up_boxes(cursor, deltas)


def add_up(cursor: Cursor) -> None:
    """The sums of all rows of `file_holding`, into tables that are empty."""
    for query in _ADD_UP:
        cursor.execute(query.encode())


def _roll_up_lots(cursor: Cursor, deltas: Mapping[ContentKey, Sequence[int]]) -> None:
    lots: defaultdict[tuple[UUID, int, UUID], list[int]] = defaultdict(lambda: [0, 0])
    fewer = set()
    for (fonds, lot, holder, _), (files, documents) in deltas.items():
        total = lots[fonds, lot, holder]
        total[0] += files
        total[1] += documents
        if files < 0:
            fewer.add((fonds, lot, holder))
    _write(cursor, _ADD_HOLDING, [(*key, *total) for key, total in lots.items() if total != [0, 0]])
    _write(cursor, _EMPTIED_HOLDING, list(fewer))


def _roll_up_boxes(cursor: Cursor, deltas: Mapping[ContentKey, Sequence[int]]) -> None:
    changed: defaultdict[_Box, dict[_Inside, int]] = defaultdict(dict)
    for (fonds, lot, holder, box), (files, _) in deltas.items():
        if box and files:
            changed[fonds, box][lot, holder] = files
    if not changed:
        return
    before: defaultdict[_Box, dict[_Inside, int]] = defaultdict(dict)
    for fonds, box, lot, holder, files in cursor.execute(_BOXES, _arrays(list(changed))):
        before[fonds, box][lot, holder] = files
    boxes: Counter[tuple[UUID, str]] = Counter()
    for key, more in changed.items():
        was = before.get(key, {})
        files_now = was | {inside: was.get(inside, 0) + files for inside, files in more.items()}
        now = pattern_of(inside for inside, files in files_now.items() if files)
        old = pattern_of(was)
        if now != old:
            boxes[key[0], old] -= 1
            boxes[key[0], now] += 1
    rows = [(fonds, _digest(pattern), pattern, count) for (fonds, pattern), count in boxes.items() if count and pattern]
    _write(cursor, _ADD_PACKING, rows)
    _write(cursor, _EMPTIED_PACKING, [(fonds, digest) for fonds, digest, _, count in rows if count < 0])


def _digest(pattern: str) -> str:
    return sha256(pattern.encode()).hexdigest()


def _write(cursor: Cursor, query: str, rows: Sequence[tuple[Any, ...]]) -> None:
    if rows:
        cursor.execute(query.encode(), _arrays(rows))


def _arrays(rows: Sequence[tuple[Any, ...]]) -> list[str]:
    return [array_text(column) for column in zip(*rows, strict=True)]
