"""The figures of receivers, summed anew by the server from every file: slow, and apart from what the product does."""

from __future__ import annotations

from collections import defaultdict
from typing import Final
from uuid import UUID

from psycopg.rows import dict_row

from domain.lot import Carrier
from projections.figures import FondsFigures, Quantity, ReceiverFigures
from projections.single_assignment import must_have
from projections.view import Connection

# Each file-carrier with its receiver on the day, as a question about it alone is answered.
_SUMMED: Final = """
WITH file AS (
    SELECT h.file, h.carrier, h.fonds, h.lot, h.holder, h.box, h.documents, k.cm,
           count(*) OVER (PARTITION BY h.fonds, h.box) AS in_box,
           must.receiver
    FROM projection.file_holding AS h
    LEFT JOIN projection.container AS k ON k.fonds = h.fonds AND k.label = h.box AND h.box <> '' AND k.cm > 0
    CROSS JOIN LATERAL ({must_have}) AS must
    WHERE must.recorded IS NOT NULL  -- a fonds that opens later is nobody's yet
)
SELECT fonds, receiver, carrier, {all} AS must_have, {elsewhere} AS to_come
FROM file GROUP BY fonds, receiver, carrier ORDER BY fonds, receiver NULLS LAST, carrier DESC
"""
_QUANTITY: Final = """jsonb_build_object(
    'fonds', (count(*) FILTER (WHERE {which}) > 0)::int,
    'lots', count(DISTINCT lot) FILTER (WHERE {which}),
    'files', count(*) FILTER (WHERE {which}),
    'documents', coalesce(sum(documents) FILTER (WHERE {which}), 0),
    'boxes', count(DISTINCT box) FILTER (WHERE box <> '' AND {which}),
    'unmeasured', count(DISTINCT box) FILTER (WHERE box <> '' AND cm IS NULL AND {which}),
    'metres', coalesce(sum(cm / 100.0 / in_box) FILTER (WHERE {which}), 0))"""


def summed(reader: Connection, on: str) -> list[tuple[UUID, UUID | None, Carrier, dict[str, float], dict[str, float]]]:
    """Fonds, receiver, carrier, what must be had and what of it is in other hands, on the civil day."""
    must = must_have(file="h.file", carrier="h.carrier", fonds="h.fonds", lot="h.lot", day="%(on)s")
    query = (
        _SUMMED.replace("{must_have}", must)
        .replace("{all}", _QUANTITY.replace("{which}", "true"))
        .replace("{elsewhere}", _QUANTITY.replace("{which}", "holder IS DISTINCT FROM receiver"))
    )
    with reader.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(query.encode(), {"on": on}).fetchall()
    return [
        (row["fonds"], row["receiver"], Carrier(row["carrier"]), _rounded(row["must_have"]), _rounded(row["to_come"]))
        for row in rows
    ]


def receivers_summed(
    reader: Connection, on: str
) -> list[tuple[UUID | None, Carrier, dict[str, float], dict[str, float]]]:
    """The same over all fonds, by receiver, those that await last."""
    found: defaultdict[tuple[UUID | None, Carrier], list[tuple[dict[str, float], dict[str, float]]]] = defaultdict(list)
    for _, receiver, carrier, must, to_come in summed(reader, on):
        found[receiver, carrier].append((must, to_come))
    keys = sorted(found, key=lambda key: (key[0] is None, str(key[0]), key[1] is Carrier.DIGITAL))
    return [(*key, *(_together([both[at] for both in found[key]]) for at in (0, 1))) for key in keys]  # type: ignore[misc]


def as_receivers(
    figures: list[ReceiverFigures],
) -> list[tuple[UUID | None, Carrier, dict[str, float], dict[str, float]]]:
    """What the product told of receivers, in the same form."""
    return [
        (one.receiver, one.carrier, _together([_told(one.must_have)]), _together([_told(one.to_come)]))
        for one in figures
    ]


def as_summed(
    figures: list[FondsFigures],
) -> list[tuple[UUID, UUID | None, Carrier, dict[str, float], dict[str, float]]]:
    """What the product told, in the same form."""
    return [(one.fonds, one.receiver, one.carrier, _told(one.must_have), _told(one.to_come)) for one in figures]


def _told(quantity: Quantity) -> dict[str, float]:
    names = ("fonds", "lots", "files", "documents", "boxes", "unmeasured")
    return {name: getattr(quantity, name) for name in names} | {"metres": round(quantity.micrometres / 1e6, 3)}


def _rounded(told: dict[str, float]) -> dict[str, float]:
    return told | {"metres": round(told["metres"], 3)}


def _together(quantities: list[dict[str, float]]) -> dict[str, float]:
    return {name: round(sum(one[name] for one in quantities), 2) for name in quantities[0]}
