"""One unit with one agency, for a product that knows no city: somebody can be appointed there."""

from __future__ import annotations

from typing import Final
from uuid import UUID, uuid4

from domain.agency import AgencyEstablished, AgencyKind, Block
from domain.fonds import CustodyLine, FondsOpened
from ledger.act_id import new_act_id
from ledger.commands.administrative_unit import AgencyEntry, UnitEntry, record_units
from mocban.bootstrap import Product
from mocban.offices import Office
from tests.api.archive import unit_established

BODY: Final = UUID("00000000-0000-8000-8000-00000000b0d1")


def record_body(product: Product) -> None:
    """Record the agency `BODY`, with a unit and a fonds of its own."""
    unit = uuid4()
    body = AgencyEntry(
        agency=BODY,
        fact=AgencyEstablished(
            name="Cơ quan Thử", block=Block.GOVERNMENT, kind=AgencyKind.DEPARTMENT, unit=unit, code="H26.98",
            valid_from="2020-01-01",
        ),
        fonds=uuid4(),
        fonds_fact=FondsOpened(
            code="P-H2698", name="Phông Cơ quan Thử", creators=(BODY,), opened_from="2020-01-01",
            line=CustodyLine.STATE,
        ),
    )  # fmt: skip
    fact = unit_established("Phường Thử", "99998", "2020-01-01")
    entries = [UnitEntry(unit=unit, fact=fact, agencies=(body,))]
    record_units(product.main, product.actor(Office.ARCHIVIST), new_act_id(), entries)
