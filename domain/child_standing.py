"""How child lots stand: their tables as a fonds' are, so that plans and corrections treat both alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from domain.assignment import AssignmentLine
from domain.basis import Instrument
from domain.child_lot import LotAssigned, LotCarved, carved_table
from domain.lot_table import followed
from domain.reorganization import FondsAssigned


class ChildStanding(msgspec.Struct, frozen=True, kw_only=True):
    """A child lot of a fonds. tables: its own, under its own id, in the order recorded."""

    child: UUID
    fonds: UUID
    tables: tuple[FondsAssigned, ...]


def as_table(child: UUID, event: LotCarved | LotAssigned) -> FondsAssigned:
    """What an event says of all lot keys, as a table under the child lot's id."""
    table = carved_table(event) if isinstance(event, LotCarved) else event.table
    return FondsAssigned(fonds=child, effective=event.effective, closes=False, table=table)


def as_event(table: FondsAssigned, decision: Instrument | None = None) -> LotAssigned:
    """The event of such a table."""
    return LotAssigned(lot=table.fonds, effective=table.effective, table=table.table, decision=decision)


def assigned(
    standing: Sequence[FondsAssigned],
    day: str,
    lines: Mapping[str, AssignmentLine],
    decision: Instrument | None = None,
) -> list[LotAssigned]:
    """A child lot otherwise from a day on; tables of later days that only carried one of its lots along follow."""
    return [as_event(table, decision) for table in followed(standing, day, lines)]
