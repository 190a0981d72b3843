"""Searching (tra cứu) files and documents: only what the reader may use is found; a page is one reading."""

from __future__ import annotations

from typing import Annotated, Final
from uuid import UUID

import msgspec
from litestar import Response
from litestar.params import FromQuery, QueryParameter

from api import cursor as cursors
from api.civil_day import partial_day
from api.representation import CONTENT
from api.resource import TEXT, Asked, content
from api.scope import permit_page, scope_of
from api.services import Wired
from projections.scope import AccessScope
from projections.search_queries import MAX_HITS, Hit, Mark, mark_of, search
from projections.view import Connection

MOST: Final = 100
_ROUNDS: Final = 5
"""How many batches are looked through for one page between two dates; then the page is short and its link goes on."""

_WORDS: Final = QueryParameter(
    min_length=1, max_length=200, pattern=TEXT, description="Từ ngữ, số ký hiệu / words, number"
)
_FROM: Final = QueryParameter(name="from", description="Từ ngày, tháng hoặc năm / from day, month or year")
_TO: Final = QueryParameter(name="to", description="Đến hết ngày, tháng hoặc năm / to the end of a day, month or year")


class Found(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Một kết quả / a file or document found. dated: as far as the paper says; exact: with the marks as typed."""

    id: UUID
    kind: str
    file: UUID
    file_code: str
    title: str | None
    number: str
    dated: str
    exact: bool


class FoundPage(msgspec.Struct, frozen=True, kw_only=True):
    """Một trang kết quả / a page of hits; the next page is in the Link header."""

    hits: tuple[Found, ...]
    cursor: str | None


@content("/search", "search")
def find(
    request: Asked,
    services: Wired,
    q: Annotated[
        str,
        QueryParameter(
            min_length=1, max_length=200, pattern=TEXT, description="Từ ngữ hoặc số ký hiệu / words or number"
        ),
    ],
    since: Annotated[str | None, _FROM] = None,
    until: Annotated[str | None, _TO] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=MOST)] = 20,
    cursor: FromQuery[str | None] = None,
) -> Response[FoundPage]:
    """Tra cứu có dấu hoặc không dấu / search with or without marks, and by document number."""
    dates = (partial_day(since, "from") if since else "", partial_day(until, "to") if until else "")
    after = cursors.decode(cursor, Mark) if cursor else None
    with services.views.connection() as connection:
        scope = scope_of(request, services, connection)
        hits, more = _between(connection, scope, q, limit, after, dates)
        shown = permit_page(request, connection, scope, [(hit.id, hit.file) for hit in hits])
    place = cursors.encode(more) if more is not None else None
    page = FoundPage(
        hits=tuple(msgspec.convert(hit, Found, from_attributes=True) for hit in hits if hit.id in shown), cursor=place
    )
    links = cursors.next_link(request.url.path, request.query_params.multi_items(), place)
    return Response(page, headers={"Cache-Control": CONTENT, **links})


def _between(
    connection: Connection, scope: AccessScope, text: str, limit: int, after: Mark | None, dates: tuple[str, str]
) -> tuple[list[Hit], Mark | None]:
    """At most `limit` hits that may be dated between two partial dates, and where to go on."""
    size = limit + 1 if dates == ("", "") else MAX_HITS
    kept: list[Hit] = []
    for _ in range(_ROUNDS):
        batch = search(connection, scope, text, size, after)
        for hit in batch:
            if _is_between(hit.dated, *dates):
                if len(kept) == limit:
                    return kept, mark_of(kept[-1])
                kept.append(hit)
            after = mark_of(hit)
        if len(batch) < size:
            return kept, None
    return kept, after


def _is_between(dated: str, since: str, until: str) -> bool:
    """Whether a partial date may lie between two partial dates, ends included; what has no date lies nowhere."""
    if not since and not until:
        return True
    return bool(dated) and f"{dated}~" >= since and (not until or dated <= f"{until}~")
