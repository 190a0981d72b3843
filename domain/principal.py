"""Principal (người, hệ thống được giao quyền): who acts or reads, in which agency and office."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

import msgspec

from domain.agency import Agency
from domain.errors import Refusal
from domain.event import Event
from domain.sealed import Sealable


class Reach(StrEnum):
    """How far an office reads by its own right: for its agency, or for the whole city, as archive auditors do."""

    AGENCY = "agency"
    CITY = "city"


class PrincipalAppointedV1(Event, frozen=True, kw_only=True, tag="principal.appointed/1"):
    """The first shape, with yes or no where there is now a reach. Read for ever, written no more."""

    agency: UUID
    office: str
    Name: Sealable
    city_wide: bool = False


class PrincipalAppointed(Event, frozen=True, kw_only=True, tag="principal.appointed/2"):
    """A principal holds an office in an agency. Key and roles are the registry's; the name is sealed."""

    agency: UUID
    office: str
    Name: Sealable
    reach: Reach = Reach.AGENCY


def with_reach(old: PrincipalAppointedV1) -> PrincipalAppointed:
    """The first shape as it is read now; nothing is guessed, since yes and no were all there was."""
    reach = Reach.CITY if old.city_wide else Reach.AGENCY
    return PrincipalAppointed(agency=old.agency, office=old.office, Name=old.Name, reach=reach)


class Principal(msgspec.Struct, frozen=True, kw_only=True):
    """The state of one principal."""

    agency: UUID
    office: str
    reach: Reach


def evolve(_state: Principal | None, event: PrincipalAppointed) -> Principal | None:
    """Fold one event."""
    return Principal(agency=event.agency, office=event.office, reach=event.reach)


def appoint(state: Principal | None, fact: PrincipalAppointed, body: Agency | None) -> list[Event]:
    """Appoint a principal to an office in the agency `body`. Refused: `principal-already-appointed`, `agency-unknown`.

    One that has ended still has officers: they hand over what it leaves.
    """
    if state is not None:
        raise Refusal("principal-already-appointed")
    if body is None:
        raise Refusal("agency-unknown", code=fact.agency)
    return [fact]
