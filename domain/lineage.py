"""Lineage (nguồn gốc đơn vị): changes of units before the ledger's time, reconstructed from rosters.

They tell where a unit came from and nothing more: no record is assigned by them, nobody may read by them, and every
answer that rests on them says that it is reconstructed.
"""

from __future__ import annotations

import msgspec

from domain.basis import Certainty, Instrument
from domain.errors import Refusal
from domain.event import Event
from domain.plan import UnitChange


class LineageReconstructed(Event, frozen=True, kw_only=True, tag="lineage.reconstructed/1"):
    """By the instrument, units changed as the rosters before and after let us think. instrument: days as far as known.

    effective: civil day; certainty: how it is known. basis: which rosters.
    """

    title: str
    effective: str
    certainty: Certainty
    instrument: Instrument
    basis: str
    changes: tuple[UnitChange, ...]


class Lineage(msgspec.Struct, frozen=True, kw_only=True):
    """The state of one reconstruction."""

    fact: LineageReconstructed


def evolve(_state: Lineage | None, event: LineageReconstructed) -> Lineage | None:
    """Fold the one event there can be."""
    return Lineage(fact=event)


def reconstruct(state: Lineage | None, fact: LineageReconstructed) -> list[Event]:
    """Record it. Refused: `lineage-already-reconstructed`, `lineage-empty`."""
    if state is not None:
        raise Refusal("lineage-already-reconstructed", day=state.fact.effective)
    if not fact.changes:
        raise Refusal("lineage-empty")
    return [fact]
