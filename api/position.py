"""Positions: how far the views that answer have come, so that a writer reads its own write (`Ledger-Position`).

A request may send `Ledger-Min-Position`; it waits up to two seconds for the views, then is told to come back. Content
waits for the head of the ledger itself: who may read must never be judged by a view that lags.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any, Final, NoReturn

import msgspec
import psycopg
from litestar.concurrency import sync_to_thread
from litestar.datastructures import Headers, MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from typing_extensions import override

from api.problems import RETRY_SECONDS
from api.resource import ACCESS_EVENT, VIEWS
from domain.errors import Refusal

PATIENCE_SECONDS: Final = 2.0
POLL_SECONDS: Final = 0.02
VIEWS_ASKED: Final = (
    "audit_trail", "custody_history", "finding_aid", "holdings", "principals", "search", "succession_graph"
)  # fmt: skip
"""The views of the main log that answers here rest on."""

_STANDING: Final = """
SELECT (SELECT events FROM main_log.head), min(coalesce(t.notification_id, 0))
FROM unnest(%s::text[]) AS asked (name) LEFT JOIN projection.tracking AS t ON t.application_name = asked.name
"""

Connection = psycopg.Connection[Any]

POSITION: Final = "Ledger-Position"
MIN_POSITION: Final = "Ledger-Min-Position"


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """head: how many events the ledger holds; reached: how many of them every view has folded."""

    head: int
    reached: int


class LedgerPosition(ASGIMiddleware):
    """Waits for the views where asked to, and tells in `Ledger-Position` what the answer includes at least."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, standing: Callable[[], Standing], patience: float = PATIENCE_SECONDS) -> None:
        """standing: asks the database; called in a thread. patience: seconds."""
        self._standing = standing
        self._patience = patience

    @override
    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        opt = scope["route_handler"].opt
        if not opt.get(VIEWS):
            await next_app(scope, receive, send)
            return
        asked = _asked(Headers.from_scope(scope).get(MIN_POSITION))
        reached = await self._wait(asked, for_head=ACCESS_EVENT in opt)

        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableScopeHeaders(message)[POSITION] = str(reached)
            await send(message)

        await next_app(scope, receive, tell)

    async def _wait(self, asked: int, *, for_head: bool) -> int:
        """Where the views stand once they have come far enough. Raises Refusal."""
        deadline = time.monotonic() + self._patience
        standing = await sync_to_thread(self._standing)
        head = standing.head if for_head else 0
        while standing.reached < max(asked, head):
            if time.monotonic() > deadline:
                _refuse(asked, standing)
            await asyncio.sleep(POLL_SECONDS)
            standing = await sync_to_thread(self._standing)
        return standing.reached


def _asked(header: str | None) -> int:
    if header is None:
        return 0
    if not header.isascii() or not header.isdigit() or len(header) > 18:
        raise Refusal("parameter-unfit", names=MIN_POSITION, parameters=(MIN_POSITION,))
    return int(header)


def _refuse(asked: int, standing: Standing) -> NoReturn:
    if standing.reached < asked:
        raise Refusal("position-not-reached", asked=asked, reached=standing.reached, seconds=RETRY_SECONDS)
    raise Refusal("views-behind", seconds=RETRY_SECONDS)


def standing(connection: Connection) -> Standing:
    """Where the ledger and its views stand now."""
    row = connection.execute(_STANDING, (list(VIEWS_ASKED),)).fetchone()
    assert row is not None
    return Standing(head=row[0], reached=row[1])
