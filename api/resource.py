"""Resources: the kinds of handler there are. What is read is a GET that also answers HEAD.

Whatever is not declared public needs a principal, and leaves an access event or is a deed: an act being made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from litestar import Request
from litestar.datastructures import State
from litestar.enums import HttpMethod
from litestar.exceptions import ImproperlyConfiguredException
from litestar.handlers import HTTPRouteHandler, route
from litestar.openapi import ResponseSpec
from litestar.openapi.spec import Operation

from api.problems import MEDIA_TYPE, Problem

PUBLIC: Final = "public"
VIEWS: Final = "views"
ACCESS_EVENT: Final = "access_event"
DEED: Final = "deed"

Asked = Request[UUID, None, State]
"""A request; `user` is the actor whom the token speaks for, where one is needed."""
Handler = Callable[[Callable[..., Any]], HTTPRouteHandler]

TEXT: Final = r"^[^\x00-\x1f\x7f]*$"
"""What a text parameter may hold: no control characters, of which PostgreSQL cannot take NUL."""

_METHODS: Final = (HttpMethod.GET, HttpMethod.HEAD)
_ALWAYS: Final = (400, 404, 500, 503)
_SECURITY: Final = [{"bearer": list[str]()}]


def plain(path: str, *, media_type: str | None = None, in_schema: bool = True) -> Handler:
    """Public, and independent of any view: the log itself, pages about the product."""
    return _route(path, {PUBLIC: True}, _ALWAYS, media_type=media_type, include_in_schema=in_schema)


def public(path: str, *, media_type: str | None = None) -> Handler:
    """Public, answered from views: units, agencies, custody."""
    return _route(path, {PUBLIC: True, VIEWS: True}, _ALWAYS, media_type=media_type)


def content(path: str, what: str, *, media_type: str | None = None) -> Handler:
    """Record content: needs a principal with a rule, and leaves an access event about `what`."""
    opt = {VIEWS: True, ACCESS_EVENT: what}
    return _route(path, opt, (*_ALWAYS, 401, 403), media_type=media_type, security=_SECURITY)


def deed(path: str, method: HttpMethod, *, most: int | None = None) -> Handler:
    """An act on its way into the ledger: needs a principal, releases no content. most: bytes of the request's body."""
    problems = _problems((*_ALWAYS, 401, 403, 409, 410, 413, 422))
    more: dict[str, Any] = {} if most is None else {"request_max_body_size": most}
    methods = _METHODS if method is HttpMethod.GET else (method,)
    return route(
        path, http_method=methods, status_code=200, sync_to_thread=True, opt={DEED: True}, responses=problems,
        security=_SECURITY, **more,
    )  # fmt: skip


def what_if(
    path: str, *, most: int | None = None, method: HttpMethod = HttpMethod.POST, operation: type[Operation] = Operation
) -> Handler:
    """A question whose answer is worked out: needs a principal, releases no content, writes nothing.

    most: bytes of the request's body. operation: what the documentation says of the body.
    """
    more: dict[str, Any] = {} if most is None else {"request_max_body_size": most}
    return route(
        path, http_method=_METHODS if method is HttpMethod.GET else method, status_code=200, sync_to_thread=True,
        opt={DEED: True, VIEWS: True}, responses=_problems((*_ALWAYS, 401, 403, 413, 422)), security=_SECURITY,
        operation_class=operation, **more,
    )  # fmt: skip


def check(handler: HTTPRouteHandler) -> None:
    """Refuse to start with a handler that is neither public nor recorded nor a deed, or that does more than it says."""
    if handler.opt.get(DEED):
        if handler.opt.get(PUBLIC) or handler.opt.get(ACCESS_EVENT):
            raise ImproperlyConfiguredException(f"{handler} is a deed and nothing else")
        return
    if not handler.http_methods <= set(_METHODS):
        raise ImproperlyConfiguredException(f"{handler} answers more than GET and HEAD")
    if bool(handler.opt.get(PUBLIC)) == bool(handler.opt.get(ACCESS_EVENT)):
        raise ImproperlyConfiguredException(f"{handler} must be either public or leave an access event")


def _route(path: str, opt: Mapping[str, Any], statuses: tuple[int, ...], **rest: Any) -> Handler:
    problem = _problems(statuses)
    return route(path, http_method=_METHODS, status_code=200, sync_to_thread=True, opt=opt, responses=problem, **rest)


def _problems(statuses: tuple[int, ...]) -> dict[int, ResponseSpec]:
    return {
        status: ResponseSpec(Problem, media_type=MEDIA_TYPE, description="Problem (RFC 9457)", generate_examples=False)
        for status in statuses
    }
