"""The table of a fonds' lots: always whole, one for each day from which something of it is assigned otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from domain.assignment import AssignmentLine
from domain.basis import Confidence
from domain.lot import EVERY_LOT
from domain.reorganization import FondsAssigned


def opening(fonds: UUID, creator: UUID, day: str = "") -> FondsAssigned:
    """All lots with the creator, as since the fonds was opened."""
    line = AssignmentLine(lots=EVERY_LOT, receiver=creator, rule="", basis="", confidence=Confidence.INFERENCE)
    return FondsAssigned(fonds=fonds, effective=day, closes=False, table=(line,))


def by_day(standing: Sequence[FondsAssigned]) -> list[FondsAssigned]:
    """The table that counts from each day on, by day: of one day's, the one recorded last."""
    newest = {one.effective: one for one in standing}
    return [newest[day] for day in sorted(newest)]


def ways(table: FondsAssigned) -> dict[str, AssignmentLine]:
    """Lot -> its line, as if alone on it; of two lines that name it the later one."""
    found: dict[str, AssignmentLine] = {}
    for line in table.table:
        found |= dict.fromkeys(line.lots, msgspec.structs.replace(line, lots=()))
    return found


def followed(standing: Sequence[FondsAssigned], day: str, lines: Mapping[str, AssignmentLine]) -> list[FondsAssigned]:
    """The table from the day on, with these lots on other lines, and again each of a later day that had only carried
    one of them along. standing: as recorded; one of them is of that day or earlier.
    """
    tables, left = by_day(standing), dict(lines)
    before = [one for one in tables if one.effective <= day][-1]
    was = ways(before)
    made = [changed(before, day, left, closes=False)]
    for later in tables:
        if later.effective <= day:
            continue
        is_now = ways(later)
        left = {lot: line for lot, line in left.items() if is_now.get(lot) == was.get(lot)}
        if not left:
            break
        made.append(changed(later, later.effective, left, closes=later.closes))
    return made


def moved(table: FondsAssigned, day: str, lines: Sequence[AssignmentLine], *, closes: bool) -> FondsAssigned:
    """The table from a day on with the lots of these lines on them, and every other lot where it was."""
    gone = {lot for line in lines for lot in line.lots}
    kept = (
        msgspec.structs.replace(line, lots=left)
        for line in (table.table if len(gone) < len(EVERY_LOT) else ())
        if (left := tuple(lot for lot in line.lots if lot not in gone))
    )
    return FondsAssigned(fonds=table.fonds, effective=day, closes=closes, table=(*kept, *lines))


def changed(table: FondsAssigned, day: str, lines: Mapping[str, AssignmentLine], *, closes: bool) -> FondsAssigned:
    """The table from a day on, with these lots on other lines and every other lot where it was."""
    return moved(table, day, together(lines), closes=closes)


def together(lines: Mapping[str, AssignmentLine]) -> list[AssignmentLine]:
    """Lots that go one way on one line. lines: lot -> its line, as if alone on it."""
    by_line: dict[AssignmentLine, list[str]] = {}
    told = {id(line): line for line in lines.values()}  # a fonds' lots share a few lines, and to hash one is dear
    same = {key: by_line.setdefault(line, []) for key, line in told.items()}
    for lot, line in lines.items():
        same[id(line)].append(lot)
    return [msgspec.structs.replace(line, lots=tuple(lots)) for line, lots in by_line.items()]
