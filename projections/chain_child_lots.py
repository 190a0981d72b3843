"""Child lots in a file's chain: which one it was in, who had to have that, and each such act in words."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from domain.assignment import AssignmentLine
from domain.child_lot import LotAssigned, LotCarved, LotFilesListed, LotFilesReturned
from domain.child_standing import as_table
from domain.event import Event
from domain.lot import Carrier
from projections.lot_number import lot_bits

if TYPE_CHECKING:
    from projections.chain import Chain, ChainedEvent


def child_of(one: ChainedEvent) -> UUID | None:
    """The child lot that an event speaks of; None where it speaks of none."""
    if isinstance(one.event, LotAssigned):
        return one.event.lot
    return one.stream if isinstance(one.event, LotCarved | LotFilesListed | LotFilesReturned) else None


def name_of(chain: Chain, child: UUID) -> str:
    """A child lot's name, its id where the chain does not tell."""
    told = (one.event for _, one in chain.events() if one.stream == child)
    return next((event.name for event in told if isinstance(event, LotCarved)), str(child))


def line_of_child(chain: Chain, event: LotCarved | LotAssigned, carrier: Carrier) -> AssignmentLine | None:
    """The line of a child lot's table that speaks of a carrier of the file."""
    wanted = 1 << (chain.file.lot + (carrier is Carrier.DIGITAL))
    return next((line for line in as_table(chain.file.id, event).table if lot_bits(line.lots) & wanted), None)


def child_in_turn(chain: Chain, carrier: Carrier, on: str) -> UUID | None:
    """The child lot that a carrier of the file is in on a day of the chain: of several the one that listed it last."""
    said: dict[UUID, tuple[tuple[str, int], bool]] = {}
    for act, one in chain.events():
        event = one.event
        if isinstance(event, LotFilesListed | LotFilesReturned) and carrier in event.carriers and one.day <= on:
            place = (one.day, act.index)
            if one.stream not in said or said[one.stream][0] < place:
                said[one.stream] = place, isinstance(event, LotFilesListed)
    inside = {child: place for child, (place, kept) in said.items() if kept}
    return max(inside, key=lambda child: inside[child], default=None)


def told_of_child_lot(chain: Chain, event: Event | None) -> tuple[str, str] | None:
    """One event in words; None of another kind."""
    match event:
        case LotCarved(name=name, decision=by):
            vi, en = _whom(chain, event)
            return f"Tách khối tài liệu con {name}: {vi} ({by.number})", f"Child lot {name} carved: {en} ({by.number})"
        case LotFilesListed():
            return "Hồ sơ này ở trong khối tài liệu con", "This file is in the child lot"
        case LotFilesReturned(decision=by):
            return (
                f"Hồ sơ này ra khỏi khối tài liệu con, lại theo khối của phông ({by.number})",
                f"This file leaves the child lot and goes with its fonds' lot again ({by.number})",
            )
        case LotAssigned(lot=child):
            vi, en = _whom(chain, event)
            return f"Khối tài liệu con {name_of(chain, child)}: {vi}", f"Child lot {name_of(chain, child)}: {en}"
        case _:
            return None


def _whom(chain: Chain, event: LotCarved | LotAssigned) -> tuple[str, str]:
    line = line_of_child(chain, event, Carrier.PAPER)
    if line is None or line.receiver is None:
        return "chờ xác định nơi nhận", "awaits a receiver"
    by = f" theo {line.basis}" if isinstance(event, LotAssigned) else ""
    return f"giao {chain.named(line.receiver)} quản lý{by}", f"assigned to {chain.named(line.receiver)}"
