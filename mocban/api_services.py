"""The API's services, wired."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from api.services import Services
from domain.errors import Refusal
from ledger.application import system_clock
from ledger.rolling_check import RowsStanding
from mocban.acts.desk import ActDesk
from mocban.bootstrap import Product
from mocban.custody.timeline import timeline
from mocban.what_if.over_http import HttpPreviews


def services_of(
    product: Product,
    rows: Callable[[], RowsStanding] = RowsStanding,
    warnings: Callable[[], Sequence[Refusal]] = tuple,
) -> Services:
    """The services of an open product. rows: what the rolling check has found, if one runs; warnings: of the rest."""
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
        warnings=warnings,
        desk=ActDesk(product, system_clock),
        previews=HttpPreviews(product.views.connection, product.naming),
    )
