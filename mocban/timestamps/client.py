"""Bringing a query to a timestamp authority over HTTP (RFC 3161, 3.4): bounded in bytes and time, no redirects."""

from __future__ import annotations

import time
from typing import Final

import httpx

from domain.errors import Refusal
from signing.timestamp import MAX_REPLY, QUERY_MEDIA, REPLY_MEDIA

TIMEOUT: Final = httpx.Timeout(10.0, connect=5.0)
ANSWER_SECONDS: Final = 20.0
"""For a whole answer, however slowly its bytes drip."""
MAX_LIST: Final = 4 * 1024 * 1024
_HEADERS: Final = {"Content-Type": QUERY_MEDIA, "Accept": REPLY_MEDIA, "Accept-Encoding": "identity"}


def ask(name: str, url: str, query: bytes) -> bytes:
    """What the authority `name` answers to a query, unchecked.

    Raises Refusal `timestamp-unreachable`, `timestamp-refused` (an HTTP status, also one that sends elsewhere),
    `timestamp-answer-unfit` (too long).
    """
    with httpx.Client(timeout=TIMEOUT, follow_redirects=False) as http:
        return _bounded(http, name, "POST", url, limit=MAX_REPLY, content=query, headers=_HEADERS)


def fetch_list(name: str, url: str) -> bytes:
    """A revocation list that a certificate of the authority `name` names. Raises as `ask`."""
    with httpx.Client(timeout=TIMEOUT, follow_redirects=False) as http:
        return _bounded(http, name, "GET", url, limit=MAX_LIST)


def _bounded(
    http: httpx.Client,
    name: str,
    method: str,
    url: str,
    *,
    limit: int,
    content: bytes | None = None,
    headers: dict[str, str] | None = None,
) -> bytes:
    """The body of a 200, at most `limit` bytes, as it came over the wire. Raises as `ask`."""
    until, answer = time.monotonic() + ANSWER_SECONDS, bytearray()
    try:
        with http.stream(method, url, content=content, headers=headers) as response:
            if response.status_code != 200:
                raise Refusal("timestamp-refused", name=name, reason=f"HTTP {response.status_code}")
            for part in response.iter_raw():
                answer += part
                if len(answer) > limit:
                    raise Refusal("timestamp-answer-unfit", name=name, problem="timestamp-malformed", reason="too long")
                if time.monotonic() > until:
                    raise Refusal("timestamp-unreachable", name=name, reason="too slow")
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:  # ValueError: a host that idna cannot write
        raise Refusal("timestamp-unreachable", name=name, reason=type(error).__name__) from error
    return bytes(answer)
