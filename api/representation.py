"""Representations: bytes with a strong ETag, conditional and in ranges (RFC 9110 sections 13 and 14).

Litestar answers neither If-None-Match nor Range by itself.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec
from litestar import Response
from litestar.datastructures import Headers

from domain.errors import Refusal

IMMUTABLE: Final = "public, max-age=31536000, immutable"
CHANGING: Final = "no-cache"
CONTENT: Final = "private, no-store"
"""Record content is asked for anew each time, because each release is a reading that must be recorded."""

_ONE_RANGE: Final = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})", re.IGNORECASE)


class Representation(msgspec.Struct, frozen=True, kw_only=True):
    """What a resource is right now. etag: without quotes, one for each sequence of bytes; cache: Cache-Control."""

    body: bytes
    media: str
    etag: str
    cache: str
    headers: dict[str, str] = msgspec.field(default_factory=dict)
    ranges: bool = False


def answer(request: Headers, what: Representation) -> Response[bytes]:
    """200, 206 or 304. Raises Refusal `range-unfit`."""
    headers = {"ETag": f'"{what.etag}"', "Cache-Control": what.cache, **what.headers}
    if what.ranges:
        headers["Accept-Ranges"] = "bytes"
    if _holds(request.get("if-none-match"), what.etag):
        return Response(b"", status_code=304, headers=headers, media_type=what.media)
    wanted = _range(request, what) if what.ranges else None
    if wanted is None:
        return Response(what.body, headers=headers, media_type=what.media)
    start, end = wanted
    headers["Content-Range"] = f"bytes {start}-{end - 1}/{len(what.body)}"
    return Response(what.body[start:end], status_code=206, headers=headers, media_type=what.media)


def _holds(condition: str | None, etag: str) -> bool:
    """If-None-Match: any listed tag, compared weakly, or `*`."""
    if condition is None:
        return False
    listed = [one.strip().removeprefix("W/") for one in condition.split(",")]
    return "*" in listed or f'"{etag}"' in listed


def _range(request: Headers, what: Representation) -> tuple[int, int] | None:
    """The one range [start, end) that is asked for; None for no range, several, or one for other bytes."""
    condition = request.get("if-range")
    match = _ONE_RANGE.fullmatch((request.get("range") or "").strip())
    if match is None or (condition is not None and condition.strip() != f'"{what.etag}"'):
        return None
    first, last = match.groups()
    size = len(what.body)
    if first:
        start, end = int(first), min(int(last) + 1 if last else size, size)
        if last and int(last) < int(first):
            return None
    elif last:
        start, end = max(size - int(last), 0), size
    else:
        return None
    if start >= end:
        raise Refusal("range-unfit", size=size)
    return start, end
