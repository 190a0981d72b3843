"""Principal (người, hệ thống được giao quyền): who acts or reads, in which agency and office."""

from __future__ import annotations

from uuid import UUID

import msgspec

from domain.errors import Refusal
from domain.event import Event
from domain.sealed import Sealable


class PrincipalAppointed(Event, frozen=True, kw_only=True, tag="principal.appointed/1"):
    """A principal holds an office in an agency. Key and roles are the registry's; the name is sealed."""

    agency: UUID
    office: str
    Name: Sealable
    city_wide: bool = False


class Principal(msgspec.Struct, frozen=True, kw_only=True):
    """The state of one principal. `city_wide`: reads for the whole city, as archive auditors do."""

    agency: UUID
    office: str
    city_wide: bool


def evolve(_state: Principal | None, event: PrincipalAppointed) -> Principal | None:
    """Fold one event."""
    return Principal(agency=event.agency, office=event.office, city_wide=event.city_wide)


def appoint(state: Principal | None, fact: PrincipalAppointed) -> list[Event]:
    """Appoint a principal to an office. Refused: `principal-already-appointed`."""
    if state is not None:
        raise Refusal("principal-already-appointed")
    return [fact]
