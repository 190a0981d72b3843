"""Reorganization (sắp xếp đơn vị hành chính): drafted, adopted, enacted, completed; or withdrawn. Its own stream.

Enactment happens on or after the effective date, by an officer's signature, never by a timer, and its act
carries its result: one `FondsAssigned` per fonds. Who holds what never depends on code of some later year. What
comes after enactment is decided in `domain.after_enactment`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, assert_never
from uuid import UUID

import msgspec

from domain.assignment import AssignmentLine
from domain.basis import Instrument
from domain.child_lot import LotAssigned
from domain.creatorship import FondsWentOn
from domain.errors import Refusal
from domain.event import Event
from domain.listed_changes import AgencyChangesListed, ListedChange, UnitFormsListed, listed, with_listed
from domain.lot import ALL_LOT_KEYS, LotKey
from domain.plan import NewAgency, NewUnit, Plan, Rule, Standing, UnitChange, plan_hash
from domain.single_file import FileReassigned

CHANGES_PER_EVENT: Final = 100


class ReorganizationDrafted(Event, frozen=True, kw_only=True, tag="reorganization.drafted/1"):
    """A plan is put down; its changes, bodies and rules follow in the same act."""

    title: str
    effective: str
    instrument: Instrument
    plan_hash: str
    receivers: dict[str, UUID]
    unmatched_may_await: bool = False


class ChangesListed(Event, frozen=True, kw_only=True, tag="reorganization.changes-listed/1"):
    """A part of the plan's changes of units."""

    changes: tuple[UnitChange, ...]


class BodiesListed(Event, frozen=True, kw_only=True, tag="reorganization.bodies-listed/1"):
    """A part of the plan's new units and agencies, and of the agencies that stand."""

    units: tuple[NewUnit, ...] = ()
    agencies: tuple[NewAgency, ...] = ()
    standing: tuple[Standing, ...] = ()


class RulesListed(Event, frozen=True, kw_only=True, tag="reorganization.rules-listed/1"):
    """The plan's assignment rules, in order."""

    rules: tuple[Rule, ...]


class ReorganizationAdopted(Event, frozen=True, kw_only=True, tag="reorganization.adopted/1"):
    """The instrument adopts the plan with this hash."""

    instrument: Instrument
    plan_hash: str


class ReorganizationWithdrawn(Event, frozen=True, kw_only=True, tag="reorganization.withdrawn/1"):
    """The plan is given up before enactment."""

    reason: str


class ReorganizationEnacted(Event, frozen=True, kw_only=True, tag="reorganization.enacted/1"):
    """The plan with this hash takes effect in law on `effective`; `fonds` assignments follow in the same act."""

    effective: str
    plan_hash: str
    fonds: int


class FondsAssigned(Event, frozen=True, kw_only=True, tag="fonds.assigned/1"):
    """From a day on the lots of a fonds are assigned as the table says; `closes`: nothing is added to it after."""

    fonds: UUID
    effective: str
    closes: bool
    table: tuple[AssignmentLine, ...]

    def receivers(self) -> Mapping[LotKey, UUID | None]:
        """Receiver by lot key; None where the lot awaits one."""
        by_text = {lot: line.receiver for line in self.table for lot in line.lots}
        return {key: by_text[key.text] for key in ALL_LOT_KEYS if key.text in by_text}


class ReorganizationCorrected(Event, frozen=True, kw_only=True, tag="reorganization.corrected/1"):
    """A further instrument assigns lots of `fonds` fonds otherwise from `effective` on; they follow in the same act."""

    instrument: Instrument
    effective: str
    reason: str
    fonds: int


class ReorganizationCompleted(Event, frozen=True, kw_only=True, tag="reorganization.completed/1"):
    """As known after act `known_at`, on the civil day `on`, nothing of its fonds awaits any more."""

    on: str
    known_at: int
    fonds: int


ReorganizationEvent = (
    ReorganizationDrafted
    | ChangesListed
    | BodiesListed
    | RulesListed
    | ReorganizationAdopted
    | ReorganizationWithdrawn
    | ReorganizationEnacted
    | ReorganizationCorrected
    | ReorganizationCompleted
    | FondsAssigned
    | FileReassigned
    | LotAssigned
    | FondsWentOn
    | ListedChange
)


class Reorganization(msgspec.Struct, frozen=True, kw_only=True):
    """The state of one reorganization: the plan as recorded, and how far it got. assigned: newest, by fonds."""

    plan: Plan
    hash: str
    adopted: bool = False
    enacted: bool = False
    withdrawn: bool = False
    completed: bool = False
    assigned: Mapping[UUID, FondsAssigned] = {}


def evolve(state: Reorganization | None, event: ReorganizationEvent) -> Reorganization | None:
    """Fold one event."""
    match event:
        case ReorganizationDrafted():
            return Reorganization(plan=_empty_plan(event), hash=event.plan_hash)
        case ChangesListed() | BodiesListed() | RulesListed():
            return None if state is None else _listed(state, event)
        case UnitFormsListed() | AgencyChangesListed():
            return None if state is None else msgspec.structs.replace(state, plan=with_listed(state.plan, event))
        case _:
            return None if state is None else _gone_on(state, event)


def _listed(state: Reorganization, event: ChangesListed | BodiesListed | RulesListed) -> Reorganization:
    replace, plan = msgspec.structs.replace, state.plan
    match event:
        case ChangesListed():
            return replace(state, plan=replace(plan, changes=plan.changes + event.changes))
        case BodiesListed():
            bodies = replace(
                plan,
                units=plan.units + event.units,
                agencies=plan.agencies + event.agencies,
                standing=plan.standing + event.standing,
            )
            return replace(state, plan=bodies)
        case RulesListed():
            return replace(state, plan=replace(plan, rules=plan.rules + event.rules))
        case _:
            assert_never(event)


def _gone_on(
    state: Reorganization,
    event: ReorganizationAdopted
    | ReorganizationWithdrawn
    | ReorganizationEnacted
    | ReorganizationCorrected
    | ReorganizationCompleted
    | FondsAssigned
    | FileReassigned
    | LotAssigned
    | FondsWentOn,
) -> Reorganization:
    replace = msgspec.structs.replace
    match event:
        case ReorganizationAdopted():
            return replace(state, adopted=True)
        case ReorganizationWithdrawn():
            return replace(state, withdrawn=True)
        case ReorganizationEnacted():
            return replace(state, enacted=True)
        case ReorganizationCorrected():
            return replace(state, completed=False)
        case ReorganizationCompleted():
            return replace(state, completed=True)
        case FondsAssigned():
            return replace(state, assigned={**state.assigned, event.fonds: event})
        case FileReassigned() | LotAssigned() | FondsWentOn():
            return state
        case _:
            assert_never(event)


def draft(state: Reorganization | None, plan: Plan) -> list[Event]:
    """Put a plan down. Refused: `reorganization-already-drafted`."""
    if state is not None:
        raise Refusal("reorganization-already-drafted")
    step = CHANGES_PER_EVENT
    return [
        ReorganizationDrafted(
            title=plan.title,
            effective=plan.effective,
            instrument=plan.instrument,
            plan_hash=plan_hash(plan),
            receivers=plan.receivers,
            unmatched_may_await=plan.unmatched_may_await,
        ),
        *(ChangesListed(changes=plan.changes[at : at + step]) for at in range(0, len(plan.changes), step)),
        *(BodiesListed(units=plan.units[at : at + step]) for at in range(0, len(plan.units), step)),
        *(BodiesListed(agencies=plan.agencies[at : at + step]) for at in range(0, len(plan.agencies), step)),
        *(BodiesListed(standing=plan.standing[at : at + step]) for at in range(0, len(plan.standing), step)),
        *listed(plan),
        RulesListed(rules=plan.rules),
    ]


def adopt(state: Reorganization | None, instrument: Instrument) -> list[Event]:
    """Adopt the drafted plan by an instrument in force on its date.

    Refused: `reorganization-unknown`, `reorganization-not-open`, `instrument-not-in-force`.
    """
    drafted = open_plan(state)
    if instrument.in_force > drafted.plan.effective:
        raise Refusal("instrument-not-in-force", number=instrument.number, day=drafted.plan.effective)
    return [ReorganizationAdopted(instrument=instrument, plan_hash=drafted.hash)]


def withdraw(state: Reorganization | None, reason: str) -> list[Event]:
    """Give a plan up. Refused: `reorganization-unknown`, `reorganization-not-open`."""
    open_plan(state)
    return [ReorganizationWithdrawn(reason=reason)]


def open_plan(state: Reorganization | None) -> Reorganization:
    """The plan while it can still be acted on. Refused: `reorganization-unknown`, `reorganization-not-open`."""
    if state is None:
        raise Refusal("reorganization-unknown")
    if state.enacted or state.withdrawn:
        raise Refusal("reorganization-not-open")
    return state


def _empty_plan(event: ReorganizationDrafted) -> Plan:
    return Plan(
        title=event.title,
        effective=event.effective,
        instrument=event.instrument,
        receivers=event.receivers,
        changes=(),
        units=(),
        agencies=(),
        standing=(),
        rules=(),
        unmatched_may_await=event.unmatched_may_await,
    )
