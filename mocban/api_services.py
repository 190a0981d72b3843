"""The API's services, wired."""

from __future__ import annotations

from api.services import Services
from ledger.application import system_clock
from mocban.bootstrap import Product


def services_of(product: Product) -> Services:
    """The services of an open product."""
    return Services(
        views=product.views,
        log=product.main_log,
        access_log=product.access_log,
        journal=product.journal,
        blobs=product.unsealer,
        clock=system_clock,
        origin=product.origin,
    )
