"""Headers that every response carries, errors of the router included; and HEAD, which has headers only."""

from __future__ import annotations

from typing import Final

from litestar.types import Message, Scope

_POLICY: Final = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"

_ALWAYS: Final = (
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"vary", b"Authorization"),
)


async def finish(message: Message, scope: Scope) -> None:
    """Add the headers; drop the body of an answer to HEAD (RFC 9110 section 9.3.2)."""
    if message["type"] == "http.response.start":
        message["headers"] = [*message["headers"], *_ALWAYS]
    elif message["type"] == "http.response.body" and scope.get("method") == "HEAD":
        message["body"] = b""
