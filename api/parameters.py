"""Query parameters: none but those that an address takes, each once.

A misspelt `?date=` in place of `?on=` would be answered with today's custody, and nobody would see it.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from litestar import Request
from litestar.handlers import BaseRouteHandler
from litestar.params import QueryParameter

from api.resource import VIEWS
from domain.errors import Refusal


def require_known(request: Request[Any, Any, Any]) -> None:
    """Raises Refusal `parameter-unknown`. What never depends on a question (the log's own files, pages) is let be."""
    handler = request.route_handler
    known = taken(handler)
    if not known and not handler.opt.get(VIEWS):
        return
    sent = [name for name, _ in request.query_params.multi_items()]
    if len(set(sent)) < len(sent) or not known.issuperset(sent):
        raise Refusal("parameter-unknown", taken=", ".join(sorted(known)) or "không có · none")


@cache
def taken(handler: BaseRouteHandler) -> frozenset[str]:
    """Names of the query parameters that a handler takes."""
    declared = handler.parsed_fn_signature.parameters.items()
    found = [(name, field.kwarg_definition) for name, field in declared]
    return frozenset(kind.name or name for name, kind in found if isinstance(kind, QueryParameter))
