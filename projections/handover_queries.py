"""Questions of hand-overs: what there are, what is in one, and what a giver has that could be in another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import msgspec
from psycopg.rows import tuple_row

from domain.handover import DisputeReason, Outcome
from domain.lot import Carrier, RetentionClass
from projections.asking import ask
from projections.custody_queries import HandoverRow
from projections.succession_queries import AgencyRow
from projections.view import Connection


class ListedLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A line of an inventory with what the views know of its file. title absent: it cannot be opened any more.

    reason: why it was not taken; settled: act that ended the dispute.
    """

    file: UUID
    code: str
    fonds: UUID
    retention: RetentionClass
    sheets: int
    box: str
    sealed_set: bool
    title: str | None = None
    start_date: str = ""
    end_date: str = ""
    retention_as_written: str = ""
    reason: DisputeReason | None = None
    settled: int | None = None
    settled_on: str = ""
    outcome: Outcome | None = None

    @property
    def taken(self) -> bool:
        """Whether the receiver has it, from the first or by settlement; of an offer that is still open, too."""
        return self.reason is None or self.outcome is Outcome.ACCEPTED

    @property
    def disputed(self) -> bool:
        """Whether it is in dispute now."""
        return self.reason is not None and self.settled is None


class Listed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A hand-over and how many lines it lists; open: lines in dispute now."""

    row: HandoverRow
    listed: int
    open: int


class HeldFile(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file by its code, who has the carrier now, and the open hand-over that it stands in, if any."""

    id: UUID
    code: str
    holder: UUID | None = None
    offered_in: UUID | None = None


_LINES: Final = """
SELECT l.file, l.code, f.fonds, f.retention, l.sheets, l.box, l.sealed_set, f.title, f.start_date, f.end_date,
       f.retention_as_written, d.reason, d.settled, d.settled_on, nullif(d.outcome, '') AS outcome
FROM projection.inventory_line AS l JOIN projection.file AS f ON f.id = l.file
LEFT JOIN projection.disputed_line AS d ON d.handover = l.handover AND d.file = l.file
WHERE l.handover = %(handover)s ORDER BY l.position, l.line
"""
_COUNTS: Final = """
SELECT o.id, (SELECT count(*) FROM projection.inventory_line AS l WHERE l.handover = o.id),
       (SELECT count(*) FROM projection.disputed_line AS d WHERE d.handover = o.id AND d.settled IS NULL)
FROM projection.handover AS o WHERE o.id = ANY (%(ids)s)
"""
_ALL: Final = "SELECT {columns} FROM projection.handover ORDER BY proposed, id"
# A hand-over is open while it is offered, or while a line of it is in dispute and both are left to settle it: the
# receiver, and the giver or a deputy named for it.
_OPEN: Final = """
SELECT l.handover FROM projection.inventory_line AS l JOIN projection.handover AS o ON o.id = l.handover
LEFT JOIN projection.disputed_line AS d ON d.handover = l.handover AND d.file = l.file
WHERE l.file = h.file AND o.carrier = h.carrier AND o.withdrawn IS NULL
  AND (o.completed IS NULL OR (d.file IS NOT NULL AND d.settled IS NULL AND d.recorded > h.recorded AND NOT EXISTS (
      SELECT FROM projection.agency AS a
      WHERE a.valid_to <> '' AND (a.id = o.receiver OR (a.id = o.giver AND NOT o.deputized))))) LIMIT 1
"""
_HELD_BY: Final = f"""
SELECT h.file FROM projection.file_holding AS h JOIN projection.file AS f ON f.id = h.file
WHERE h.holder = %(giver)s AND h.carrier = %(carrier)s
  AND (%(fonds)s::uuid[] IS NULL OR h.fonds = ANY (%(fonds)s)) AND (%(lot)s::int IS NULL OR h.lot = %(lot)s)
  AND (%(files)s::uuid[] IS NULL OR h.file = ANY (%(files)s)) AND NOT EXISTS ({_OPEN})
ORDER BY f.code, f.id
"""  # noqa: S608  constants of this module
_BY_CODE: Final = f"""
SELECT f.id, f.code, h.holder, ({_OPEN}) AS offered_in
FROM projection.file AS f LEFT JOIN projection.file_holding AS h ON h.file = f.id AND h.carrier = %(carrier)s
WHERE f.code = ANY (%(codes)s) ORDER BY f.code, f.id
"""  # noqa: S608  constants of this module
_AGENCIES: Final = """
SELECT {columns} FROM projection.agency WHERE id IN (
    SELECT id FROM projection.agency WHERE code = %(code)s UNION ALL
    SELECT id FROM projection.former_agency WHERE code = %(code)s
) ORDER BY valid_from
"""
_COMPUTER_FILES: Final = """
SELECT count(*) FROM projection.document
WHERE file = ANY (%(files)s) AND scan_version IS NOT NULL AND recorded <= %(known_at)s
"""


def lines_of(connection: Connection, handover: UUID) -> list[ListedLine]:
    """The lines of a hand-over's inventory, in its order."""
    return ask(connection, ListedLine, _LINES, handover=handover)


def all_handovers(connection: Connection) -> list[HandoverRow]:
    """Every hand-over, oldest first."""
    return ask(connection, HandoverRow, _ALL)


def with_counts(connection: Connection, rows: Sequence[HandoverRow]) -> list[Listed]:
    """The hand-overs, each with how many lines it lists and how many of them are in dispute now."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        found = {key: (listed, disputed) for key, listed, disputed in cursor.execute(_COUNTS, {"ids": _ids(rows)})}
    return [Listed(row=row, listed=found[row.id][0], open=found[row.id][1]) for row in rows]


def held_by(
    connection: Connection,
    giver: UUID,
    carrier: Carrier,
    *,
    fonds: Sequence[UUID] | None = None,
    lot: int | None = None,
    files: Sequence[UUID] | None = None,
) -> list[UUID]:
    """Files whose carrier the giver has by the newest belief and that no open hand-over lists, by code."""
    facts = {
        "giver": giver,
        "carrier": carrier.value,
        "fonds": None if fonds is None else list(fonds),
        "lot": lot,
        "files": None if files is None else list(files),
    }
    with connection.cursor(row_factory=tuple_row) as cursor:
        return [row[0] for row in cursor.execute(_HELD_BY.encode(), facts)]


def held_by_code(connection: Connection, codes: Sequence[str], carrier: Carrier) -> list[HeldFile]:
    """The files with these codes."""
    return ask(connection, HeldFile, _BY_CODE, codes=list(codes), carrier=carrier.value)


def agencies_with_code(connection: Connection, code: str) -> list[AgencyRow]:
    """Every agency that ever carried the code."""
    return ask(connection, AgencyRow, _AGENCIES, code=code)


def computer_files(connection: Connection, files: Sequence[UUID], known_at: int) -> int:
    """How many scans there are of documents of these files, as known after the act."""
    facts: dict[str, Any] = {"files": list(files), "known_at": known_at}
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(_COMPUTER_FILES, facts).fetchone()
    assert row is not None
    return int(row[0])


def _ids(rows: Sequence[HandoverRow]) -> list[UUID]:
    return [row.id for row in rows]
