"""Many questions of custody in one query: who must have and who has each file, on its day, as known at its act."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec
from psycopg.rows import dict_row, tuple_row

from domain.custody import UNKNOWN, Custody, state_of
from domain.lot import Carrier
from domain.open_handover import Claim
from projections.asking import ask
from projections.open_handover import claim
from projections.single_assignment import must_have
from projections.view import Connection


class FileQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """Who must have and who has `carrier` of the file with this FileCode on the civil day `on`, as known after an act.

    file: the code as text, in NFC. known_at: act index.
    """

    file: str
    carrier: Carrier
    on: str
    known_at: int


class FileCustody(msgspec.Struct, frozen=True, kw_only=True):
    """A file with a code that was asked for, and its custody."""

    file: UUID
    custody: Custody


class AgencyName(msgspec.Struct, frozen=True, kw_only=True):
    """An agency as people know it. reconstructed: its dates or its unit's are inferred from rosters."""

    id: UUID
    code: str
    name: str
    reconstructed: bool


# One lateral each for the newest fact of both kinds; ties fall as in `custody_queries`.
_BATCH: Final = f"""
SELECT q.number, f.id AS file, must.receiver, must.recorded AS because_assigned, has.holder,
       has.recorded AS because_held, has.handover IS NOT NULL AS received, f.recorded > q.known_at AS later,
       {
    claim(file="f.id", carrier="q.carrier", day="q.day", known_at="q.known_at", since="coalesce(has.recorded, -1)")
} AS claim
FROM unnest(%(code)b::text[], %(carrier)b::text[], %(on)b::text[], %(known_at)b::bigint[])
     WITH ORDINALITY AS q (code, carrier, day, known_at, number)
JOIN projection.file AS f ON f.code = q.code COLLATE "C"
CROSS JOIN LATERAL (
    {
    must_have(
        file="f.id",
        carrier="q.carrier",
        fonds="f.fonds",
        lot="f.lot + (q.carrier = 'digital')::int",
        day="q.day",
        known_at="q.known_at",
    )
}
) AS must
LEFT JOIN LATERAL (
    SELECT h.holder, h.recorded, h.handover FROM projection.held AS h
    WHERE h.file = f.id AND h.carrier = q.carrier AND h.effective <= q.day AND h.recorded <= q.known_at
    ORDER BY h.effective DESC, h.recorded DESC, h.position LIMIT 1
) AS has ON true
ORDER BY q.number
"""  # noqa: S608  constants of this module
_NAMES: Final = """
SELECT a.id, a.code, a.name, 'reconstructed' IN (a.certainty, coalesce(u.certainty, '')) AS reconstructed
FROM projection.agency AS a LEFT JOIN projection.unit AS u ON u.id = a.unit WHERE a.id = ANY (%(ids)s)
"""
_ACTS: Final = "SELECT coalesce(max(index), -1) FROM projection.act"


def custody_of_each(connection: Connection, questions: Sequence[FileQuestion]) -> list[list[Custody]]:
    """For each question the custody of each file with its code: none where no file has it, normally one."""
    return [[one.custody for one in found] for found in files_of_each(connection, questions)]


def files_of_each(connection: Connection, questions: Sequence[FileQuestion]) -> list[list[FileCustody]]:
    """As `custody_of_each`, with the file beside."""
    answers: list[list[FileCustody]] = [[] for _ in questions]
    facts = {
        "code": [one.file for one in questions],
        "carrier": [one.carrier.value for one in questions],
        "on": [one.on for one in questions],
        "known_at": [one.known_at for one in questions],
    }
    with connection.cursor(row_factory=dict_row, binary=True) as cursor:
        for row in cursor.execute(_BATCH, facts):
            answers[row["number"] - 1].append(FileCustody(file=row["file"], custody=_custody(row)))
    return answers


def agency_names(connection: Connection, ids: Iterable[UUID]) -> dict[UUID, AgencyName]:
    """Code and name of each agency that is known."""
    wanted = list(ids)
    return {row.id: row for row in ask(connection, AgencyName, _NAMES, ids=wanted)} if wanted else {}


def last_act(connection: Connection) -> int:
    """Index of the last act that the views have folded, -1 before the first."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(_ACTS).fetchone()
    assert row is not None
    return int(row[0])


def _custody(row: dict[str, Any]) -> Custody:
    """As the domain's replay says it: a file that was registered later is unknown, whatever its fonds' assignment."""
    if row["later"]:
        return UNKNOWN
    must, has = row["receiver"], row["holder"]
    return Custody(
        assigned_to=must,
        held_by=has,
        state=state_of(must, has, received=row["received"], claim=Claim(row["claim"]) if row["claim"] else None),
        because_assigned=-1 if row["because_assigned"] is None else row["because_assigned"],
        because_held=-1 if row["because_held"] is None else row["because_held"],
        known=has is not None,
    )
