"""Administrative unit (đơn vị hành chính): city, district or commune, over an interval of days.

The key is our own id. A code or a name belongs to a unit for an interval only.
"""

from __future__ import annotations

from enum import StrEnum
from typing import assert_never
from uuid import UUID

import msgspec

from domain.basis import Certainty
from domain.errors import Refusal
from domain.event import Event


class Level(StrEnum):
    """Cấp: the three levels of local government until 2025-06-30; the district level ends that day."""

    CITY = "city"
    DISTRICT = "district"
    COMMUNE = "commune"


class UnitKind(StrEnum):
    """Loại đơn vị: what the unit is called before its name."""

    CITY = "city"
    URBAN_DISTRICT = "urban-district"
    RURAL_DISTRICT = "rural-district"
    TOWN_DISTRICT = "town-district"
    WARD = "ward"
    COMMUNE = "commune"
    TOWNSHIP = "township"


class UnitEstablished(Event, frozen=True, kw_only=True, tag="unit.established/1"):
    """A unit exists from a day. `name` is the full name with its kind; `parent` the unit it lies in."""

    name: str
    kind: UnitKind
    level: Level
    code: str
    valid_from: str
    certainty: Certainty = Certainty.STATED
    parent: UUID | None = None
    basis: str = ""


class UnitEnded(Event, frozen=True, kw_only=True, tag="unit.ended/1"):
    """A unit exists no longer from the day `effective` on."""

    effective: str
    basis: str


class UnitRenamed(Event, frozen=True, kw_only=True, tag="unit.renamed/1"):
    """A unit goes on under another name, kind, level or code from the day `effective` on (đổi tên, đổi loại)."""

    name: str
    kind: UnitKind
    level: Level
    code: str
    effective: str
    basis: str


class UnitEdge(msgspec.Struct, frozen=True, kw_only=True):
    """To which unit land and people went from one that goes on. share, population_share, clause: as the plan says."""

    unit: UUID
    share: str
    population_share: str
    clause: str = ""


class UnitSeparated(Event, frozen=True, kw_only=True, tag="unit.separated/1"):
    """Units that begin were cut out of this one, which remains (tách)."""

    to: tuple[UnitEdge, ...]
    effective: str
    basis: str


class UnitBoundaryAdjusted(Event, frozen=True, kw_only=True, tag="unit.boundary-adjusted/1"):
    """Parts of this unit went to others; all go on (điều chỉnh địa giới)."""

    to: tuple[UnitEdge, ...]
    effective: str
    basis: str


UnitEvent = UnitEstablished | UnitEnded | UnitRenamed | UnitSeparated | UnitBoundaryAdjusted


class FormerUnit(msgspec.Struct, frozen=True, kw_only=True):
    """What a unit was until the day `until`, not included."""

    name: str
    kind: UnitKind
    level: Level
    code: str
    until: str


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """The state of one unit. `valid_to`: first day it is gone, empty while it exists.

    name, kind, level, code: the newest; former: what they were before, oldest first.
    """

    name: str
    kind: UnitKind
    level: Level
    code: str
    valid_from: str
    valid_to: str = ""
    parent: UUID | None = None
    former: tuple[FormerUnit, ...] = ()

    def exists_on(self, day: str) -> bool:
        """Whether the unit exists on the civil day."""
        return self.valid_from <= day and (not self.valid_to or day < self.valid_to)

    def form_on(self, day: str) -> Unit | FormerUnit:
        """Its name, kind, level and code on the civil day."""
        return next((one for one in self.former if day < one.until), self)


def evolve(state: Unit | None, event: UnitEvent) -> Unit | None:
    """Fold one event."""
    match event:
        case UnitEstablished():
            return Unit(
                name=event.name,
                kind=event.kind,
                level=event.level,
                code=event.code,
                valid_from=event.valid_from,
                parent=event.parent,
            )
        case UnitEnded():
            return None if state is None else msgspec.structs.replace(state, valid_to=event.effective)
        case UnitRenamed():
            return None if state is None else _renamed(state, event)
        case UnitSeparated() | UnitBoundaryAdjusted():
            return state
        case _:
            assert_never(event)


def _renamed(state: Unit, event: UnitRenamed) -> Unit:
    was = FormerUnit(name=state.name, kind=state.kind, level=state.level, code=state.code, until=event.effective)
    return msgspec.structs.replace(
        state, name=event.name, kind=event.kind, level=event.level, code=event.code, former=(*state.former, was)
    )


def establish(state: Unit | None, fact: UnitEstablished) -> list[Event]:
    """Record that a unit exists. Refused: `unit-already-established`."""
    if state is not None:
        raise Refusal("unit-already-established", code=fact.code)
    return [fact]


def end(state: Unit | None, effective: str, basis: str) -> list[Event]:
    """End a unit on a day it exists. Refused: `unit-unknown`, `unit-not-existing`."""
    _existing(state, effective)
    return [UnitEnded(effective=effective, basis=basis)]


def rename(state: Unit | None, fact: UnitRenamed) -> list[Event]:
    """Give a unit that exists on the day another form. Refused: `unit-unknown`, `unit-not-existing`, `renamed-later`,
    `renamed-to-same`.
    """
    unit = _existing(state, fact.effective)
    if unit.former and fact.effective <= unit.former[-1].until:
        raise Refusal("renamed-later", name=unit.name, day=unit.former[-1].until)
    if (fact.name, fact.kind, fact.level, fact.code) == (unit.name, unit.kind, unit.level, unit.code):
        raise Refusal("renamed-to-same", name=unit.name)
    return [fact]


def part(state: Unit | None, fact: UnitSeparated | UnitBoundaryAdjusted) -> list[Event]:
    """Record what left a unit that goes on. Refused: `unit-unknown`, `unit-not-existing`."""
    _existing(state, fact.effective)
    return [fact]


def _existing(state: Unit | None, day: str) -> Unit:
    if state is None:
        raise Refusal("unit-unknown")
    if not state.exists_on(day):
        raise Refusal("unit-not-existing", code=state.code, day=day)
    return state
