"""Problems: every refusal and failure is told in two languages, with a stable code and nothing that leaks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import psycopg
import pytest
from litestar.params import FromPath
from litestar.testing import TestClient

from api import cursor
from api.app import HANDLERS, create_app
from api.parameters import taken
from api.problems import STATUS, status_of
from api.resource import plain
from api.services import Services
from domain.errors import TEXTS, Refusal
from ledger.log_store import LogStore
from signing.verification_error import VerificationError
from tests.api.archive import Archive
from tests.api.conftest import Client, facts

NUL_CURSOR = cursor.encode("\0")
SECRET = "Nguyễn Thị Bí Mật"


@plain("/failing/{kind:str}")
def failing(kind: FromPath[str]) -> None:
    """Fails in every way there is."""
    match kind:
        case "bug":
            raise ValueError(SECRET)
        case "refusal":
            raise Refusal("agency-already-established", code="G09")
        case "database":
            raise psycopg.OperationalError(SECRET)
        case "tampering":
            raise VerificationError("seal", SECRET)
        case _:
            raise AssertionError(SECRET)


@pytest.fixture
def frail(services: Services) -> Iterator[Client]:
    """An application with a resource that fails."""
    with TestClient(create_app(services, [failing]), raise_server_exceptions=False) as opened:
        yield opened


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("bug", 500, "request-failed"),
        ("refusal", 409, "agency-already-established"),
        ("database", 503, "database-away"),
        ("tampering", 500, "content-unreadable"),
    ],
)
def test_a_failure_is_a_problem_and_says_nothing_else(
    frail: Client, caplog: pytest.LogCaptureFixture, kind: str, status: int, code: str
) -> None:
    """Given a handler that fails, when asked, then a problem comes back, and neither it nor the log holds a value."""
    answer = frail.get(f"/failing/{kind}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["type"] == f"urn:mocban:problem:{code}"
    assert (told["code"], told["status"]) == (code, status)
    assert told["title"] != told["titleEn"]
    assert told["detail"] != told["detailEn"]
    assert SECRET not in answer.text + caplog.text
    assert "Traceback" not in answer.text + caplog.text


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "address-unknown"),
        ("GET", "/schema/nowhere", 404, "address-unknown"),
        ("GET", "/units/not-an-id", 404, "address-unknown"),
        ("POST", "/checkpoint", 405, "method-unfit"),
        ("DELETE", "/units", 405, "method-unfit"),
        ("GET", "/units?code=00001", 400, "unit-code-without-date"),
        ("GET", "/units?on=2025-13-01", 400, "date-impossible"),
        ("GET", "/units?on=2025", 400, "date-impossible"),
        ("GET", "/units?level=galaxy", 400, "parameter-unfit"),
        ("GET", "/units?code=00001&on=1990-01-01", 404, "unit-not-existing"),
        ("GET", "/units/00000000-0000-0000-0000-000000000000", 404, "unit-unknown"),
        ("GET", "/acts/9999", 404, "act-unknown"),
        ("GET", "/units?code=%00&on=2025-07-01", 400, "parameter-unfit"),
        ("GET", f"/acts/0/events?cursor={NUL_CURSOR}", 400, "cursor-unfit"),
        ("GET", "/acts/-1", 400, "parameter-unfit"),
        ("GET", "/acts/9999/events", 404, "act-unknown"),
        ("GET", "/acts/0/events?cursor=%00", 400, "cursor-unfit"),
        ("GET", "/units?date=2025-07-01", 400, "parameter-unknown"),
        ("GET", "/units?on=2025-06-30&on=2025-07-01", 400, "parameter-unknown"),
        ("GET", "/files/00000000-0000-0000-0000-000000000000/history?on=2025-07-01", 400, "parameter-unknown"),
        ("GET", "/proof/0?classic=true", 400, "parameter-unknown"),
        ("GET", "/acts/0/events?limit=0", 400, "parameter-unfit"),
        ("GET", "/tile/0/000", 404, "tile-unknown"),
        ("GET", "/tile/9/000", 404, "tile-unknown"),
        ("GET", "/tile/entries/x001/000", 404, "tile-unknown"),
        ("GET", "/tile/0/%2e%2e/%2e%2e/keys/secret", 404, "tile-unknown"),
        ("GET", "/proof/99999", 404, "position-unknown"),
    ],
)
def test_what_cannot_be_answered_is_a_problem(client: Client, method: str, path: str, status: int, code: str) -> None:
    """Given a request that cannot be answered, when sent, then the problem's code says why."""
    answer = client.request(method, path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-security-policy"].startswith("default-src 'self'")


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("/units?parent=not-a-uuid", "parent"),
        ("/units?on=2025-02-30", "on"),
        ("/units?code=00256", "on"),
        ("/acts/0/events?cursor=!", "cursor"),
        ("/acts/0/events?limit=many", "limit"),
    ],
)
def test_a_problem_names_the_parameter_at_fault(client: Client, path: str, parameter: str) -> None:
    """Given a malformed or missing parameter, when refused, then its name is told; a value of the wrong type is not."""
    answer = client.get(path)
    assert answer.json()["parameters"] == [parameter]
    assert "not-a-uuid" not in answer.text
    assert "many" not in answer.text


def test_a_wrong_method_is_told_the_right_ones(client: Client) -> None:
    """Given a method that is not taken, when sent, then Allow lists those that are."""
    assert {"GET", "HEAD"} <= set(client.post("/checkpoint").headers["allow"].split(", "))


@pytest.mark.parametrize("path", ["/checkpoint", "/access/checkpoint", "/tile/0/000.p/1"])
def test_before_the_first_checkpoint_nothing_is_published(
    services: Services, archive: Archive, tmp_path: Path, path: str
) -> None:
    """Given logs without a checkpoint, when asked for what is published, then the problem says so."""
    empty = {"log": LogStore(archive.main, tmp_path), "access_log": LogStore(archive.access, tmp_path)}
    with TestClient(create_app(msgspec.structs.replace(services, **empty))) as client:
        assert facts(client.get(path)) == (404, "nothing-published")


def test_every_code_of_the_map_has_texts_and_every_text_a_status() -> None:
    """Given the map of statuses, when compared with the texts, then no code is misspelt and each has a status."""
    assert set(STATUS) <= set(TEXTS)
    assert all(400 <= status_of(code) < 600 for code in TEXTS)


def test_what_an_address_takes_is_what_its_documentation_names(client: Client) -> None:
    """Given every address of the documentation, then it takes the parameters named there, and the pages any."""
    paths = client.get("/schema/openapi.json").json()["paths"]
    named = {
        (path, method): {one["name"] for one in operation.get("parameters", []) if one["in"] == "query"}
        for path, operations in paths.items()
        for method, operation in operations.items()
    }
    taken_by = {
        (re.sub(":[a-z]+}", "}", path), method.lower()): taken(handler)
        for handler in HANDLERS
        for path in handler.paths
        for method in handler.http_methods
    }
    assert {key: taken_by[key] for key in named} == named
    assert sum(map(len, named.values())) > 30
    assert client.get("/?anything=1").status_code == 200
    assert client.get("/checkpoint?anything=1").status_code == 200
