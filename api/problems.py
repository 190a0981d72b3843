"""Problems: what a refusal or a failure looks like over HTTP (RFC 9457). The one place that knows HTTP numbers.

A problem carries texts and public facts of the refusal, never a stack trace, a value that was sent, or content.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec
import psycopg
import psycopg_pool
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from domain.errors import Refusal
from signing.verification_error import VerificationError

MEDIA_TYPE: Final = "application/problem+json"
RETRY_SECONDS: Final = 2
TYPE_PREFIX: Final = "urn:mocban:problem:"

_log = logging.getLogger("mocban.api")

STATUS: Final[Mapping[str, int]] = {
    "unit-code-without-date": 400, "date-impossible": 400, "parameter-unfit": 400, "cursor-unfit": 400,
    "parameter-unknown": 400,
    "preview-picture-too-wide": 400,
    "request-refused": 400,
    "token-missing": 401, "token-unfit": 401,
    "access-denied": 403, "principal-unknown": 403, "act-not-yours": 403, "act-not-permitted": 403,
    "address-unknown": 404, "unit-unknown": 404, "unit-not-existing": 404, "agency-unknown": 404, "file-unknown": 404,
    "fonds-unknown": 404,
    "document-unknown": 404, "document-not-digitized": 404, "handover-unknown": 404, "reorganization-unknown": 404,
    "act-unknown": 404, "position-unknown": 404, "tile-unknown": 404, "nothing-published": 404,
    "timestamp-file-unknown": 404,
    "method-unfit": 405,
    "prepared-act-unknown": 404,
    "act-id-reused": 409, "act-recovered": 409, "prepared-act-stale": 409,
    "sealed-value-gone": 410, "prepared-act-expired": 410, "prepared-act-content-gone": 410,
    "plan-file-too-large": 413,
    "range-unfit": 416,
    "request-failed": 500, "content-unreadable": 500,
    "access-not-recorded": 503, "views-behind": 503, "position-not-reached": 503, "database-away": 503,
    "position-not-published": 503, "ledger-unreachable": 503, "ledger-closed": 503,
    "acts-not-taken": 503, "registry-moved": 503, "preview-busy": 503,
}  # fmt: skip
"""Code -> status. Codes that are not here are decisions that the domain refused: 409 where it is already so, 422."""

_TITLES: Final[Mapping[int, tuple[str, str]]] = {
    400: ("Yêu cầu không hợp lệ", "Bad request"),
    401: ("Chưa xác thực", "Not authenticated"),
    403: ("Không được phép", "Not permitted"),
    404: ("Không tìm thấy", "Not found"),
    405: ("Phương thức không được nhận", "Method not allowed"),
    409: ("Đã có rồi", "Already so"),
    410: ("Không còn nữa", "Gone"),
    413: ("Yêu cầu quá lớn", "Request too large"),
    416: ("Ngoài khoảng của tệp", "Range not satisfiable"),
    422: ("Không được chấp nhận", "Refused"),
    429: ("Quá nhiều yêu cầu", "Too many requests"),
    500: ("Lỗi bên trong", "Internal failure"),
    503: ("Chưa sẵn sàng", "Not available"),
}


# Litestar tells a missing parameter in words only; the name there is the declared one, not what was sent.
_MISSING: Final = re.compile(r"Missing required \w+ parameter '([\w-]+)'")


class Problem(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """An RFC 9457 problem. type: stable URI of the code; title, detail: Vietnamese, with English beside them.

    parameters: names of the parameters at fault, never their values.
    """

    type: str
    title: str
    title_en: str
    status: int
    code: str
    detail: str
    detail_en: str
    parameters: tuple[str, ...] = ()


def status_of(code: str) -> int:
    """The HTTP status of a refusal's code."""
    return STATUS.get(code) or (409 if "-already-" in code else 422)


def problem_of(refusal: Refusal, status: int | None = None, parameters: tuple[str, ...] = ()) -> Problem:
    """The problem that a refusal is told as."""
    status = status or status_of(refusal.code)
    title, title_en = _TITLES.get(status, _TITLES[422 if status < 500 else 500])
    return Problem(
        type=TYPE_PREFIX + refusal.code,
        title=title,
        title_en=title_en,
        status=status,
        code=refusal.code,
        detail=refusal.vi,
        detail_en=refusal.en,
        parameters=parameters,
    )


def headers_of(refusal: Refusal) -> dict[str, str]:
    """The headers that belong to a refusal (RFC 6750 section 3, RFC 9110 section 10.2.3 and 14.4)."""
    headers = {"Cache-Control": "no-store", "Content-Language": "vi, en"}
    match status_of(refusal.code):
        case 401:
            error = ', error="invalid_token"' if refusal.code == "token-unfit" else ""
            headers["WWW-Authenticate"] = f'Bearer realm="mocban"{error}'
        case 416:
            headers["Content-Range"] = f"bytes */{refusal.facts.get('size', '*')}"
        case 503:
            headers["Retry-After"] = str(refusal.facts.get("seconds", RETRY_SECONDS))
        case _:
            pass
    return headers


def respond(
    refusal: Refusal,
    *,
    status: int | None = None,
    parameters: tuple[str, ...] = (),
    headers: Mapping[str, str] | None = None,
) -> Response[bytes]:
    """The response that tells a refusal."""
    problem = problem_of(refusal, status, parameters)
    return Response(
        msgspec.json.encode(problem),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers={**headers_of(refusal), **(headers or {})},
    )


Asked = Request[Any, Any, Any]


def _on_refusal(_request: Asked, refusal: Refusal) -> Response[bytes]:
    named = refusal.facts.get("parameters")
    return respond(refusal, parameters=named if isinstance(named, tuple) else ())


def _on_validation(_request: Asked, error: ValidationException) -> Response[bytes]:
    found = error.extra if isinstance(error.extra, list) else []
    names = tuple(sorted({str(item["key"]) for item in found if isinstance(item, dict) and "key" in item}))
    if not names and (missing := _MISSING.match(error.detail)):
        names = (missing[1],)
    return respond(Refusal("parameter-unfit", names=", ".join(names) or "?"), parameters=names)


def _on_http(_request: Asked, error: HTTPException) -> Response[bytes]:
    if error.status_code == 404:
        return respond(Refusal("address-unknown"))
    if error.status_code == 405:
        allowed = (error.headers or {}).get("allow", "GET, HEAD, OPTIONS")
        return respond(Refusal("method-unfit", allowed=allowed), headers={"Allow": allowed})
    if error.status_code >= 500:
        return _on_anything(_request, error)
    return respond(Refusal("request-refused"), status=error.status_code)


def _on_depth(_request: Asked, _error: RecursionError) -> Response[bytes]:
    """Nothing of ours goes down that deep: only what was sent can."""
    return respond(Refusal("request-refused"))


def _on_database(_request: Asked, error: Exception) -> Response[bytes]:
    _log.error("cơ sở dữ liệu không trả lời · the database does not answer: %s", type(error).__name__)
    return respond(Refusal("database-away", seconds=RETRY_SECONDS))


def _on_tampering(request: Asked, error: VerificationError) -> Response[bytes]:
    _log.error(
        "%s: nội dung lưu giữ không kiểm được · what is kept fails verification (%s)",
        request.scope.get("path_template", "?"),
        error.code,
    )
    return respond(Refusal("content-unreadable"))


def _on_anything(request: Asked, error: Exception) -> Response[bytes]:
    # The name of the class and where, never the message: it could hold a value that was sent or read.
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = trace.tb_frame.f_code.co_qualname if trace is not None else "?"
    _log.error("%s: có lỗi · failed: %s in %s", request.scope.get("path_template", "?"), type(error).__name__, place)
    return respond(Refusal("request-failed"))


EXCEPTION_HANDLERS: Final[dict[type[Exception] | int, Any]] = {
    Refusal: _on_refusal,
    ValidationException: _on_validation,
    HTTPException: _on_http,
    psycopg.OperationalError: _on_database,
    psycopg_pool.PoolTimeout: _on_database,
    VerificationError: _on_tampering,
    RecursionError: _on_depth,
    Exception: _on_anything,
}
"""Every exception there is becomes a problem."""
