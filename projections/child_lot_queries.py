"""Questions of child lots: which there are, who must have them, and which files are in one, on a day, as known then."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import msgspec

from domain.basis import Confidence
from domain.lot import Carrier
from projections.asking import ask
from projections.child_lot_rows import OF_CHILD_LOTS, RECORDED
from projections.custody_queries import NEWEST_KNOWN
from projections.view import Connection


class ChildLotLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who must have which lot keys of it. lots: bits by number; receiver absent: they await one; because: the act."""

    child: UUID
    lots: int
    because: int
    effective: str
    rule: str
    basis: str
    confidence: Confidence
    receiver: UUID | None = None


class ChildLotRow(msgspec.Struct, frozen=True, kw_only=True):
    """A child lot. fonds: its code; effective, recorded, basis: of its carving; paper, digital: files in it."""

    id: UUID
    fonds: str
    name: str
    effective: str
    recorded: int
    basis: str
    paper: int
    digital: int


class ChildLotFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file in it, and on which carriers."""

    id: UUID
    code: str
    carriers: tuple[Carrier, ...]


class _Key(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID


_INSIDE: Final = """
SELECT DISTINCT ON (child, file, carrier) child, file, carrier, inside FROM projection.child_lot_file
WHERE effective <= %(on)s AND recorded <= %(known_at)s{of}
ORDER BY child, file, carrier, effective DESC, recorded DESC
"""
_LOTS: Final = f"""
SELECT l.id, f.code AS fonds, l.name, l.effective, l.recorded, l.basis,
       count(*) FILTER (WHERE i.inside AND i.carrier = 'paper') AS paper,
       count(*) FILTER (WHERE i.inside AND i.carrier = 'digital') AS digital
FROM projection.child_lot AS l JOIN projection.fonds AS f ON f.id = l.fonds
LEFT JOIN ({_INSIDE.replace("{of}", "")}) AS i ON i.child = l.id
WHERE l.effective <= %(on)s AND l.recorded <= %(known_at)s AND (%(fonds)s = '' OR f.code = %(fonds)s COLLATE "C")
GROUP BY l.id, f.code ORDER BY f.code, l.name, l.id
"""  # noqa: S608  constants
_LINES: Final = (
    OF_CHILD_LOTS.replace("{facts}", RECORDED)
    .replace("{day}", "%(on)s")
    .replace("{known}", " AND recorded <= %(known_at)s")
    .replace("recorded, effective,", "recorded AS because, effective,", 1)
)
_FILES: Final = f"""
SELECT f.id, f.code, array_agg(i.carrier ORDER BY i.carrier DESC) AS carriers
FROM ({_INSIDE.replace("{of}", " AND child = %(child)s")}) AS i JOIN projection.file AS f ON f.id = i.file
WHERE i.inside GROUP BY f.id ORDER BY f.code, f.id
"""  # noqa: S608  constants
_NAMED: Final = """
SELECT l.id FROM projection.child_lot AS l JOIN projection.fonds AS f ON f.id = l.fonds
WHERE l.id::text = %(name)s OR f.code || '/' || l.name = %(name)s
"""


def child_lots(connection: Connection, on: str, known_at: int = NEWEST_KNOWN, fonds: str = "") -> list[ChildLotRow]:
    """Those that there were on the civil day, of the fonds with this code or of all."""
    return ask(connection, ChildLotRow, _LOTS, on=on, known_at=known_at, fonds=fonds)


def child_lot_lines(connection: Connection, on: str, known_at: int = NEWEST_KNOWN) -> dict[UUID, list[ChildLotLine]]:
    """The table that counts of each child lot on the civil day."""
    found: dict[UUID, list[ChildLotLine]] = {}
    for line in ask(connection, ChildLotLine, _LINES, on=on, known_at=known_at):
        found.setdefault(line.child, []).append(line)
    return found


def child_lot_files(connection: Connection, child: UUID, on: str, known_at: int = NEWEST_KNOWN) -> list[ChildLotFile]:
    """The files in it on the civil day, by code."""
    return ask(connection, ChildLotFile, _FILES, child=child, on=on, known_at=known_at)


def child_lots_named(connection: Connection, name: str) -> list[UUID]:
    """Those that FONDS/NAME or an id means."""
    return [row.id for row in ask(connection, _Key, _NAMED, name=name)]
