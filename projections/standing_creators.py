"""Who creates each fonds, as the views have it: the same facts that an enactment reads from the log."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import msgspec
from psycopg.rows import tuple_row

from domain.creatorship import FondsWentOn
from projections.view import Connection

FONDS_AS_OPENED: Final = """
SELECT f.id, f.code, f.name, f.opened_from, f.line, ARRAY(
    SELECT one FROM unnest(f.creators) WITH ORDINALITY AS o (one, at)
    WHERE NOT EXISTS (SELECT FROM projection.creatorship AS c
                      WHERE c.fonds = f.id AND c.creator = one AND c.reorganization IS NOT NULL)
    ORDER BY at) AS creators
FROM projection.fonds AS f
"""
"""Fonds with the creators they were opened for."""
_GONE_ON: Final = """
SELECT g.fonds, g.effective, g.creators, g.former, g.basis, r.plan_hash
FROM projection.fonds_gone_on AS g JOIN projection.reorganization AS r ON r.id = g.reorganization
WHERE g.former <> '{}' ORDER BY g.position
"""
_ENACTED: Final = "SELECT plan_hash FROM projection.reorganization WHERE state = 'enacted'"


class StandingCreators(msgspec.Struct, frozen=True, kw_only=True):
    """That a fonds went on with others, and the hash of the plan by which it did."""

    event: FondsWentOn
    plan_hash: str


def standing_creators(connection: Connection) -> dict[UUID, list[StandingCreators]]:
    """Every change of who creates a fonds, in the order recorded."""
    found: dict[UUID, list[StandingCreators]] = {}
    with connection.cursor(row_factory=tuple_row) as cursor:
        for fonds, effective, creators, former, basis, plan_hash in cursor.execute(_GONE_ON):
            event = FondsWentOn(
                fonds=fonds, effective=effective, creators=tuple(creators), former=tuple(former), basis=basis
            )
            found.setdefault(fonds, []).append(StandingCreators(event=event, plan_hash=plan_hash))
    return found


def enacted_plans(connection: Connection) -> frozenset[str]:
    """The hashes of the plans that were enacted."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        return frozenset(row[0] for row in cursor.execute(_ENACTED).fetchall())
