"""Single files by their own decision: their rows, and the SQL by which they, then child lots, go before fonds' lots."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec

from domain.basis import Confidence
from domain.event import Event
from domain.lot import Carrier
from domain.single_file import RULE, FileAssigned, FileReassigned, FileRejoined
from projections.child_lot_rows import (
    IN_CHILD_LOTS,
    OF_CHILD_LOTS,
    OF_ONE_FILE,
    SUPPOSED,
    ChildRow,
    supposed_children,
)
from projections.page_rows import AppendedRows, Table
from projections.view import Cursor, Recorded

SINGLE_TABLE: Final = "single_assignment"
SINGLE_EVENTS: Final[frozenset[type[Event]]] = frozenset({FileAssigned, FileRejoined, FileReassigned})
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
        "awaits": "boolean",
        "rule": "text",
        "confidence": "text",
    },
)
SingleRow = tuple[UUID, Carrier, str, int, int, UUID | None, str, bool, str, str]
"""In the order of the table's columns. Neither a receiver nor `awaits`: the file goes with its lot again."""
_BY_ITSELF: Final = """
SELECT DISTINCT ON (file, carrier) file, carrier, receiver, awaits
FROM (
    SELECT file, carrier, effective, recorded, receiver, awaits FROM projection.single_assignment
    UNION ALL
    SELECT * FROM unnest(%(own_file)s::uuid[], %(own_carrier)s::text[], %(own_effective)s::text[],
                         %(own_recorded)s::bigint[], %(own_receiver)s::uuid[], %(own_awaits)s::boolean[])
) AS told (file, carrier, effective, recorded, receiver, awaits)
WHERE effective <= {day} ORDER BY file, carrier, effective DESC, recorded DESC
"""
IN_FORCE: Final = f"""
SELECT h.file, h.carrier, h.fonds, h.lot, h.holder, h.box, h.documents,
       CASE WHEN apart.child IS NULL THEN apart.receiver ELSE carved.receiver END AS receiver
FROM (
    SELECT DISTINCT ON (file, carrier) file, carrier, child, receiver FROM (
        SELECT file, carrier, 0 AS place, NULL::uuid AS child, receiver FROM ({_BY_ITSELF}) AS own
        WHERE receiver IS NOT NULL OR awaits
        UNION ALL
        SELECT file, carrier, 1, child, NULL FROM ({IN_CHILD_LOTS.replace("{known}", "")}) AS listed
    ) AS told ORDER BY file, carrier, place
) AS apart JOIN projection.file_holding AS h USING (file, carrier)
LEFT JOIN ({OF_CHILD_LOTS.replace("{known}", "").replace("{facts}", SUPPOSED)}) AS carved
    ON carved.child = apart.child AND (carved.lots >> h.lot) & 1 = 1
"""  # noqa: S608  constants
"""File-carriers on {day} that go by decisions of their own, or with a child lot, by the newest belief, with whose hands
they are in.

It takes the facts of `supposed` beside those recorded. No receiver: they await one.
"""

_OWN: Final = """
SELECT told.receiver, told.apart, told.recorded, told.basis, told.rule, told.confidence FROM (
    (SELECT 0 AS place, s.receiver, s.receiver IS NOT NULL OR s.awaits AS apart, s.recorded, s.basis, s.rule,
            s.confidence
    FROM projection.single_assignment AS s
    WHERE s.file = {file} AND s.carrier = {carrier} AND s.effective <= {day}{known}
    ORDER BY s.effective DESC, s.recorded DESC LIMIT 1)
    UNION ALL
    SELECT 1, own.receiver, true, own.recorded, own.basis, own.rule, own.confidence FROM ({of_child}) AS own
) AS told WHERE told.apart ORDER BY told.place LIMIT 1
"""
_MUST: Final = """
SELECT CASE WHEN own.apart THEN own.receiver ELSE lots.receiver END AS receiver,
       CASE WHEN own.apart THEN own.recorded ELSE lots.recorded END AS recorded,
       CASE WHEN own.apart THEN own.rule ELSE lots.rule END AS rule,
       CASE WHEN own.apart THEN own.basis ELSE lots.basis END AS basis,
       CASE WHEN own.apart THEN own.confidence ELSE lots.confidence END AS confidence
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
        for row in single_rows(recorded.act_index, recorded.position, recorded.event):
            self._rows.add(*row)

    def write(self, cursor: Cursor) -> None:
        """Copy what was gathered."""
        self._rows.write(cursor)


def single_rows(act: int, position: int, event: Event | None) -> Iterator[SingleRow]:
    """The rows of one event, by carrier; none of an event of another kind."""
    match event:
        case FileAssigned() as to:
            for carrier in to.carriers:
                yield (
                    to.file, carrier, to.effective, act, position, to.receiver, to.decision.number, False, RULE,
                    Confidence.DECISION,
                )  # fmt: skip
        case FileRejoined() as back:
            for carrier in back.carriers:
                yield (
                    back.file, carrier, back.effective, act, position, None, back.decision.number, False, RULE,
                    Confidence.DECISION,
                )  # fmt: skip
        case FileReassigned() as one:
            yield (
                one.file, one.carrier, one.effective, act, position, one.receiver, one.basis, one.receiver is None,
                one.rule, one.confidence,
            )  # fmt: skip
        case _:
            pass


class Supposed(msgspec.Struct, frozen=True, kw_only=True):
    """Decisions that are not recorded, about single files and child lots, for a what-if."""

    single: Sequence[SingleRow] = ()
    children: Sequence[ChildRow] = ()


NOTHING: Final = Supposed()


def supposed(apart: Supposed = NOTHING) -> dict[str, list[Any]]:
    """The parameters of IN_FORCE: decisions that are not recorded, folded as if they were."""
    columns = {"file": 0, "carrier": 1, "effective": 2, "recorded": 3, "receiver": 5, "awaits": 7}
    own = {f"own_{name}": [row[at] for row in apart.single] for name, at in columns.items()}
    return own | supposed_children(apart.children)


def own(*, file: str, carrier: str, lot: str, day: str, known_at: str = "") -> str:
    """SQL of who must have one file's carrier by a decision of its own, else with its child lot: receiver, apart,
    recorded, basis, rule, confidence. No row where it goes with its fonds' lot; so `apart` is true.

    lot: number of the carrier's lot. Each argument is an SQL expression; known_at empty: all that is recorded.
    """
    facts_of = ("s", "in_lot", "of_lot")
    known, known_in, known_of = (f" AND {one}.recorded <= {known_at}" if known_at else "" for one in facts_of)
    facts = {"file": file, "carrier": carrier, "day": day}
    of_child = OF_ONE_FILE.format(**facts, lot=lot, known_in=known_in, known_of=known_of)
    return _OWN.format(**facts, known=known, of_child=of_child)


def must_have(*, file: str, carrier: str, fonds: str, lot: str, day: str, known_at: str = "") -> str:
    """SQL of who must have one file's carrier: receiver, recorded, rule, basis, confidence; its own decision first.

    lot: number of the carrier's lot. Always one row. Each argument is an SQL expression.
    """
    lots_known = f" AND a.recorded <= {known_at}" if known_at else ""
    return _MUST.format(
        own=own(file=file, carrier=carrier, lot=lot, day=day, known_at=known_at),
        fonds=fonds,
        lot=lot,
        day=day,
        lots_known=lots_known,
    )
