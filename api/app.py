"""The application: every resource, and what each request passes through on its way.

A request is authenticated, waits for views that lag, is handled, and its response is held back until the reading it
is has become durable. Nothing is in the wrong order here by accident: who asks is known before anything is waited for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from litestar import Litestar
from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler

from api import (
    acts,
    administrative_unit,
    agency,
    chain,
    custody,
    document,
    file,
    fonds,
    front_page,
    history,
    identity,
    log,
    pages,
    position,
    prepared_acts,
    reorganization,
    scan,
    search,
)
from api.authentication import Authentication
from api.headers import finish
from api.openapi_page import configuration
from api.parameters import require_known
from api.position import LedgerPosition, Standing
from api.problems import EXCEPTION_HANDLERS
from api.reading import AccessEvents
from api.resource import check
from api.services import Services

HANDLERS: Final[Sequence[HTTPRouteHandler]] = (
    front_page.front_page,
    front_page.health,
    pages.style,
    log.checkpoint,
    log.access_checkpoint,
    log.tile,
    log.proof,
    log.timestamps,
    log.timestamp,
    acts.act,
    acts.act_events,
    prepared_acts.prepare,
    prepared_acts.waiting,
    prepared_acts.submit,
    administrative_unit.units,
    administrative_unit.unit,
    administrative_unit.forms,
    administrative_unit.successors,
    administrative_unit.predecessors,
    agency.agency,
    agency.changes,
    agency.holdings,
    fonds.fonds,
    custody.custody,
    history.history,
    chain.chain_of_file,
    chain.chain_picture,
    chain.chain_page,
    reorganization.preview,
    reorganization.comparison,
    reorganization.drafted_preview,
    search.find,
    file.file,
    file.files,
    document.document,
    document.documents,
    scan.original,
    scan.searchable,
    scan.text,
)


def create_app(services: Services, handlers: Sequence[HTTPRouteHandler] = HANDLERS) -> Litestar:
    """The ASGI application over these services. Raises ImproperlyConfiguredException for an unguarded handler."""

    def actor_of(authorization: str | None) -> UUID:
        with services.views.connection() as connection:
            return identity.actor_of(connection, authorization)

    def standing() -> Standing:
        with services.views.connection() as connection:
            return position.standing(connection)

    for handler in handlers:
        check(handler)
    return Litestar(
        route_handlers=list(handlers),
        dependencies={"services": Provide(lambda: services, sync_to_thread=False)},
        middleware=[Authentication(actor_of), LedgerPosition(standing), AccessEvents(services.journal)],
        before_request=require_known,
        before_send=[finish],
        exception_handlers=EXCEPTION_HANDLERS,
        openapi_config=configuration(),
        logging_config=None,
        debug=False,
    )
