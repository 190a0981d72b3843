"""Prepared acts (hành vi chờ ký): prepared here, signed where the signer's key is, submitted once.

The answer is the prepared file itself, which `act show` and `act sign` read: the exact bytes to be signed, the event
entries they commit to, and in words what they mean. No private key ever comes here.
"""

from __future__ import annotations

from typing import Annotated, Final
from uuid import UUID

import msgspec
from litestar import Response
from litestar.enums import HttpMethod
from litestar.params import Body, FromPath

from api.act_request import AnyActRequest
from api.position import POSITION
from api.resource import Asked, deed
from api.services import Wired
from domain.errors import Refusal
from ledger.prepared_file import PreparedFile

MOST_BYTES: Final = 16 * 1024 * 1024
_NOT_KEPT: Final = {"Cache-Control": "no-store"}


class ActRecorded(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Where a submitted act lies. act: its index in its log; position: the `Ledger-Position` to ask views for."""

    id: UUID
    act: int
    events: int
    position: int


@deed("/acts/prepared", HttpMethod.POST, most=MOST_BYTES)
def prepare(
    request: Asked, services: Wired, data: Annotated[AnyActRequest, Body(description="Hành vi / the act")]
) -> Response[PreparedFile]:
    """Soạn một hành vi để ký ở nơi khác / prepare an act to be signed elsewhere; asked again, the same bytes."""
    if data.id.version != 7:
        raise Refusal("parameter-unfit", names="id", parameters=("id",))
    return Response(services.desk.prepare(data, request.user), headers=_NOT_KEPT)


@deed("/acts/prepared/{act_id:uuid}", HttpMethod.GET)
def waiting(request: Asked, services: Wired, act_id: FromPath[UUID]) -> Response[PreparedFile]:
    """Hành vi đang chờ ký / an act that waits, for those who sign it."""
    return Response(services.desk.waiting(act_id, request.user), headers=_NOT_KEPT)


@deed("/acts/submitted", HttpMethod.POST, most=MOST_BYTES)
def submit(
    request: Asked, services: Wired, data: Annotated[PreparedFile, Body(description="Tệp đã ký / the signed file")]
) -> Response[ActRecorded]:
    """Nộp hành vi đã ký / submit a signed act; submitted again, the same answer."""
    receipt = services.desk.submit(data, request.user)
    recorded = ActRecorded(id=receipt.id, act=receipt.act_index, events=receipt.events, position=receipt.position)
    return Response(recorded, headers={**_NOT_KEPT, POSITION: str(receipt.position)})
