"""Authentication: who asks. Everything that is not declared public needs a token."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from uuid import UUID

from litestar.concurrency import sync_to_thread
from litestar.datastructures import Headers
from litestar.enums import HttpMethod, ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send
from typing_extensions import override

from api.resource import PUBLIC

_HEADER: Final = "authorization"


class Authentication(ASGIMiddleware):
    """Sets `request.user` to the actor's id, or refuses before the handler runs."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, actor_of: Callable[[str | None], UUID]) -> None:
        """actor_of: from an Authorization header; called in a thread. Raises Refusal."""
        self._actor_of = actor_of

    @override
    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        # OPTIONS tells methods only; every other handler is a resource that `api.resource` has checked.
        if scope.get("method") != HttpMethod.OPTIONS and not scope["route_handler"].opt.get(PUBLIC):
            scope["user"] = await sync_to_thread(self._actor_of, Headers.from_scope(scope).get(_HEADER))
        await next_app(scope, receive, send)
