"""The figures of receivers, summed anew by the server from every file: slow, and apart from what the product does."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from psycopg.rows import dict_row

from domain.lot import Carrier
from projections.figures import FondsFigures, Quantity
from projections.view import Connection

# Each file-carrier with its receiver on the day: a decision of its own before what its lot is assigned to.
_SUMMED: Final = """
WITH file AS (
    SELECT h.file, h.carrier, h.fonds, h.lot, h.holder, h.box, h.documents, k.cm,
           count(*) OVER (PARTITION BY h.fonds, h.box) AS in_box,
           CASE WHEN own.apart THEN own.receiver ELSE lots.receiver END AS receiver
    FROM projection.file_holding AS h
    LEFT JOIN projection.container AS k ON k.fonds = h.fonds AND k.label = h.box AND h.box <> '' AND k.cm > 0
    LEFT JOIN LATERAL (
        SELECT s.receiver, s.receiver IS NOT NULL OR s.awaits AS apart FROM projection.single_assignment AS s
        WHERE s.file = h.file AND s.carrier = h.carrier AND s.effective <= %(on)s
        ORDER BY s.effective DESC, s.recorded DESC LIMIT 1
    ) AS own ON true
    LEFT JOIN LATERAL (
        SELECT a.receiver FROM projection.assignment AS a
        WHERE a.fonds = h.fonds AND (a.lots >> h.lot) & 1 = 1 AND a.effective <= %(on)s
        ORDER BY a.effective DESC, a.recorded DESC, a.position LIMIT 1
    ) AS lots ON true
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
    query = _SUMMED.replace("{all}", _QUANTITY.replace("{which}", "true")).replace(
        "{elsewhere}", _QUANTITY.replace("{which}", "holder IS DISTINCT FROM receiver")
    )
    with reader.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(query.encode(), {"on": on}).fetchall()
    return [
        (row["fonds"], row["receiver"], Carrier(row["carrier"]), _rounded(row["must_have"]), _rounded(row["to_come"]))
        for row in rows
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
