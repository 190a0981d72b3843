"""The log as published: checkpoint, tiles, proofs; byte for byte as C2SP tlog-tiles and tlog-proof have them.

Public, because it holds commitments and no content. Of the log of reading only the checkpoint is public.
"""

from __future__ import annotations

import hashlib
import re
from typing import Annotated, Final

from litestar import Response
from litestar.params import FromPath, PathParameter

from api.representation import CHANGING, IMMUTABLE, Representation, answer
from api.resource import Asked, plain
from api.services import Wired
from domain.errors import Refusal

_TEXT: Final = "text/plain"
_BYTES: Final = "application/octet-stream"
_TILE: Final = re.compile(
    r"(?:[0-9]|[1-5][0-9]|6[0-3]|entries|events|positions)/(?:x[0-9]{3}/)*[0-9]{3}(?:\.p/[1-9][0-9]{0,2})?"
)


@plain("/checkpoint", media_type=_TEXT)
def checkpoint(request: Asked, services: Wired) -> Response[bytes]:
    """Điểm kiểm tra đã ký mới nhất / the latest signed checkpoint of the log."""
    return _checkpoint(request, "main_log", services.log.checkpoint())


@plain("/access/checkpoint", media_type=_TEXT)
def access_checkpoint(request: Asked, services: Wired) -> Response[bytes]:
    """Điểm kiểm tra của nhật ký khai thác / the latest signed checkpoint of the log of reading."""
    return _checkpoint(request, "access_log", services.access_checkpoint())


@plain("/tile/{path:path}", media_type=_BYTES)
def tile(request: Asked, services: Wired, path: FromPath[str]) -> Response[bytes]:
    """Một mảnh của nhật ký / a tile, entry bundle, event bundle or positions sidecar of the log."""
    name = path.removeprefix("/")
    body = services.log.tile(f"tile/{name}") if _TILE.fullmatch(name) else None
    if body is None:
        raise Refusal("tile-unknown")
    return answer(request.headers, _representation(body, _BYTES, IMMUTABLE))


@plain("/proof/{position:int}", media_type=_TEXT)
def proof(request: Asked, services: Wired, position: Annotated[int, PathParameter(ge=0, le=2**53)]) -> Response[bytes]:
    """Chứng cứ của một sự kiện / the tlog-proof of the event at a position of the ledger."""
    return answer(request.headers, _representation(services.log.proof(position), _TEXT, CHANGING))


def _checkpoint(request: Asked, log: str, note: bytes | None) -> Response[bytes]:
    if not note:
        raise Refusal("nothing-published", log=log)
    return answer(request.headers, _representation(note, _TEXT, CHANGING))


def _representation(body: bytes, media: str, cache: str) -> Representation:
    return Representation(body=body, media=media, etag=hashlib.sha256(body).hexdigest()[:32], cache=cache)
