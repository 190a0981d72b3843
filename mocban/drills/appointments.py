"""The act that drills do over and over: a synthetic principal is appointed, with a sealed name."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from domain.identifiers import derive_id
from domain.principal import PrincipalAppointed
from domain.sealed import Plain
from ledger.commands.principal import appoint
from ledger.receipt import Receipt
from mocban.bootstrap import Product
from mocban.offices import Office

_AGENCY: Final = UUID("00000000-0000-8000-8000-000000000001")


def principal_of(product: Product, act_id: UUID) -> UUID:
    """Whom the act `act_id` appoints: the same whenever it is asked for again."""
    return derive_id(product.secret.ids, "drill", str(act_id))


def appointment(act_id: UUID) -> PrincipalAppointed:
    """The fact that the act records."""
    return PrincipalAppointed(agency=_AGENCY, office="Diễn tập", Name=Plain(f"Người thử {act_id}"))


def do_appoint(product: Product, act_id: UUID, whom: UUID | None = None) -> Receipt:
    """Appoint `whom`, else the act's own principal; done again with the same id, the stored receipt. Raises Refusal."""
    stream = whom or principal_of(product, act_id)
    return appoint(product.main, product.actor(Office.ARCHIVIST), act_id, stream, appointment(act_id))
