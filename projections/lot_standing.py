"""Lots as they stood: who must have each and in whose hands it is, on a day, as known at an act, file by file summed.

Nothing is rolled up beforehand: the facts of `custody_history`, which are only ever added, are replayed for the day
asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final
from uuid import UUID

import msgspec

from domain.basis import Confidence
from projections.asking import ask
from projections.child_lot_rows import IN_CHILD_LOTS, OF_CHILD_LOTS, RECORDED
from projections.view import Connection


class LotStanding(msgspec.Struct, frozen=True, kw_only=True):
    """Files of one lot in one holder's hands. lot: number in `ALL_LOT_KEYS`.

    receiver absent: nobody is named. because: act of the assignment, absent where there is none. boxes and sheets are
    paper's. contradicted: by the ledger, the giver of the hand-over that put them in these hands did not have them.
    disputed: listed in a hand-over, and not taken by its receiver. child_lot: name of the one that they are in.
    """

    fonds: UUID
    lot: int
    holder: UUID
    files: int
    sheets: int
    boxes: tuple[str, ...] = ()
    contradicted: bool = False
    disputed: bool = False
    receiver: UUID | None = None
    because: int | None = None
    effective: str = ""
    rule: str = ""
    basis: str = ""
    confidence: Confidence | None = None
    child_lot: str = ""


class _Content(msgspec.Struct, frozen=True, kw_only=True):
    """What of a lot is in one holder's hands."""

    fonds: UUID
    lot: int
    holder: UUID
    contradicted: bool
    disputed: bool
    files: int
    sheets: int
    boxes: tuple[str, ...]
    own: UUID | None = None
    own_because: int | None = None
    own_effective: str | None = None
    own_basis: str | None = None
    own_rule: str | None = None
    own_confidence: Confidence | None = None
    child_lot: str | None = None


class _Assignment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is in force for some lots of a fonds."""

    fonds: UUID
    lots: int
    because: int
    effective: str
    rule: str
    basis: str
    receiver: UUID | None = None
    confidence: Confidence | None = None


# All rows of an assignment share its place in the order, so all of the newest one rank first.
_IN_FORCE: Final = """
SELECT fonds, lots, recorded AS because, effective, rule, basis, receiver, nullif(confidence, '') AS confidence
FROM (
    SELECT a.*, rank() OVER (PARTITION BY fonds ORDER BY effective DESC, recorded DESC, position) AS place
    FROM projection.assignment AS a
    WHERE effective <= %(on)s AND recorded <= %(known_at)s{of_fonds}
) AS ranked
WHERE place = 1
"""
# Open disputes are few: joined at once, not looked up for each of a city's files.
_CONTENT_ON: Final = """
WITH told AS (
    SELECT f.id AS file, h.carrier, h.recorded, h.holder, h.handover,
           f.fonds, f.lot + (h.carrier = 'digital')::int AS lot,
           CASE WHEN h.carrier = 'paper' THEN f.box ELSE '' END AS box,
           CASE WHEN h.carrier = 'paper' THEN f.sheets ELSE 0 END AS sheets,
           lead(h.holder) OVER newest_first AS before, row_number() OVER newest_first AS place
    FROM projection.file AS f JOIN projection.held AS h ON h.file = f.id
    WHERE f.recorded <= %(known_at)s AND h.effective <= %(on)s AND h.recorded <= %(known_at)s{of_file}
    WINDOW newest_first AS (PARTITION BY h.file, h.carrier ORDER BY h.effective DESC, h.recorded DESC, h.position)
),
dispute AS (
    SELECT file, carrier, max(recorded) AS recorded FROM projection.disputed_line
    WHERE effective <= %(on)s AND recorded <= %(known_at)s
      AND NOT coalesce(settled <= %(known_at)s AND settled_on <= %(on)s, false)
    GROUP BY file, carrier
),
alone AS (
    SELECT DISTINCT ON (file, carrier) * FROM projection.single_assignment
    WHERE effective <= %(on)s AND recorded <= %(known_at)s
    ORDER BY file, carrier, effective DESC, recorded DESC
),
listed AS ({listed}),
own AS (
    SELECT DISTINCT ON (file, carrier) * FROM (
        SELECT file, carrier, NULL::uuid AS child, receiver, recorded, effective, basis, rule, confidence, 0 AS place
        FROM alone WHERE receiver IS NOT NULL OR awaits
        UNION ALL SELECT file, carrier, child, NULL, NULL, NULL, NULL, NULL, NULL, 1 FROM listed
    ) AS both_kinds ORDER BY file, carrier, place
),
carved AS ({carved})
SELECT told.fonds, told.lot, told.holder,
       told.handover IS NOT NULL AND told.before IS DISTINCT FROM o.giver AS contradicted,
       coalesce(d.recorded > told.recorded, false) AS disputed, coalesce(own.receiver, carved.receiver) AS own,
       coalesce(own.recorded, carved.recorded) AS own_because,
       coalesce(own.effective, carved.effective) AS own_effective,
       coalesce(own.basis, carved.basis) AS own_basis, coalesce(own.rule, carved.rule) AS own_rule,
       coalesce(own.confidence, carved.confidence) AS own_confidence, l.name AS child_lot,
       count(*) AS files, sum(told.sheets)::bigint AS sheets,
       coalesce(array_agg(DISTINCT told.box) FILTER (WHERE told.box <> ''), '{}') AS boxes
FROM told LEFT JOIN projection.handover AS o ON o.id = told.handover
LEFT JOIN dispute AS d ON d.file = told.file AND d.carrier = told.carrier
LEFT JOIN own ON own.file = told.file AND own.carrier = told.carrier
LEFT JOIN carved ON carved.child = own.child AND (carved.lots >> told.lot) & 1 = 1
LEFT JOIN projection.child_lot AS l ON l.id = own.child
WHERE told.place = 1
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 ORDER BY 1, 2, 3, 4, 5, 6, 7
"""
_CONTENT: Final = (
    _CONTENT_ON.replace("{listed}", IN_CHILD_LOTS)
    .replace("{carved}", OF_CHILD_LOTS.replace("{facts}", RECORDED))
    .replace("{day}", "%(on)s")
    .replace("{known}", " AND recorded <= %(known_at)s")
)
_OF_FONDS: Final = (" AND fonds = ANY (%(fonds)s)", " AND f.fonds = ANY (%(fonds)s)")
_IN_FORCE_OF: Final = _IN_FORCE.replace("{of_fonds}", _OF_FONDS[0])
_IN_FORCE_EVERYWHERE: Final = _IN_FORCE.replace("{of_fonds}", "")
_CONTENT_OF: Final = _CONTENT.replace("{of_file}", _OF_FONDS[1])
_CONTENT_EVERYWHERE: Final = _CONTENT.replace("{of_file}", "")
_ASSIGNED: Final = """
SELECT fonds AS id FROM projection.assignment
WHERE receiver = ANY (%(agencies)s) AND effective <= %(on)s AND recorded <= %(known_at)s
UNION SELECT l.fonds FROM projection.child_lot_assignment AS c JOIN projection.child_lot AS l ON l.id = c.child
WHERE c.receiver = ANY (%(agencies)s) AND c.effective <= %(on)s AND c.recorded <= %(known_at)s
UNION SELECT f.fonds FROM projection.single_assignment AS s JOIN projection.file AS f ON f.id = s.file
WHERE s.receiver = ANY (%(agencies)s) AND s.effective <= %(on)s AND s.recorded <= %(known_at)s ORDER BY 1
"""


class _Key(msgspec.Struct, frozen=True):
    id: UUID


def lots_as_they_stood(
    connection: Connection, on: str, known_at: int, fonds: Iterable[UUID] | None = None
) -> list[LotStanding]:
    """Every lot with something in it on the civil day `on`, as known after act `known_at`; of these fonds or of all."""
    facts = {"on": on, "known_at": known_at}
    if fonds is None:
        in_force = ask(connection, _Assignment, _IN_FORCE_EVERYWHERE, **facts)
        contents = ask(connection, _Content, _CONTENT_EVERYWHERE, **facts)
    else:
        wanted = list(fonds)
        in_force = ask(connection, _Assignment, _IN_FORCE_OF, fonds=wanted, **facts)
        contents = ask(connection, _Content, _CONTENT_OF, fonds=wanted, **facts)
    # Joined here: a planner without statistics on the newest assignments would compare each with each.
    by_fonds: defaultdict[UUID, list[_Assignment]] = defaultdict(list)
    for one in in_force:
        by_fonds[one.fonds].append(one)
    return [_standing(content, by_fonds[content.fonds]) for content in contents]


def _standing(content: _Content, in_force: list[_Assignment]) -> LotStanding:
    must = _own(content) or next((one for one in in_force if (one.lots >> content.lot) & 1), None)
    return LotStanding(
        fonds=content.fonds,
        lot=content.lot,
        holder=content.holder,
        files=content.files,
        sheets=content.sheets,
        boxes=content.boxes,
        contradicted=content.contradicted,
        disputed=content.disputed,
        receiver=must.receiver if must else None,
        because=must.because if must else None,
        effective=must.effective if must else "",
        rule=must.rule if must else "",
        basis=must.basis if must else "",
        confidence=must.confidence if must else None,
        child_lot=content.child_lot or "",
    )


def _own(content: _Content) -> _Assignment | None:
    """By a decision about each of these files alone."""
    if content.own_because is None:
        return None
    return _Assignment(
        fonds=content.fonds,
        lots=1 << content.lot,
        because=content.own_because,
        effective=content.own_effective or "",
        rule=content.own_rule or "",
        basis=content.own_basis or "",
        receiver=content.own,
        confidence=content.own_confidence,
    )


def fonds_ever_assigned(connection: Connection, agencies: Iterable[UUID], on: str, known_at: int) -> list[UUID]:
    """Fonds of which these agencies were to have something, in force or superseded."""
    rows = ask(connection, _Key, _ASSIGNED, agencies=list(agencies), on=on, known_at=known_at)
    return [row.id for row in rows]
