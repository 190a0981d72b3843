"""Acts (hành vi): the signed notes and their events as they lie in the ledger. Public: what is sensitive is sealed."""

from __future__ import annotations

import base64
import hashlib
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Response
from litestar.params import FromQuery, PathParameter, QueryParameter

from api import cursor as cursors
from api.representation import IMMUTABLE, Representation, answer
from api.resource import Asked, plain
from api.services import Wired
from domain.errors import Refusal
from signing.event_entry import event_entry
from signing.merkle import leaf_hash

_NOTE: Final = "SELECT note FROM main_log.act WHERE index = %s"
_RANGE: Final = "SELECT first_position, events FROM main_log.act WHERE index = %s"
_EVENTS: Final = (
    "SELECT position, originator_id, originator_version, topic, state FROM main_log.event "
    "WHERE position >= %s AND position < %s ORDER BY position LIMIT %s"
)

ActIndex = Annotated[int, PathParameter(ge=0, le=2**53, description="Số thứ tự hành vi / act index, from 0")]


class LedgerEvent(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One event at its place. payload: the stored JSON as text, so its bytes can be hashed; leafHash: base64."""

    position: int
    stream: UUID
    version: int
    type: str
    payload: str
    leaf_hash: str


class EventPage(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Some of an act's events, in order. count: of the whole act."""

    act: int
    first_position: int
    count: int
    events: tuple[LedgerEvent, ...]


@plain("/acts/{index:int}", media_type="text/plain")
def act(request: Asked, services: Wired, index: ActIndex) -> Response[bytes]:
    """Hành vi đã ký, nguyên văn / the signed note of an act, byte for byte as it was hashed."""
    with services.views.connection() as connection:
        row = connection.execute(_NOTE, (index,)).fetchone()
    if row is None:
        raise Refusal("act-unknown", index=index)
    note = bytes(row[0])
    etag = hashlib.sha256(note).hexdigest()[:32]
    return answer(request.headers, Representation(body=note, media="text/plain", etag=etag, cache=IMMUTABLE))


@plain("/acts/{index:int}/events")
def act_events(
    request: Asked,
    services: Wired,
    index: ActIndex,
    limit: Annotated[int, QueryParameter(ge=1, le=1000)] = 100,
    cursor: FromQuery[str | None] = None,
) -> Response[EventPage]:
    """Các sự kiện của một hành vi / the events of an act, with their leaf hashes; paged."""
    with services.views.connection() as connection:
        row = connection.execute(_RANGE, (index,)).fetchone()
        if row is None:
            raise Refusal("act-unknown", index=index)
        first, count = row
        start = max(first, cursors.decode(cursor, int)) if cursor else first
        rows = connection.execute(_EVENTS, (start, first + count, limit)).fetchall()
    page = EventPage(act=index, first_position=first, count=count, events=tuple(_event(*one) for one in rows))
    end = start + len(rows)
    more = cursors.encode(end) if rows and end < first + count else None
    return Response(page, headers=cursors.next_link(request.url.path, request.query_params.multi_items(), more))


def _event(position: int, stream: UUID, version: int, kind: str, state: Any) -> LedgerEvent:
    payload = bytes(state)
    hashed = leaf_hash(event_entry(stream, version, kind, payload))
    return LedgerEvent(
        position=position,
        stream=stream,
        version=version,
        type=kind,
        payload=payload.decode(),
        leaf_hash=base64.b64encode(hashed).decode(),
    )
