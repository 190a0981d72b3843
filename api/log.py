"""The log as published: checkpoint, tiles, proofs; byte for byte as C2SP tlog-tiles and tlog-proof have them.

Public, because it holds commitments and no content. Of the log of reading only the checkpoint is public.
"""

from __future__ import annotations

import hashlib
from typing import Annotated, Final

from litestar import Response
from litestar.params import FromPath, PathParameter, QueryParameter

from api.representation import CHANGING, IMMUTABLE, Representation, answer
from api.resource import Asked, plain
from api.services import Services, Wired
from domain.errors import Refusal
from signing.tile import TILE_WIDTH, TilePath, parse_tile_path
from signing.verification_error import VerificationError

_TEXT: Final = "text/plain"
_BYTES: Final = "application/octet-stream"
_EVENTS: Final = "SELECT first_position + events FROM main_log.act WHERE index = %s"

Position = Annotated[int, PathParameter(ge=0, le=2**53, description="Vị trí sự kiện / the event's position, from 0")]

Classical = Annotated[
    bool, QueryParameter(description="Bỏ chữ ký ML-DSA-44 / leave the checkpoint's ML-DSA-44 signature out")
]


@plain("/checkpoint", media_type=_TEXT)
def checkpoint(request: Asked, services: Wired) -> Response[bytes]:
    """Điểm kiểm đã ký mới nhất / the latest signed checkpoint of the log."""
    return answer(request.headers, _representation(services.log.checkpoint()[1], _TEXT, CHANGING))


@plain("/access/checkpoint", media_type=_TEXT)
def access_checkpoint(request: Asked, services: Wired) -> Response[bytes]:
    """Điểm kiểm của nhật ký khai thác / the latest signed checkpoint of the log of reading."""
    return answer(request.headers, _representation(services.access_log.checkpoint()[1], _TEXT, CHANGING))


@plain("/tile/{path:path}", media_type=_BYTES)
def tile(request: Asked, services: Wired, path: FromPath[str]) -> Response[bytes]:
    """Một mảnh của nhật ký / a tile, entry bundle, event bundle or positions sidecar of the log."""
    name = f"tile/{path.removeprefix('/')}"
    try:
        parsed = parse_tile_path(name)
        if _end(parsed) > _published(services, parsed):
            raise Refusal("tile-unknown")
        body = services.log.tiles.read(name)
    except (FileNotFoundError, VerificationError) as error:
        raise Refusal("tile-unknown") from error
    return answer(request.headers, _representation(body, _BYTES, IMMUTABLE))


@plain("/proof/{position:int}", media_type=_TEXT)
def proof(request: Asked, services: Wired, position: Position, classical: Classical = False) -> Response[bytes]:
    """Chứng cứ của một sự kiện / the tlog-proof of the event at a position of the ledger.

    The same position is proven anew under each checkpoint, so it is asked for again with its tag.
    """
    body = services.log.proof_for(position, classical=classical)
    return answer(request.headers, _representation(body, _TEXT, CHANGING))


@plain("/timestamps", media_type=_TEXT)
def timestamps(request: Asked, services: Wired) -> Response[bytes]:
    """Tên các tệp dấu thời gian / names of the files below, one a line: what was stamped, and each answer."""
    names = services.log.timestamps.names(services.log.checkpoint()[0].size)
    return answer(request.headers, _representation("".join(f"{one}\n" for one in names).encode(), _TEXT, CHANGING))


@plain("/timestamps/{name:str}", media_type=_BYTES)
def timestamp(request: Asked, services: Wired, name: FromPath[str]) -> Response[bytes]:
    """Dấu thời gian RFC 3161 / `<size>.checkpoint`, or an authority's answer over it, `<size>.<authority>.tsr`."""
    try:
        body = services.log.timestamps.read(name)
    except FileNotFoundError as error:
        raise Refusal("timestamp-file-unknown") from error
    return answer(request.headers, _representation(body, _BYTES, IMMUTABLE))


def _end(tile_path: TilePath) -> int:
    """How many acts (of an event bundle: events) there must be for the tile to be complete."""
    level = tile_path.kind if isinstance(tile_path.kind, int) else 0
    return int((tile_path.number * TILE_WIDTH + tile_path.width) * TILE_WIDTH**level)


def _published(services: Services, tile_path: TilePath) -> int:
    """How many acts or events the served checkpoint covers: what lies beyond it is written but not yet signed."""
    size = services.log.checkpoint()[0].size
    if tile_path.kind != "events":
        return size
    with services.views.connection() as connection:
        row = connection.execute(_EVENTS, (size - 1,)).fetchone()
    return int(row[0]) if row else 0


def _representation(body: bytes, media: str, cache: str) -> Representation:
    etag = hashlib.sha256(body).hexdigest()[:32]
    return Representation(body=body, media=media, etag=etag, cache=cache, ranges=cache == IMMUTABLE)
