"""The pages and the OpenAPI document: complete, bilingual, and from here alone."""

from __future__ import annotations

import re

import pytest

from tests.api.conftest import Client
from tests.api.test_readings import guarded, routes

_OFF_SITE = re.compile(
    r"(?:src|href|action)\s*=\s*[\"']?\s*(?:https?:)?//|@import|url\(|<script|<style|style=|onclick="
)


@pytest.mark.parametrize("path", ["/", "/schema"])
def test_pages_need_nothing_from_elsewhere(client: Client, path: str) -> None:
    """Given a page, when read, then no script, no inline style and no address of another place is in it."""
    answer = client.get(path)
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["content-security-policy"].startswith("default-src 'self'")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert not _OFF_SITE.search(answer.text)
    assert 'lang="vi"' in answer.text
    assert 'lang="en"' in answer.text
    sheets = re.findall(r'rel="stylesheet" href="([^"]+)"', answer.text)
    assert [client.get(sheet).headers["content-type"] for sheet in sheets] == ["text/css; charset=utf-8"]


DEEDS = {
    "/acts/prepared", "/acts/prepared/{act_id}", "/acts/submitted", "/reorganizations/preview",
    "/reorganizations/{reorganization_id}/preview", "/reorganizations/comparison",
}  # fmt: skip
"""What makes acts, and so releases no content."""


def test_every_door_of_the_front_page_opens(client: Client) -> None:
    """Given the front page, when each link is followed, then it answers."""
    for path in re.findall(r'<li><a href="([^"]+)"', client.get("/").text):
        assert client.get(path).status_code == 200, path


def test_the_document_lists_every_resource_with_its_guard(client: Client) -> None:
    """Given the OpenAPI document, when compared with the routes, then all are there and guarded ones say so."""
    document = client.get("/schema/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    bare = {re.sub(r":(?:uuid|int|path|str)\}", "}", path): path for path, _ in routes(client)}
    hidden = {"/", "/style.css", "/schema", "/schema/openapi.json", "/schema/{path}"}
    assert set(document["paths"]) == set(bare) - hidden | DEEDS
    for path, item in document["paths"].items():
        operation = item.get("get") or item["post"]
        assert bool(operation.get("security")) is (path in DEEDS or bare[path] in guarded(client)), path
        assert " / " in operation["description"], path
        assert "application/problem+json" in operation["responses"]["404"]["content"], path


def test_the_page_shows_every_operation(client: Client) -> None:
    """Given the OpenAPI page, when read, then each path of the document is on it."""
    page, document = client.get("/schema").text, client.get("/schema/openapi.json").json()
    assert all(
        f"{method.upper()} {path}" in page
        for path, item in document["paths"].items()
        for method in item.keys() & {"get", "post"}
    )


def test_health_counts_what_the_ledger_holds(client: Client) -> None:
    """Given a ledger, when its health is asked, then acts and events are counted."""
    told = client.get("/health").json()
    assert told["status"] == "ok"
    assert told["events"] == told["folded"] >= told["acts"] > 10
