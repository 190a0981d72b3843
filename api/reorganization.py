"""Reorganizations (sắp xếp): what a plan would bring, before it is law. Nothing is written by asking."""

from __future__ import annotations

from typing import Annotated, Final

from litestar import Response
from litestar.enums import MediaType
from litestar.params import QueryParameter

from api.representation import CONTENT
from api.resource import TEXT, what_if
from api.services import Wired

MOST_BYTES: Final = 4_000_000
_ONE: Final = "một đơn vị: mã@ngày hoặc id / one unit: code@day or id"
Unit = Annotated[str | None, QueryParameter(max_length=60, pattern=TEXT, description=_ONE)]
District = Annotated[
    str | None, QueryParameter(max_length=20, pattern=TEXT, description="một huyện cũ, theo mã / a former district")
]


@what_if("/reorganizations/preview", most=MOST_BYTES)
def preview(body: bytes, services: Wired, unit: Unit = None, former_district: District = None) -> Response[bytes]:
    """Xem trước một phương án (YAML hoặc JSON trong thân yêu cầu), không ghi gì / what a plan would bring; no act."""
    status, told = services.previews.report(body, unit, former_district)
    media = "application/problem+json" if status >= 400 else MediaType.JSON
    return Response(told, status_code=status, media_type=media, headers={"Cache-Control": CONTENT})
