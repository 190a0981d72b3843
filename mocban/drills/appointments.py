"""The act that drills do over and over: a synthetic principal is appointed, with a sealed name."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from domain import principal
from domain.agency import Agency, AgencyKind, Block
from domain.event import Event
from domain.identifiers import derive_id
from domain.principal import PrincipalAppointed
from domain.sealed import Plain
from ledger.actor import Actor
from ledger.proposal import Proposal
from ledger.receipt import Receipt
from ledger.streams import Streams
from mocban.bootstrap import Product
from mocban.offices import Office

_AGENCY: Final = UUID("00000000-0000-8000-8000-000000000001")
_BODY: Final = Agency(
    name="Cơ quan diễn tập", block=Block.GOVERNMENT, kind=AgencyKind.DEPARTMENT, unit=_AGENCY, code="DT", valid_from=""
)
"""Taken as given: a drill's ledger is its own, and no city was recorded in it."""


def principal_of(product: Product, act_id: UUID) -> UUID:
    """Whom the act `act_id` appoints: the same whenever it is asked for again."""
    return derive_id(product.secret.ids, "drill", str(act_id))


def appointment(act_id: UUID) -> PrincipalAppointed:
    """The fact that the act records."""
    return PrincipalAppointed(agency=_AGENCY, office="Diễn tập", Name=Plain(f"Người thử {act_id}"))


def do_appoint(product: Product, act_id: UUID, whom: UUID | None = None, by: Actor | None = None) -> Receipt:
    """Appoint `whom`, else the act's own principal; done again with the same id, the stored receipt. Raises Refusal.

    by: who signs, else the archivist.
    """
    stream = whom or principal_of(product, act_id)

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        state = streams.load(stream, None, principal.evolve)
        return {stream: principal.appoint(state, appointment(act_id), _BODY)}

    actor = by or product.actor(Office.ARCHIVIST)
    request = {"principal": str(stream)}
    return product.main.perform(
        Proposal(act="principal.appoint", id=act_id, actor=actor, decide=decide, request=request)
    )
