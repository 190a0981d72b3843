"""After enactment: a further instrument corrects an assignment; when nothing awaits any more, it is completed.

Nothing is overwritten. A correction is a newer belief from its day on, and what was believed before stays answerable.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from domain.agency import Agency
from domain.assignment import AssignmentLine
from domain.basis import Confidence, Instrument
from domain.child_lot import LotAssigned
from domain.child_standing import ChildStanding, assigned
from domain.errors import Refusal
from domain.event import Event
from domain.fonds import Fonds
from domain.lot import EVERY_LOT
from domain.lot_table import by_day, followed, opening
from domain.reorganization import FondsAssigned, Reorganization, ReorganizationCompleted, ReorganizationCorrected

RULE = "correction"
_LOTS = frozenset(EVERY_LOT)


class Correction(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Lots of one fonds that go another way. lots: texts of `LotKey`; receiver None: they await one."""

    lots: tuple[str, ...]
    receiver: UUID | None
    basis: str
    confidence: Confidence = Confidence.DECISION


class Corrected(msgspec.Struct, frozen=True, kw_only=True):
    """What a correction says. effective: civil day from which on; today: no later day is possible."""

    instrument: Instrument
    effective: str
    today: str
    reason: str
    fonds: Mapping[UUID, Sequence[Correction]] = {}
    child_lots: Mapping[UUID, Sequence[Correction]] = {}


def correct(
    state: Reorganization | None,
    said: Corrected,
    agencies: Mapping[UUID, Agency | None],
    opened: Mapping[UUID, Fonds | None],
    standing: Mapping[UUID, Sequence[FondsAssigned]],
    children: Mapping[UUID, ChildStanding] | None = None,
) -> list[Event]:
    """Assign lots otherwise by a further instrument; the others stay as they were.

    agencies: receivers and creators, as read. opened: the fonds named; one that this plan does not cover, since its
    creator had ended before, may be named too. standing: every assignment of each by whichever reorganization, in the
    order recorded. Where tables of later days repeat what a named lot was before, they follow in the same act anew.
    Refused: `reorganization-unknown`, `reorganization-not-enacted`, `reorganization-too-early`, `correction-empty`,
    `correction-before-enactment`, `instrument-not-in-force`, `correction-fonds-foreign`, `correction-lot-unfit`,
    `agency-unknown`, `agency-not-existing`; of child lots, which stand in `children`, `child-lot-unknown`,
    `child-lot-too-early`.
    """
    enacted, children = enacted_plan(state), children or {}
    if said.today < said.effective:
        raise Refusal("reorganization-too-early", day=said.effective)
    if said.effective < enacted.plan.effective:
        raise Refusal("correction-before-enactment", day=said.effective, enacted=enacted.plan.effective)
    if said.instrument.in_force > said.effective:
        raise Refusal("instrument-not-in-force", number=said.instrument.number, day=said.effective)
    if not (said.fonds or said.child_lots) or not all((*said.fonds.values(), *said.child_lots.values())):
        raise Refusal("correction-empty")
    made: list[Event] = []
    for fonds in sorted(said.fonds, key=str):
        tables = by_day(standing.get(fonds, ()))
        if fonds not in enacted.assigned or not tables or tables[0].effective > said.effective:
            tables = [_left(fonds, opened.get(fonds), said.effective, agencies), *tables]
        made += followed(tables, said.effective, _named(said.fonds[fonds], said.effective, agencies))
    for child in sorted(said.child_lots, key=str):
        made += _of_child(child, said, agencies, children.get(child))
    head = ReorganizationCorrected(
        instrument=said.instrument, effective=said.effective, reason=said.reason, fonds=len(said.fonds)
    )
    return [head, *made]


def complete(state: Reorganization | None, on: str, known_at: int, awaiting: int) -> list[Event]:
    """Complete a reorganization of which nothing awaits. awaiting: carriers of its files that do, as known then.

    Refused: `reorganization-unknown`, `reorganization-not-enacted`, `reorganization-completed`,
    `reorganization-still-awaiting`.
    """
    enacted = enacted_plan(state)
    if enacted.completed:
        raise Refusal("reorganization-completed")
    if awaiting:
        raise Refusal("reorganization-still-awaiting", count=awaiting)
    return [ReorganizationCompleted(on=on, known_at=known_at, fonds=len(enacted.assigned))]


def enacted_plan(state: Reorganization | None) -> Reorganization:
    """The plan once it was enacted. Refused: `reorganization-unknown`, `reorganization-not-enacted`."""
    if state is None:
        raise Refusal("reorganization-unknown")
    if not state.enacted:
        raise Refusal("reorganization-not-enacted")
    return state


def _of_child(
    key: UUID, said: Corrected, agencies: Mapping[UUID, Agency | None], known: ChildStanding | None
) -> list[LotAssigned]:
    if known is None:
        raise Refusal("child-lot-unknown", name=key)
    if min(one.effective for one in known.tables) > said.effective:
        raise Refusal("child-lot-too-early", name=key, day=known.tables[0].effective)
    return assigned(known.tables, said.effective, _named(said.child_lots[key], said.effective, agencies))


def _named(named: Sequence[Correction], day: str, agencies: Mapping[UUID, Agency | None]) -> dict[str, AssignmentLine]:
    """Lot -> where the correction sends it."""
    lines: dict[str, AssignmentLine] = {}
    for one in named:
        _require_receiver(one.receiver, day, agencies)
        for lot in one.lots or ("",):
            if lot not in _LOTS or lot in lines:
                raise Refusal("correction-lot-unfit", lot=lot[:60])
            lines[lot] = AssignmentLine(
                lots=(), receiver=one.receiver, rule=RULE, basis=one.basis, confidence=one.confidence
            )
    return lines


def _left(fonds: UUID, opened: Fonds | None, day: str, agencies: Mapping[UUID, Agency | None]) -> FondsAssigned:
    """All lots still with a creator that has ended, as since the fonds was opened. Refused: for one that goes on."""
    creator = opened.creators[0] if opened else None
    body = agencies.get(creator) if creator else None
    if creator is None or body is None or body.exists_on(day):
        raise Refusal("correction-fonds-foreign", fonds=fonds)
    return opening(fonds, creator)


def _require_receiver(receiver: UUID | None, day: str, agencies: Mapping[UUID, Agency | None]) -> None:
    if receiver is None:
        return
    body = agencies.get(receiver)
    if body is None:
        raise Refusal("agency-unknown", code="?")
    if not body.exists_on(day):
        raise Refusal("agency-not-existing", code=body.code, day=day)
