"""A witness over HTTP: `POST /add-checkpoint` in, a cosignature line out; the one place here that knows HTTP numbers.

Plain ASGI, since the protocol fixes every byte of the answers. A proxy in front gives TLS and limits connections.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, Final

import msgspec
import uvicorn

from domain.errors import Refusal
from mocban.witness.request import MAX_BODY
from mocban.witness.witness import Witness

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

BODY_SECONDS: Final = 10.0
CONNECTIONS: Final = 128
SIZE_MEDIA: Final = "text/x.tlog.size"
_TEXT: Final = "text/plain; charset=utf-8"
_PATH: Final = "/add-checkpoint"
_STATUS: Final[Mapping[str, int]] = {
    "witness-request-unfit": 400, "witness-old-larger": 400,
    "witness-log-signature": 403,
    "witness-log-unknown": 404, "address-unknown": 404,
    "method-unfit": 405,
    "witness-request-too-slow": 408,
    "witness-size-differs": 409, "witness-root-differs": 409,
    "witness-request-too-large": 413,
    "witness-proof-unfit": 422,
    "witness-store-damaged": 500, "request-failed": 500,
    "witness-store-unwritable": 503,
}  # fmt: skip
_log: Final = logging.getLogger("mocban.witness")


class Answer(msgspec.Struct, frozen=True):
    """What goes out. close: the rest of the request was not read."""

    status: int
    body: bytes
    media: str = _TEXT
    headers: tuple[tuple[bytes, bytes], ...] = ()


class Service:
    """The ASGI application of one witness."""

    def __init__(self, witness: Witness, body_seconds: float = BODY_SECONDS) -> None:
        self._witness = witness
        self._body_seconds = body_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        try:
            answer = await self._answer(scope, receive)
        except Refusal as refusal:
            answer = problem(refusal)
        except Exception as fault:  # noqa: BLE001  the last door: no stack trace leaves, and nothing was cosigned
            _log.warning("yêu cầu không xong · a request failed: %s", type(fault).__name__)
            answer = problem(Refusal("request-failed"))
        await _send(answer, send, head=scope["method"] == "HEAD")

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        method, path = scope["method"], scope["path"]
        if path == _PATH:
            if method != "POST":
                raise Refusal("method-unfit", allowed="POST")
            body = await self._body(receive)
            return Answer(200, await asyncio.to_thread(self._witness.add_checkpoint, body))
        if path == "/" and method in {"GET", "HEAD"}:
            return Answer(200, f"{self._witness.signer.verifier_key.text()}\n".encode())
        raise Refusal("address-unknown")

    async def _body(self, receive: Receive) -> bytes:
        """The whole body. Raises Refusal `witness-request-too-large`, `witness-request-too-slow`."""
        body = bytearray()
        try:
            async with asyncio.timeout(self._body_seconds):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise Refusal("witness-request-unfit", reason="cut short")
                    body += message.get("body", b"")
                    if len(body) > MAX_BODY:
                        raise Refusal("witness-request-too-large", limit=MAX_BODY)
                    if not message.get("more_body"):
                        return bytes(body)
        except TimeoutError as error:
            raise Refusal("witness-request-too-slow", seconds=self._body_seconds) from error


def problem(refusal: Refusal) -> Answer:
    """A refusal as the protocol wants it: a bare size for a stale one, else words in two languages and the code."""
    status = _STATUS[refusal.code]
    if refusal.code == "witness-size-differs":
        return Answer(status, f"{refusal.facts['size']}\n".encode(), SIZE_MEDIA)
    headers: tuple[tuple[bytes, bytes], ...] = ()
    if status == 405:
        headers = ((b"allow", b"POST"),)
    elif status in {408, 413}:
        headers = ((b"connection", b"close"),)  # what else was sent stays unread
    elif status == 503:
        headers = ((b"retry-after", b"5"),)
    return Answer(status, f"{refusal.vi}\n{refusal.en}\n({refusal.code})\n".encode(), headers=headers)


async def _send(answer: Answer, send: Send, *, head: bool) -> None:
    headers = [
        (b"content-type", answer.media.encode()),
        (b"content-length", b"%d" % len(answer.body)),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        *answer.headers,
    ]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if head else answer.body})


def configuration(witness: Witness) -> uvicorn.Config:
    """How a witness is served: few connections, no words about itself, nothing of requests in any log."""
    return uvicorn.Config(
        Service(witness),
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="off",
        limit_concurrency=CONNECTIONS,
        timeout_graceful_shutdown=10,
    )
