"""How much there is at one moment: files and documents of lots, boxes, shelf length; and what has no list of files.

Read from roll-ups, so that it costs as much for ten million files as for one.

A box that holds files of several lots or hands is counted with each receiver that is to have something of it; its
length is shared by files, so that lengths add up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

import msgspec
from psycopg.rows import tuple_row

from domain.lot import Carrier
from projections.asking import ask
from projections.lot_rollups import inside_of
from projections.single_assignment import IN_FORCE, NOTHING, Supposed, supposed
from projections.view import Connection

MICROMETRES_A_CM: Final = 10_000

Inside = tuple[int, UUID]
"""Lot and holder."""
Packing = tuple[tuple[Inside, ...], int]
"""What is in a box, and how many boxes are packed so."""


class Lot(msgspec.Struct, frozen=True):
    """Files of one lot in one holder's hands."""

    lot: int
    holder: UUID
    files: int
    documents: int


class FondsStock(msgspec.Struct, frozen=True):
    """What is there of one fonds. measured: those of its packings whose boxes have a recorded length.

    lengths: shelf length by lot and holder, micrometres.
    """

    lots: list[Lot] = []
    packings: list[Packing] = []
    measured: list[Packing] = []
    lengths: dict[Inside, int] = {}


class Apart(msgspec.Struct, frozen=True, kw_only=True):
    """Files of one lot, holder and box that go apart from their fonds' lot. receiver absent: they await one."""

    fonds: UUID
    lot: int
    holder: UUID
    box: str
    files: int
    documents: int
    carrier: Carrier
    receiver: UUID | None = None


class OpenedBox(msgspec.Struct, frozen=True, kw_only=True):
    """A box some of whose files go by decisions of their own. cm: 0 unknown; files: of each lot and holder."""

    fonds: UUID
    box: str
    cm: int
    files: dict[Inside, int]


class Unlisted(msgspec.Struct, frozen=True, kw_only=True):
    """Containers of a fonds that no file names, as sealed sets are: they stand in no lot. cm: of those measured."""

    fonds: UUID
    containers: int
    unmeasured: int
    cm: int


_LOTS: Final = "SELECT fonds, lot, holder, files, documents FROM projection.lot_holding ORDER BY fonds, lot"
_PACKINGS: Final = "SELECT fonds, pattern, boxes FROM projection.packing ORDER BY fonds, digest"
_MEASURED: Final = """
SELECT fonds, pattern, count(*) FROM (
    SELECT c.fonds, string_agg(c.lot || ':' || c.holder, ' ' ORDER BY c.lot, c.holder) AS pattern
    FROM projection.container AS k JOIN projection.lot_content AS c ON c.fonds = k.fonds AND c.box = k.label
    WHERE k.cm > 0 GROUP BY c.fonds, c.box
) AS packed GROUP BY fonds, pattern
"""
_LENGTHS: Final = f"""
SELECT fonds, lot, holder, sum(round(cm * {MICROMETRES_A_CM} * files / whole))::bigint
FROM (
    SELECT c.fonds, c.lot, c.holder, c.files, k.cm, sum(c.files) OVER (PARTITION BY c.fonds, c.box) AS whole
    FROM projection.container AS k JOIN projection.lot_content AS c ON c.fonds = k.fonds AND c.box = k.label
    WHERE k.cm > 0
) AS shared GROUP BY fonds, lot, holder
"""  # noqa: S608  a constant of this module
_APART: Final = f"""
SELECT fonds, lot, holder, box, receiver, carrier, count(*) AS files, sum(documents)::bigint AS documents
FROM ({IN_FORCE.format(day="%(on)s")}) AS single GROUP BY fonds, lot, holder, box, receiver, carrier
"""  # noqa: S608  constants
_OPENED: Final = """
SELECT c.fonds, c.box, coalesce(k.cm, 0), c.lot, c.holder, c.files
FROM unnest(%(fonds)s::uuid[], %(box)s::text[]) AS b (fonds, box)
JOIN projection.lot_content AS c ON c.fonds = b.fonds AND c.box = b.box
LEFT JOIN projection.container AS k ON k.fonds = b.fonds AND k.label = b.box
"""
_UNLISTED: Final = """
SELECT k.fonds, count(*) AS containers, count(*) FILTER (WHERE k.cm = 0) AS unmeasured, sum(k.cm)::bigint AS cm
FROM projection.container AS k
WHERE NOT EXISTS (SELECT FROM projection.lot_content AS c WHERE c.fonds = k.fonds AND c.box = k.label)
GROUP BY k.fonds ORDER BY k.fonds
"""


def take_stock(connection: Connection) -> dict[UUID, FondsStock]:
    """Everything there is, by fonds; call it inside a transaction that sees one moment."""
    found: defaultdict[UUID, FondsStock] = defaultdict(lambda: FondsStock([], [], [], {}))
    for fonds, *lot in _rows(connection, _LOTS):
        found[fonds].lots.append(Lot(*lot))
    for fonds, pattern, boxes in _rows(connection, _PACKINGS):
        found[fonds].packings.append((inside_of(pattern), boxes))
    for fonds, pattern, boxes in _rows(connection, _MEASURED):
        found[fonds].measured.append((inside_of(pattern), boxes))
    for fonds, number, holder, length in _rows(connection, _LENGTHS):
        found[fonds].lengths[number, holder] = length
    return dict(found)


def apart_from_lots(connection: Connection, on: str, besides: Supposed = NOTHING) -> list[Apart]:
    """What goes by decisions of its own on the civil day. besides: decisions that are not recorded, as if they were."""
    return ask(connection, Apart, _APART, on=on, **supposed(besides))


def opened_boxes(connection: Connection, apart: Iterable[Apart]) -> list[OpenedBox]:
    """The boxes that they lie in, with all that is in them."""
    wanted = sorted({(one.fonds, one.box) for one in apart if one.box}, key=str)
    if not wanted:
        return []
    found: dict[tuple[UUID, str], OpenedBox] = {}
    facts = {"fonds": [fonds for fonds, _ in wanted], "box": [box for _, box in wanted]}
    for fonds, box, cm, lot, holder, files in _rows(connection, _OPENED, facts):
        one = found.setdefault((fonds, box), OpenedBox(fonds=fonds, box=box, cm=cm, files={}))
        one.files[lot, holder] = files
    return list(found.values())


def unlisted(connection: Connection) -> list[Unlisted]:
    """Containers whose files nobody has listed, by fonds."""
    return ask(connection, Unlisted, _UNLISTED)


def share_of_length(cm: int, files: int, whole: int) -> int:
    """The part of a box's length that falls to some of its files, micrometres, rounded as the roll-up rounds."""
    return (2 * cm * MICROMETRES_A_CM * files + whole) // (2 * whole)


def _rows(connection: Connection, query: str, facts: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor(row_factory=tuple_row) as cursor:
        return cursor.execute(query.encode(), facts).fetchall()
