"""Agency (cơ quan, tổ chức): a body of one of the three blocks, in a unit, over an interval of days."""

from __future__ import annotations

from enum import StrEnum
from typing import assert_never
from uuid import UUID

import msgspec

from domain.basis import Certainty
from domain.errors import Refusal
from domain.event import Event
from domain.vertical_body import is_vertical


class Block(StrEnum):
    """Khối: Party, government, mass organizations."""

    PARTY = "party"
    GOVERNMENT = "government"
    MASS = "mass"


class AgencyKind(StrEnum):
    """What an agency is; the rules of a reorganization select by it."""

    PEOPLES_COMMITTEE = "peoples-committee"
    PARTY_COMMITTEE = "party-committee"
    FATHERLAND_FRONT = "fatherland-front"
    DEPARTMENT = "department"
    SERVICE_CENTER = "service-center"
    HISTORICAL_ARCHIVE = "historical-archive"
    PARTY_ARCHIVE = "party-archive"
    MASS_ORGANIZATION = "mass-organization"


class AgencyEstablished(Event, frozen=True, kw_only=True, tag="agency.established/1"):
    """An agency exists from a day. `code`: mã định danh cơ quan (Decision 20/2020/QĐ-TTg)."""

    name: str
    block: Block
    kind: AgencyKind
    unit: UUID
    code: str
    valid_from: str
    certainty: Certainty = Certainty.STATED
    basis: str = ""


class AgencyEnded(Event, frozen=True, kw_only=True, tag="agency.ended/1"):
    """An agency exists no longer from the day `effective` on; nothing may be issued in its name after."""

    effective: str
    basis: str


AgencyEvent = AgencyEstablished | AgencyEnded


class Agency(msgspec.Struct, frozen=True, kw_only=True):
    """The state of one agency. `valid_to`: first day it is gone, empty while it exists."""

    name: str
    block: Block
    kind: AgencyKind
    unit: UUID
    code: str
    valid_from: str
    valid_to: str = ""

    def exists_on(self, day: str) -> bool:
        """Whether the agency exists on the civil day."""
        return self.valid_from <= day and (not self.valid_to or day < self.valid_to)


def evolve(state: Agency | None, event: AgencyEvent) -> Agency | None:
    """Fold one event."""
    match event:
        case AgencyEstablished():
            return Agency(
                name=event.name,
                block=event.block,
                kind=event.kind,
                unit=event.unit,
                code=event.code,
                valid_from=event.valid_from,
            )
        case AgencyEnded():
            return None if state is None else msgspec.structs.replace(state, valid_to=event.effective)
        case _:
            assert_never(event)


def establish(state: Agency | None, fact: AgencyEstablished) -> list[Event]:
    """Record that an agency exists. Refused: `agency-already-established`, `agency-out-of-scope`."""
    if is_vertical(fact.name):
        raise Refusal("agency-out-of-scope", code=fact.code)
    if state is not None:
        raise Refusal("agency-already-established", code=fact.code)
    return [fact]


def end(state: Agency | None, effective: str, basis: str) -> list[Event]:
    """End an agency on a day it exists. Refused: `agency-unknown`, `agency-not-existing`."""
    if state is None:
        raise Refusal("agency-unknown", code="?")
    if not state.exists_on(effective):
        raise Refusal("agency-not-existing", code=state.code, day=effective)
    return [AgencyEnded(effective=effective, basis=basis)]
