"""Cursors: where a page ends, as an opaque text; and the links between pages (RFC 8288)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from typing import Any, TypeVar
from urllib.parse import urlencode

import msgspec

from domain.errors import Refusal

Key = TypeVar("Key")


def encode(key: object) -> str:
    """The cursor that stands for the sort key of a page's last row."""
    return base64.urlsafe_b64encode(msgspec.json.encode(key)).rstrip(b"=").decode()


def decode(cursor: str, kind: type[Key]) -> Key:
    """The sort key that a cursor stands for. Raises Refusal `cursor-unfit`.

    A cursor is a place to start from and grants nothing: the reader's scope is applied to every page anew.
    """
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        if b"\\u0000" not in raw:  # PostgreSQL takes no NUL, and no cursor of ours holds one
            return msgspec.json.decode(raw, type=kind)
    except (binascii.Error, ValueError, msgspec.MsgspecError, UnicodeError) as error:
        raise Refusal("cursor-unfit", parameters=("cursor",)) from error
    raise Refusal("cursor-unfit", parameters=("cursor",))


def next_link(path: str, query: Iterable[tuple[str, Any]], cursor: str | None) -> dict[str, str]:
    """The `Link` header to the next page, or none on the last one. query: the request's own, without its cursor."""
    if cursor is None:
        return {}
    rest = [(name, value) for name, value in query if name != "cursor"]
    return {"Link": f'<{path}?{urlencode([*rest, ("cursor", cursor)])}>; rel="next"'}
