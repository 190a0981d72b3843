"""Reorganizations (sắp xếp): what a plan would bring, before it is law. Nothing is written by asking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Response
from litestar.datastructures import UploadFile
from litestar.enums import HttpMethod, RequestEncodingType
from litestar.openapi.spec import OpenAPIFormat, OpenAPIMediaType, OpenAPIType, Operation, RequestBody, Schema
from litestar.params import Body, FromPath, QueryParameter, RawBody

from api.problems import MEDIA_TYPE
from api.representation import CONTENT
from api.resource import TEXT, what_if
from api.services import PREVIEW_MEDIA, PreviewForm, PreviewWish, Wired
from domain.errors import Refusal

MOST_BYTES: Final = 4_000_000
"""Of one plan."""
MOST_OF_TWO: Final = 2 * MOST_BYTES + 10_000
_ONE: Final = "một đơn vị: mã@ngày hoặc id / one unit: code@day or id"
_AGAINST: Final = "so với phương án đã dự thảo có mã này / beside the drafted plan of this id"
_FORM: Final = "báo cáo, bảng tính, hoặc hình / a report, a workbook, or (of one unit or former district) a picture"
_PLAN: Final = "Tệp phương án: YAML, JSON hoặc XLSX / a plan file"
Unit = Annotated[str | None, QueryParameter(max_length=60, pattern=TEXT, description=_ONE)]
District = Annotated[
    str | None, QueryParameter(max_length=20, pattern=TEXT, description="một huyện cũ, theo mã / a former district")
]
Against = Annotated[UUID | None, QueryParameter(description=_AGAINST)]
Form = Annotated[PreviewForm, QueryParameter(name="format", description=_FORM)]


class TwoPlans(msgspec.Struct, frozen=True, kw_only=True):
    """Hai tệp phương án / a plan file, and the one that it is compared with."""

    plan: UploadFile
    against: UploadFile


@dataclass
class OfPlanFile(Operation):
    """The documentation of a request whose body is a plan file, whatever it calls itself."""

    def __post_init__(self) -> None:
        text, binary = Schema(type=OpenAPIType.STRING), Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
        kinds = {
            "application/yaml": text,
            "application/json": Schema(type=OpenAPIType.OBJECT),
            PREVIEW_MEDIA[PreviewForm.XLSX]: binary,
        }
        content = {kind: OpenAPIMediaType(schema=schema) for kind, schema in kinds.items()}
        self.request_body = RequestBody(content=content, description=_PLAN, required=True)


@what_if("/reorganizations/preview", most=MOST_BYTES, operation=OfPlanFile)
def preview(
    body: RawBody,
    services: Wired,
    unit: Unit = None,
    former_district: District = None,
    against: Against = None,
    form: Form = PreviewForm.JSON,
) -> Response[bytes]:
    """Xem trước một phương án trong thân yêu cầu, không ghi gì / what a plan in the body would bring; no act."""
    wish = PreviewWish(plan=body, against=against, unit=unit, former_district=former_district, form=form)
    return _answered(services, wish)


@what_if("/reorganizations/comparison", most=MOST_OF_TWO)
def comparison(
    data: Annotated[TwoPlans, Body(media_type=RequestEncodingType.MULTI_PART)],
    services: Wired,
    unit: Unit = None,
    former_district: District = None,
    form: Form = PreviewForm.JSON,
) -> Response[bytes]:
    """Xem trước một phương án bên cạnh phương án khác / what a plan would bring, beside another plan; no act."""
    plan, against = _bytes(data.plan), _bytes(data.against)
    wish = PreviewWish(plan=plan, against=against, unit=unit, former_district=former_district, form=form)
    return _answered(services, wish)


@what_if("/reorganizations/{reorganization_id:uuid}/preview", method=HttpMethod.GET)
def drafted_preview(
    services: Wired,
    reorganization_id: FromPath[UUID],
    unit: Unit = None,
    former_district: District = None,
    against: Against = None,
    form: Form = PreviewForm.JSON,
) -> Response[bytes]:
    """Xem trước phương án đã dự thảo / what a drafted plan would bring; no act."""
    wish = PreviewWish(plan=reorganization_id, against=against, unit=unit, former_district=former_district, form=form)
    return _answered(services, wish)


def _bytes(part: UploadFile) -> bytes:
    """A part of the body. Raises Refusal `plan-file-too-large`."""
    told: Any = part.file.read(MOST_BYTES + 1)
    if len(told) > MOST_BYTES:
        raise Refusal("plan-file-too-large", limit=MOST_BYTES)
    return bytes(told)


def _answered(services: Wired, wish: PreviewWish) -> Response[bytes]:
    status, told = services.previews.made(wish)
    media = MEDIA_TYPE if status >= 400 else PREVIEW_MEDIA[wish.form]
    headers = {"Cache-Control": CONTENT}
    if status < 400 and wish.form is PreviewForm.XLSX:
        headers["Content-Disposition"] = 'attachment; filename="xem-truoc.xlsx"'
    return Response(told, status_code=status, media_type=media, headers=headers)
