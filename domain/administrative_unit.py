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


UnitEvent = UnitEstablished | UnitEnded


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """The state of one unit. `valid_to`: first day it is gone, empty while it exists."""

    name: str
    kind: UnitKind
    level: Level
    code: str
    valid_from: str
    valid_to: str = ""
    parent: UUID | None = None

    def exists_on(self, day: str) -> bool:
        """Whether the unit exists on the civil day."""
        return self.valid_from <= day and (not self.valid_to or day < self.valid_to)


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
        case _:
            assert_never(event)


def establish(state: Unit | None, fact: UnitEstablished) -> list[Event]:
    """Record that a unit exists. Refused: `unit-already-established`."""
    if state is not None:
        raise Refusal("unit-already-established", code=fact.code)
    return [fact]


def end(state: Unit | None, effective: str, basis: str) -> list[Event]:
    """End a unit on a day it exists. Refused: `unit-unknown`, `unit-not-existing`."""
    if state is None:
        raise Refusal("unit-unknown")
    if not state.exists_on(effective):
        raise Refusal("unit-not-existing", code=state.code, day=effective)
    return [UnitEnded(effective=effective, basis=basis)]
