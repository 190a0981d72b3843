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


class AgencyRenamed(Event, frozen=True, kw_only=True, tag="agency.renamed/1"):
    """An agency goes on under another name, kind or code from the day `effective` on; its fonds goes on with it."""

    name: str
    kind: AgencyKind
    code: str
    effective: str
    basis: str


class AgencySeparated(Event, frozen=True, kw_only=True, tag="agency.separated/1"):
    """Agencies that begin were cut out of this one, which remains (tách)."""

    to: tuple[UUID, ...]
    effective: str
    basis: str


class AgencyBoundaryAdjusted(Event, frozen=True, kw_only=True, tag="agency.boundary-adjusted/1"):
    """Parts of the area this agency works in went to others; all go on."""

    to: tuple[UUID, ...]
    effective: str
    basis: str


AgencyEvent = AgencyEstablished | AgencyEnded | AgencyRenamed | AgencySeparated | AgencyBoundaryAdjusted


class FormerAgency(msgspec.Struct, frozen=True, kw_only=True):
    """What an agency was until the day `until`, not included."""

    name: str
    kind: AgencyKind
    code: str
    until: str


class Agency(msgspec.Struct, frozen=True, kw_only=True):
    """The state of one agency. `valid_to`: first day it is gone, empty while it exists.

    name, kind, code: the newest; former: what they were before, oldest first.
    """

    name: str
    block: Block
    kind: AgencyKind
    unit: UUID
    code: str
    valid_from: str
    valid_to: str = ""
    former: tuple[FormerAgency, ...] = ()

    def exists_on(self, day: str) -> bool:
        """Whether the agency exists on the civil day."""
        return self.valid_from <= day and (not self.valid_to or day < self.valid_to)

    def form_on(self, day: str) -> Agency | FormerAgency:
        """Its name, kind and code on the civil day."""
        return next((one for one in self.former if day < one.until), self)


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
        case AgencyRenamed():
            return None if state is None else _renamed(state, event)
        case AgencySeparated() | AgencyBoundaryAdjusted():
            return state
        case _:
            assert_never(event)


def _renamed(state: Agency, event: AgencyRenamed) -> Agency:
    was = FormerAgency(name=state.name, kind=state.kind, code=state.code, until=event.effective)
    replace = msgspec.structs.replace
    return replace(state, name=event.name, kind=event.kind, code=event.code, former=(*state.former, was))


def establish(state: Agency | None, fact: AgencyEstablished) -> list[Event]:
    """Record that an agency exists. Refused: `agency-already-established`, `agency-out-of-scope`."""
    if is_vertical(fact.name):
        raise Refusal("agency-out-of-scope", code=fact.code)
    if state is not None:
        raise Refusal("agency-already-established", code=fact.code)
    return [fact]


def end(state: Agency | None, effective: str, basis: str) -> list[Event]:
    """End an agency on a day it exists. Refused: `agency-unknown`, `agency-not-existing`."""
    _existing(state, effective)
    return [AgencyEnded(effective=effective, basis=basis)]


def rename(state: Agency | None, fact: AgencyRenamed) -> list[Event]:
    """Give an agency that exists on the day another form. Refused: `agency-unknown`, `agency-not-existing`,
    `agency-out-of-scope`, `renamed-later`, `renamed-to-same`.
    """
    body = _existing(state, fact.effective)
    if is_vertical(fact.name):
        raise Refusal("agency-out-of-scope", code=fact.code)
    if body.former and fact.effective <= body.former[-1].until:
        raise Refusal("renamed-later", name=body.name, day=body.former[-1].until)
    if (fact.name, fact.kind, fact.code) == (body.name, body.kind, body.code):
        raise Refusal("renamed-to-same", name=body.name)
    return [fact]


def part(state: Agency | None, fact: AgencySeparated | AgencyBoundaryAdjusted) -> list[Event]:
    """Record what left an agency that goes on. Refused: `agency-unknown`, `agency-not-existing`."""
    _existing(state, fact.effective)
    return [fact]


def _existing(state: Agency | None, day: str) -> Agency:
    if state is None:
        raise Refusal("agency-unknown", code="?")
    if not state.exists_on(day):
        raise Refusal("agency-not-existing", code=state.code, day=day)
    return state
