"""Questions of custody: who must have and who has a file, on a day, as known at an act; and hand-overs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from domain.basis import Confidence
from domain.custody import UNKNOWN, Custody, state_of
from domain.lot import Carrier
from domain.open_handover import Claim
from projections.asking import ask, ask_one
from projections.open_handover import claim
from projections.single_assignment import must_have
from projections.view import Connection

NEWEST_KNOWN: Final = 2**62
"""An act index beyond any: all that is recorded by now is known."""


class CustodyAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """custody: the two facts, as the domain's replay answers. rule, basis, confidence: what the assignment rests on.

    handover: the hand-over that put it in its holder's hands, if one did.
    """

    custody: Custody
    rule: str = ""
    basis: str = ""
    confidence: Confidence | None = None
    handover: UUID | None = None


class HandoverRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A hand-over. completed, withdrawn: act indexes, absent until then. root: base64 of the inventory's root.

    files, boxes, sheets, sealed_sets: of the lines taken; disputed: lines not taken. offered_on, in_force: civil days,
    empty where not stated. flags: parted by blanks.
    """

    id: UUID
    giver: UUID
    receiver: UUID
    carrier: Carrier
    basis: str
    proposed: int
    completed: int | None = None
    handed_on: str = ""
    root: str = ""
    files: int = 0
    boxes: int = 0
    sheets: int = 0
    offered_on: str = ""
    in_force: str = ""
    deputized: bool = False
    witnesses: int = 0
    withdrawn: int | None = None
    withdrawn_on: str = ""
    sealed_sets: int = 0
    disputed: int = 0
    shelf_cm: int = 0
    flags: str = ""


class CustodyRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of CUSTODY."""

    carrier: Carrier
    receiver: UUID | None = None
    because_assigned: int | None = None
    rule: str | None = None
    basis: str | None = None
    confidence: str | None = None
    holder: UUID | None = None
    because_held: int | None = None
    handover: UUID | None = None
    claim: Claim | None = None


CUSTODY: Final = f"""
SELECT c.carrier, must.receiver, must.recorded AS because_assigned, must.rule, must.basis, must.confidence,
       has.holder, has.recorded AS because_held, has.handover,
       {
    claim(file="f.id", carrier="c.carrier", day="%(on)s", known_at="%(known_at)s", since="coalesce(has.recorded, -1)")
} AS claim
FROM projection.file AS f CROSS JOIN (VALUES ('paper'), ('digital')) AS c (carrier)
CROSS JOIN LATERAL (
    {
    must_have(
        file="f.id",
        carrier="c.carrier",
        fonds="f.fonds",
        lot="f.lot + (c.carrier = 'digital')::int",
        day="%(on)s",
        known_at="%(known_at)s",
    )
}
) AS must
LEFT JOIN LATERAL (
    SELECT h.* FROM projection.held AS h
    WHERE h.file = f.id AND h.carrier = c.carrier AND h.effective <= %(on)s AND h.recorded <= %(known_at)s
    ORDER BY h.effective DESC, h.recorded DESC, h.position LIMIT 1
) AS has ON true
WHERE f.id = %(file)s AND f.recorded <= %(known_at)s AND c.carrier = ANY (%(carriers)s)
"""  # noqa: S608  constants of this module
_HANDOVER: Final = "SELECT {columns} FROM projection.handover WHERE id = %(id)s"
_HANDOVERS_OF: Final = """
SELECT {columns} FROM projection.handover WHERE giver = %(agency)s OR receiver = %(agency)s ORDER BY proposed, id
"""


def custody_of(
    connection: Connection, file: UUID, carrier: Carrier, on: str, known_at: int = NEWEST_KNOWN
) -> CustodyAnswer:
    """Who must have and who has a carrier of a file on the civil day `on` (ISO), as known after act `known_at`."""
    rows = ask(connection, CustodyRow, CUSTODY, file=file, carriers=[carrier], on=on, known_at=known_at)
    return custody_by_carrier(rows)[carrier]


def custody_by_carrier(rows: Sequence[CustodyRow]) -> dict[Carrier, CustodyAnswer]:
    """The answers of CUSTODY's rows; a carrier without one is of a file that is not known by then."""
    unknown = CustodyAnswer(custody=UNKNOWN)
    return dict.fromkeys(Carrier, unknown) | {row.carrier: _answer(row) for row in rows}


def handover(connection: Connection, id: UUID) -> HandoverRow | None:  # noqa: A002  the column's word
    """A hand-over, or None."""
    return ask_one(connection, HandoverRow, _HANDOVER, id=id)


def handovers_of(connection: Connection, agency: UUID) -> list[HandoverRow]:
    """The hand-overs that an agency gives or receives, oldest first."""
    return ask(connection, HandoverRow, _HANDOVERS_OF, agency=agency)


def _answer(row: CustodyRow) -> CustodyAnswer:
    must, has = row.receiver, row.holder
    custody = Custody(
        assigned_to=must,
        held_by=has,
        state=state_of(must, has, received=row.handover is not None, claim=row.claim),
        because_assigned=-1 if row.because_assigned is None else row.because_assigned,
        because_held=-1 if row.because_held is None else row.because_held,
        known=has is not None,
    )
    return CustodyAnswer(
        custody=custody,
        rule=row.rule or "",
        basis=row.basis or "",
        confidence=Confidence(row.confidence) if row.confidence else None,
        handover=row.handover,
    )
