"""Single files by their own decision: their rows, and the SQL by which they go before what their lot is assigned to."""

from __future__ import annotations

from typing import Final

from domain.event import Event
from domain.single_file import FileAssigned, FileRejoined
from projections.page_rows import AppendedRows, Table
from projections.view import Cursor, Recorded

SINGLE_TABLE: Final = "single_assignment"
SINGLE_EVENTS: Final[frozenset[type[Event]]] = frozenset({FileAssigned, FileRejoined})
_SINGLE: Final = Table(
    name=SINGLE_TABLE,
    columns={
        "file": "uuid",
        "carrier": "text",
        "effective": "text",
        "recorded": "bigint",
        "position": "bigint",
        "receiver": "uuid",
        "basis": "text",
    },
)
IN_FORCE: Final = """
SELECT h.file, h.carrier, h.fonds, h.lot, h.holder, h.box, h.documents, own.receiver
FROM (
    SELECT DISTINCT ON (file, carrier) file, carrier, receiver FROM projection.single_assignment
    WHERE effective <= {day} ORDER BY file, carrier, effective DESC, recorded DESC
) AS own JOIN projection.file_holding AS h USING (file, carrier)
WHERE own.receiver IS NOT NULL
"""
"""File-carriers that have a receiver of their own on {day}, by the newest belief, with whose hands they are in."""

_OWN: Final = """
SELECT s.receiver, s.recorded, s.basis FROM projection.single_assignment AS s
WHERE s.file = {file} AND s.carrier = {carrier} AND s.effective <= {day}{known}
ORDER BY s.effective DESC, s.recorded DESC LIMIT 1
"""
_MUST: Final = """
SELECT coalesce(own.receiver, lots.receiver) AS receiver,
       CASE WHEN own.receiver IS NULL THEN lots.recorded ELSE own.recorded END AS recorded,
       CASE WHEN own.receiver IS NULL THEN lots.rule ELSE 'single-file' END AS rule,
       CASE WHEN own.receiver IS NULL THEN lots.basis ELSE own.basis END AS basis,
       CASE WHEN own.receiver IS NULL THEN lots.confidence ELSE 'decision' END AS confidence
FROM (SELECT) AS one
LEFT JOIN LATERAL ({own}) AS own ON true
LEFT JOIN LATERAL (
    SELECT a.receiver, a.recorded, a.rule, a.basis, a.confidence FROM projection.assignment AS a
    WHERE a.fonds = {fonds} AND (a.lots >> ({lot})) & 1 = 1 AND a.effective <= {day}{lots_known}
    ORDER BY a.effective DESC, a.recorded DESC, a.position LIMIT 1
) AS lots ON true
"""


class SingleRows:
    """Those of one page."""

    def __init__(self) -> None:
        self._rows = AppendedRows(_SINGLE)

    def take(self, recorded: Recorded) -> None:
        """One event about a single file."""
        one = recorded.event
        if isinstance(one, FileAssigned | FileRejoined):
            receiver = one.receiver if isinstance(one, FileAssigned) else None
            for carrier in one.carriers:
                self._rows.add(
                    one.file, carrier, one.effective, recorded.act_index, recorded.position, receiver,
                    one.decision.number,
                )  # fmt: skip

    def write(self, cursor: Cursor) -> None:
        """Copy what was gathered."""
        self._rows.write(cursor)


def own(*, file: str, carrier: str, day: str, known_at: str = "") -> str:
    """SQL of the newest decision about one file's carrier: receiver (null: it goes with its lot), recorded, basis.

    Each argument is an SQL expression; known_at empty: all that is recorded.
    """
    known = f" AND s.recorded <= {known_at}" if known_at else ""
    return _OWN.format(file=file, carrier=carrier, day=day, known=known)


def must_have(*, file: str, carrier: str, fonds: str, lot: str, day: str, known_at: str = "") -> str:
    """SQL of who must have one file's carrier: receiver, recorded, rule, basis, confidence; its own decision first.

    lot: number of the carrier's lot. Always one row. Each argument is an SQL expression.
    """
    lots_known = f" AND a.recorded <= {known_at}" if known_at else ""
    return _MUST.format(
        own=own(file=file, carrier=carrier, day=day, known_at=known_at),
        fonds=fonds,
        lot=lot,
        day=day,
        lots_known=lots_known,
    )
