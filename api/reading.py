"""Reading is an act: no content leaves before its access event is durable, and a denied attempt is recorded too.

A handler declares what it is about to release; this middleware holds the response back until the event lies in the
access log. Where the log cannot take it, the answer is 503 and the content is thrown away.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from typing import Any, Final
from uuid import UUID

import msgspec
from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from typing_extensions import override

from api.problems import MEDIA_TYPE, headers_of, problem_of
from api.services import AccessJournal
from domain.access import AccessRule, ReadDenied, RecordRead
from domain.errors import Refusal
from domain.sealed import Plain

PATIENCE_SECONDS: Final = 5.0
CONTINUED_SECONDS: Final = 600.0
"""Further byte ranges of a file that its reader just opened belong to the same reading."""

_STATE: Final = "reading"
_MOST_CONTINUED: Final = 10_000

_log = logging.getLogger("mocban.api")


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What a response is about to release, or what was asked and denied. what: the kind of thing, not its content."""

    reader: UUID
    records: tuple[UUID, ...]
    what: str
    rule: AccessRule
    allowed: bool


def declare(request: ASGIConnection[Any, Any, Any, Any], reading: Reading) -> None:
    """Say what this request reads. Nothing is released without it."""
    request.scope["state"][_STATE] = reading


class AccessEvents(ASGIMiddleware):
    """Holds responses of handlers with `opt={"access_event": ...}` until their access event is durable."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, journal: AccessJournal) -> None:
        self._journal = journal
        self._opened: OrderedDict[tuple[object, ...], float] = OrderedDict()

    @override
    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        if "access_event" not in scope["route_handler"].opt:
            await next_app(scope, receive, send)
            return
        withheld = False

        async def release(message: Message) -> None:
            nonlocal withheld
            if message["type"] == "http.response.start" and not await self._durable(scope, message["status"]):
                withheld = True
                await _send_unavailable(send)
            elif not withheld:
                await send(message)

        await next_app(scope, receive, release)

    async def _durable(self, scope: Scope, status: int) -> bool:
        """Whether the response may leave: its event is in the log, or it releases nothing that needs one."""
        reading: Reading | None = scope["state"].get(_STATE)
        if status >= 400 and (reading is None or reading.allowed):
            return True
        if reading is None:
            _log.error(
                "%s: không trả gì vì chưa khai lượt khai thác · released nothing, it declared no reading",
                scope.get("path_template", "?"),
            )
            return False
        if status == 206 and self._is_continued(reading):
            return True
        try:
            future = self._journal.record(_event(reading), str(reading.reader))
            # Shielded: a reader who hangs up must not cancel an event that others are being committed with.
            await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(future)), PATIENCE_SECONDS)
        except Exception as error:  # noqa: BLE001  whatever stops the journal, the content stays here
            _log.error(
                "nhật ký khai thác không nhận sự kiện · the access log did not take an event: %s", type(error).__name__
            )
            return False
        self._remember(reading)
        return True

    def _is_continued(self, reading: Reading) -> bool:
        opened = self._opened.get(_key(reading))
        return reading.allowed and opened is not None and time.monotonic() - opened < CONTINUED_SECONDS

    def _remember(self, reading: Reading) -> None:
        if reading.allowed:
            self._opened[_key(reading)] = time.monotonic()
            self._opened.move_to_end(_key(reading))
            while len(self._opened) > _MOST_CONTINUED:
                self._opened.popitem(last=False)


def _key(reading: Reading) -> tuple[object, ...]:
    return reading.reader, reading.records, reading.what


def _event(reading: Reading) -> RecordRead | ReadDenied:
    kind = RecordRead if reading.allowed else ReadDenied
    return kind(reader=Plain(str(reading.reader)), records=reading.records, what=reading.what, rule=reading.rule)


async def _send_unavailable(send: Send) -> None:
    refusal = Refusal("access-not-recorded")
    body = msgspec.json.encode(problem_of(refusal))
    headers = {"Content-Type": MEDIA_TYPE, "Content-Length": str(len(body)), **headers_of(refusal)}
    await send(
        {
            "type": "http.response.start",
            "status": 503,
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        }
    )
    await send({"type": "http.response.body", "body": body, "more_body": False})
