"""The API's services, wired."""

from __future__ import annotations

from collections.abc import Callable

from api.services import Services
from ledger.application import system_clock
from ledger.rolling_check import RowsStanding
from mocban.bootstrap import Product
from mocban.custody.timeline import timeline


def services_of(product: Product, rows: Callable[[], RowsStanding] = RowsStanding) -> Services:
    """The services of an open product. rows: what the rolling check has found, where one runs."""
    return Services(
        views=product.views,
        log=product.main_log,
        access_log=product.access_log,
        journal=product.journal,
        blobs=product.unsealer,
        clock=system_clock,
        origin=product.origin,
        draw_chain=timeline,
        rows=rows,
    )
