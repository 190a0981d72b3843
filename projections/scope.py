"""Access scope: what a reader may use, compiled to one WHERE fragment for lists and search.

The rules are `domain.access.may_use`'s; this is their set-wise form, and `access_facts` gives the domain the facts of
one file. A file may be held or assigned on two carriers: whoever has or must have one that there is may read it. As
of civil today. Predecessors: agencies that the reader's agency took over from by an enacted reorganization, and those
of the same block and kind whose unit its unit succeeded, through all of them; territories: those of the ended districts
that the unit or such a unit lay in. Officers of a merged commune read finished files of predecessor units and of their
district. Who came to a fonds after a file was done did not create that file. `readers` asks the same of a file.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

import msgspec
from psycopg.rows import dict_row, tuple_row

from domain.access import AccessFacts
from domain.file import Rights
from domain.fonds import CustodyLine
from domain.lot import WorkState
from projections.access_grants import GrantRow, grants_in_force
from projections.creatorship import came_later
from projections.single_assignment import must_have
from projections.view import Connection


class AccessScope(msgspec.Struct, frozen=True, kw_only=True):
    """Whose eyes, and on which civil day (ISO). grants: those in force for these eyes on that day."""

    agency: UUID
    city_wide: bool
    predecessors: frozenset[UUID]
    territories: frozenset[UUID]
    today: str
    grants: tuple[GrantRow, ...] = ()

    def granted(self, file: UUID, fonds: UUID) -> str:
        """Number of the decision by which the reader was granted this file, empty where there is none."""
        return next((one.basis for one in self.grants if file in one.files or fonds in one.fonds), "")

    @property
    def facts(self) -> dict[str, Any]:
        """The values that WHERE refers to by name."""
        return {
            "scope_agency": self.agency,
            "scope_city_wide": self.city_wide,
            "scope_before": [*self.predecessors, *self.territories],
            "scope_today": self.today,
            "scope_files": [file for one in self.grants for file in one.files],
            "scope_fonds": [fonds for one in self.grants for fonds in one.fonds],
        }


_MUST: Final = must_have(file="f.id", carrier="on_lot.carrier", fonds="f.fonds", lot="on_lot.lot", day="%(today)s")
# Paper is there with its file; the digital lot is assigned to somebody before anything was scanned.
_THERE: Final = """on_lot.carrier = 'paper' OR EXISTS (
    SELECT FROM projection.held AS h WHERE h.file = f.id AND h.carrier = on_lot.carrier AND h.effective <= %(today)s)"""
# Over `f`, a row of projection.file. The cheap branches stand first; a newest fact decides who has or must have.
WHERE: Final = f"""(
    f.id = ANY (%(scope_files)s::uuid[]) OR f.fonds = ANY (%(scope_fonds)s::uuid[])
    OR EXISTS (
        SELECT FROM projection.fonds AS o
        WHERE o.id = f.fonds AND (
            (%(scope_agency)s = ANY (o.creators)
             AND NOT {came_later(fonds="o.id", creator="%(scope_agency)s", day="%(scope_today)s")})
            OR (o.line <> 'party' AND f.rights = 'open' AND (
                %(scope_city_wide)s
                OR (f.state = 'finished' AND o.creators && %(scope_before)s::uuid[]
                    AND EXISTS (SELECT FROM unnest(o.creators) AS one (id) WHERE one.id = ANY (%(scope_before)s::uuid[])
                                AND NOT {came_later(fonds="o.id", creator="one.id", day="%(scope_today)s")})))))
    )
    OR EXISTS (
        SELECT FROM (VALUES ('paper'), ('digital')) AS on_carrier (carrier),
        LATERAL (
            SELECT h.holder FROM projection.held AS h
            WHERE h.file = f.id AND h.carrier = on_carrier.carrier AND h.effective <= %(scope_today)s
            ORDER BY h.effective DESC, h.recorded DESC, h.position LIMIT 1
        ) AS has
        WHERE has.holder = %(scope_agency)s
    )
    OR EXISTS (
        SELECT FROM (VALUES ('paper', f.lot), ('digital', f.lot + 1)) AS on_lot (carrier, lot),
        LATERAL ({_MUST.replace("today", "scope_today")}) AS must
        WHERE must.receiver = %(scope_agency)s AND ({_THERE.replace("today", "scope_today")})
    )
)"""  # noqa: S608  constants of this module
# A place on the way back: an agency, or (agency null) whichever of that block and kind were in a unit. From each to the
# units that its unit came of, and to the agencies that it, or those there, took over from by a change of their own.
_PREDECESSORS: Final = """
WITH RECURSIVE own AS (SELECT * FROM projection.agency WHERE id = %(agency)s),
past (unit, block, kind, agency) AS (
    SELECT unit, block, kind, id FROM own
    UNION
    SELECT back.* FROM past CROSS JOIN LATERAL (
        SELECT s.unit, past.block, past.kind, NULL::uuid FROM projection.succession AS s
        JOIN projection.reorganization AS r ON r.id = s.reorganization
        WHERE s.successor = past.unit AND s.change <> 'boundary-adjusted' AND r.state = 'enacted'
          AND r.effective <= %(today)s
        UNION ALL
        SELECT b.unit, b.block, b.kind, b.id FROM projection.agency AS a
        JOIN projection.agency_succession AS s ON s.successor = a.id
        JOIN projection.reorganization AS r ON r.id = s.reorganization
        JOIN projection.agency AS b ON b.id = s.agency
        WHERE a.unit = past.unit AND a.block = past.block AND a.kind = past.kind
          AND (past.agency IS NULL OR a.id = past.agency) AND s.change <> 'boundary-adjusted'
          AND r.state = 'enacted' AND r.effective <= %(today)s
    ) AS back
),
before (unit, block, kind, agency, territory) AS (
    SELECT past.*, false FROM past
    UNION
    SELECT above.id, past.block, past.kind, NULL, true FROM past CROSS JOIN own
    JOIN projection.unit AS u ON u.id = past.unit JOIN projection.unit AS above ON above.id = u.parent
    WHERE above.level = 'district' AND above.valid_to <> '' AND above.valid_to <= %(today)s
      AND (u.id <> own.unit OR u.valid_to = '' OR %(today)s < u.valid_to)
)
SELECT a.id, before.territory FROM own CROSS JOIN before JOIN projection.agency AS a
    ON a.unit = before.unit AND a.block = before.block AND a.kind = before.kind
WHERE a.id <> own.id AND (a.id = before.agency OR (before.agency IS NULL AND a.unit <> own.unit))
"""
_FACTS: Final = f"""
SELECT f.fonds, f.rights, f.state, o.line,
    ARRAY(SELECT one.id FROM unnest(o.creators) AS one (id)
          WHERE NOT {came_later(fonds="o.id", creator="one.id", day="%(today)s")}) AS creators,
    (SELECT array_agg(has.holder) FROM (VALUES ('paper'), ('digital')) AS on_carrier (carrier),
     LATERAL (SELECT h.holder FROM projection.held AS h
              WHERE h.file = f.id AND h.carrier = on_carrier.carrier AND h.effective <= %(today)s
              ORDER BY h.effective DESC, h.recorded DESC, h.position LIMIT 1) AS has) AS holders,
    (SELECT array_agg(must.receiver) FROM (VALUES ('paper', f.lot), ('digital', f.lot + 1)) AS on_lot (carrier, lot),
     LATERAL ({_MUST}) AS must WHERE {_THERE}) AS assignees
FROM projection.file AS f JOIN projection.fonds AS o ON o.id = f.fonds
WHERE f.id = %(file)s
"""  # noqa: S608  constants of this module


def access_scope(
    connection: Connection, agency: UUID, city_wide: bool, today: str, principal: UUID | None = None
) -> AccessScope:
    """The scope of a reader of an agency, as of the civil day `today`. principal: whose own grants count too."""
    given = grants_in_force(connection, agency, principal, today)
    with connection.cursor(row_factory=tuple_row) as cursor:
        found = cursor.execute(_PREDECESSORS, {"agency": agency, "today": today}).fetchall()
    return AccessScope(
        agency=agency,
        city_wide=city_wide,
        predecessors=frozenset(agency for agency, territory in found if not territory),
        territories=frozenset(agency for agency, territory in found if territory),
        today=today,
        grants=tuple(given),
    )


def access_facts(connection: Connection, file: UUID, scope: AccessScope) -> AccessFacts | None:
    """What `domain.access.may_use` needs for one file and this reader; None for an unknown file.

    Where the two carriers differ, holder and assignee name the reader's own agency if it is one of them.
    """
    with connection.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute(_FACTS, {"file": file, "today": scope.today}).fetchone()
    if row is None:
        return None
    return AccessFacts(
        reader_agency=scope.agency,
        city_wide=scope.city_wide,
        holder=_one_of(row["holders"], scope.agency),
        assignee=_one_of(row["assignees"], scope.agency),
        creators=tuple(row["creators"]),
        predecessors=scope.predecessors,
        territories=scope.territories,
        line=CustodyLine(row["line"]),
        rights=Rights(row["rights"]),
        state=WorkState(row["state"]),
        granted=scope.granted(file, row["fonds"]),
    )


def _one_of(found: list[UUID | None] | None, own: UUID) -> UUID | None:
    known = [one for one in found or () if one is not None]
    return own if own in known else next(iter(known), None)
