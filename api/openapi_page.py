"""The API's documentation as one page, made from the OpenAPI document: it works with no network at all."""

from __future__ import annotations

from html import escape
from typing import Any, Final

from litestar import Request, Response, Router
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin, OpenAPIRenderPlugin
from litestar.openapi.spec import Components, License, SecurityScheme
from typing_extensions import override

from api.pages import both, page
from api.problems import respond
from api.resource import PUBLIC
from domain.errors import Refusal

VERSION: Final = "1"


class PageRenderPlugin(OpenAPIRenderPlugin):
    """Renders the OpenAPI document as plain HTML, without a script."""

    def __init__(self) -> None:
        super().__init__(path="/")

    @override
    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        operations = "".join(
            _operation(method, path, item[method])
            for path, item in sorted(openapi_schema["paths"].items())
            for method in ("get", "post")
            if method in item
        )
        schemas = openapi_schema.get("components", {}).get("schemas", {})
        head = (
            f"<p>{both('Địa chỉ GET nhận cả HEAD.', 'A GET address takes HEAD too.')}</p>"
            '<p><a href="/schema/openapi.json">openapi.json</a> · <a href="/">Mộc Bản</a></p>'
        )
        models = "".join(_model(name, model) for name, model in sorted(schemas.items()))
        return page("API Mộc Bản", f"{head}{operations}<h2>{both('Kiểu dữ liệu', 'Types')}</h2>{models}")


def configuration() -> OpenAPIConfig:
    """The OpenAPI document and its page under `/schema`."""
    return OpenAPIConfig(
        title="Mộc Bản",
        version=VERSION,
        description="Sổ cái hồ sơ lưu trữ / a records ledger",
        license=License(name="Apache-2.0", identifier="Apache-2.0"),
        components=Components(
            security_schemes={"bearer": SecurityScheme(type="http", scheme="bearer", description="Mã truy cập / token")}
        ),
        use_handler_docstrings=True,
        render_plugins=[PageRenderPlugin(), JsonRenderPlugin()],
        openapi_router=Router(
            "/schema",
            route_handlers=[],
            include_in_schema=False,
            opt={PUBLIC: True},
            after_request=_problem_for_unknown,
        ),
    )


def _problem_for_unknown(response: Response[Any]) -> Response[Any]:
    """Litestar answers an unknown address under its documentation with a page of its own."""
    return respond(Refusal("address-unknown")) if response.status_code == 404 else response


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    key = f' <span class="key">{both("cần mã truy cập", "token")}</span>' if operation.get("security") else ""
    rows = "".join(_parameter(one) for one in operation.get("parameters", []))
    table = f"<table><tbody>{rows}</tbody></table>" if rows else ""
    about = escape(operation.get("description") or operation.get("summary") or "")
    answers = ", ".join(_answer(status, one) for status, one in sorted(operation.get("responses", {}).items()))
    return f"<h3><code>{method.upper()} {escape(path)}</code>{key}</h3><p>{about}</p>{table}<p>{answers}</p>"


def _parameter(one: dict[str, Any]) -> str:
    needed = both("bắt buộc", "required") if one.get("required") else ""
    kind = _kind(one.get("schema", {}))
    about = escape(one.get("description") or "")
    return f"<tr><th><code>{escape(one['name'])}</code></th><td>{kind}</td><td>{needed}</td><td>{about}</td></tr>"


def _answer(status: str, one: dict[str, Any]) -> str:
    kinds = {_kind(media.get("schema", {})) for media in one.get("content", {}).values()}
    return f"<code>{escape(status)}</code> {' '.join(sorted(kinds))}"


def _model(name: str, model: dict[str, Any]) -> str:
    rows = "".join(
        f"<tr><th><code>{escape(field)}</code></th><td>{_kind(schema)}</td></tr>"
        for field, schema in model.get("properties", {}).items()
    )
    about = escape(model.get("description") or "")
    return f'<h3 id="{escape(name)}">{escape(name)}</h3><p>{about}</p><table><tbody>{rows}</tbody></table>'


def _kind(schema: dict[str, Any]) -> str:
    """A schema in few words, as HTML."""
    if reference := schema.get("$ref"):
        name = escape(str(reference).rsplit("/", 1)[-1])
        return f'<a href="#{name}">{name}</a>'
    for one_of in ("oneOf", "anyOf", "allOf"):
        if one_of in schema:
            return " | ".join(_kind(each) for each in schema[one_of])
    if "items" in schema and isinstance(schema["items"], dict):
        return f"{_kind(schema['items'])}[]"
    if "enum" in schema:
        return " | ".join(f"<code>{escape(str(value))}</code>" for value in schema["enum"])
    kind = schema.get("type", "")
    return escape(" | ".join(kind) if isinstance(kind, list) else str(kind))
