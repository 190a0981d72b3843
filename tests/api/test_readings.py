"""Reading is an act: who may not read gets nothing, who may leaves one event, and without the log there is no data."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from litestar.exceptions import ImproperlyConfiguredException
from litestar.handlers import get
from litestar.testing import TestClient

from api import reading
from api.app import create_app
from api.resource import ACCESS_EVENT, DEED, PUBLIC
from api.services import AccessJournal, Services
from domain.access import AccessRule, ReadDenied, RecordRead
from tests.api.archive import CONTENT, OCR, PDF, Archive, named
from tests.api.conftest import Client, Headers, Issue, facts
from tests.api.desk import FailingJournal, FullJournal, RememberingJournal, SilentJournal

_IDS = {
    "document_id": named("document"), "file_id": named("file"), "unit_id": named("old"), "agency_id": named("creator"),
    "fonds_id": named("fonds"),
    "index": 0, "position": 0, "path": "0/000",
}  # fmt: skip
_QUERIES = {"/search": "?q=thien+quang", "/files": "?code=H26.1.2019.FILE"}

EXPECTED_PUBLIC = {
    "/", "/style.css", "/health", "/checkpoint", "/access/checkpoint", "/tile/{path:path}", "/proof/{position:int}",
    "/acts/{index:int}", "/acts/{index:int}/events", "/units", "/units/{unit_id:uuid}",
    "/units/{unit_id:uuid}/successors", "/units/{unit_id:uuid}/predecessors", "/agencies/{agency_id:uuid}",
    "/units/{unit_id:uuid}/forms", "/agencies/{agency_id:uuid}/changes", "/fonds/{fonds_id:uuid}",
    "/agencies/{agency_id:uuid}/holdings", "/files/{file_id:uuid}/custody", "/files/{file_id:uuid}/history",
    "/files/{file_id:uuid}/chain", "/files/{file_id:uuid}/chain.html", "/files/{file_id:uuid}/chain.svg",
    "/timestamps", "/timestamps/{name:str}",
    "/schema", "/schema/openapi.json", "/schema/{path:str}",
}  # fmt: skip
"""Everything that may be had without a token. What is added here is shown to the whole world."""


def routes(client: Client) -> Iterator[tuple[str, bool]]:
    """Each route's path as declared, and whether it says that it is public; deeds are another matter."""
    for route in client.app.routes:
        handlers = [one for one in getattr(route, "route_handlers", []) if one.http_methods != {"OPTIONS"}]
        if handlers and all(handler.opt.get(DEED, False) for handler in handlers):
            continue
        yield route.path, all(handler.opt.get(PUBLIC, False) for handler in handlers)


def asked(path: str) -> str:
    """A request's path for a route, about things that are there."""
    filled = path
    for name, value in _IDS.items():
        for kind in ("uuid", "int", "path", "str"):
            filled = filled.replace(f"{{{name}:{kind}}}", str(value))
    return filled + _QUERIES.get(path, "")


def guarded(client: Client) -> list[str]:
    """The routes that need a token."""
    return [path for path, is_public in routes(client) if not is_public]


def test_only_what_is_listed_is_public(client: Client) -> None:
    """Given the application, when its routes are listed, then those open to all are exactly the expected ones."""
    assert {path for path, is_public in routes(client) if is_public} == EXPECTED_PUBLIC
    assert len(guarded(client)) >= 8


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_every_other_route_answers_401_without_a_token(client: Client, method: str) -> None:
    """Given no token, when any route that is not public is asked, then 401 with a challenge and no content."""
    for path in guarded(client):
        answer = client.request(method, asked(path))
        assert answer.status_code == 401, path
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert not any(text in answer.text for text in CONTENT)


def test_every_other_route_leaves_exactly_one_event(
    watched: Client, journal: RememberingJournal, holder: Headers
) -> None:
    """Given a reader with a rule, when a guarded route is asked, then it answers and one reading is recorded."""
    for path in guarded(watched):
        journal.events.clear()
        answer = watched.get(asked(path), headers=holder)
        assert answer.status_code == 200, (path, answer.text)
        assert [type(event) for event in journal.events] == [RecordRead], path
        assert journal.events[0].rule is AccessRule.HOLDER
        assert answer.headers["cache-control"] == "private, no-store"


def test_every_denial_leaves_exactly_one_event(watched: Client, journal: RememberingJournal, stranger: Headers) -> None:
    """Given a reader without a rule, when a guarded route is asked, then 403 or nothing found, and it is recorded."""
    for path in guarded(watched):
        journal.events.clear()
        answer = watched.get(asked(path), headers=stranger)
        assert len(journal.events) == 1, path
        assert not any(text in answer.text for text in CONTENT)
        if path == "/search":
            assert answer.json()["hits"] == []
        else:
            assert facts(answer) == (403, "access-denied"), path
            assert isinstance(journal.events[0], ReadDenied)


def test_an_actor_without_an_office_is_denied_and_recorded(
    watched: Client, journal: RememberingJournal, issue: Issue
) -> None:
    """Given a token of somebody the ledger does not know, when content is asked, then 403 and a denial."""
    answer = watched.get(f"/files/{named('file')}", headers={"Authorization": f"Bearer {issue(named('nobody'))}"})
    assert facts(answer) == (403, "principal-unknown")
    assert [type(event) for event in journal.events] == [ReadDenied]


@pytest.mark.parametrize("broken", [FailingJournal(), FullJournal()])
@pytest.mark.parametrize("who", ["holder", "stranger"])
def test_no_durable_event_no_data(
    services: Services, request: pytest.FixtureRequest, broken: AccessJournal, who: str
) -> None:
    """Given an access log that takes nothing, when any guarded route is asked, then 503 and not a byte of content."""
    headers: Headers = request.getfixturevalue(who)
    with TestClient(create_app(msgspec.structs.replace(services, journal=broken))) as client:
        for path in guarded(client):
            answer = client.get(asked(path), headers=headers)
            assert facts(answer) == (503, "access-not-recorded"), path
            assert int(answer.headers["retry-after"]) > 0
            assert "etag" not in answer.headers
            assert PDF not in answer.content
            assert OCR not in answer.text
            assert not any(text in answer.text for text in CONTENT)


def test_the_event_lies_in_the_real_access_log(client: Client, archive: Archive, holder: Headers) -> None:
    """Given the real journal, when a document is read and another denied, then the access log holds both already."""
    before = archive.readings()
    assert client.get(f"/documents/{named('document')}", headers=holder).status_code == 200
    assert archive.readings() == before + 1
    assert client.get(f"/files/{named('party-file')}", headers=holder).status_code == 403
    assert archive.readings() == before + 2


def test_a_silent_journal_is_not_waited_for_for_ever(
    services: Services, holder: Headers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given an access log that never answers, when content is asked, then 503, and its event is not called back."""
    monkeypatch.setattr(reading, "PATIENCE_SECONDS", 0.05)
    silent = SilentJournal(futures=[])
    with TestClient(create_app(msgspec.structs.replace(services, journal=silent))) as client:
        assert facts(client.get(f"/files/{named('file')}", headers=holder)) == (503, "access-not-recorded")
        assert [future.cancelled() for future in silent.futures] == [False]


def test_an_error_after_permission_is_no_reading(watched: Client, journal: RememberingJournal, holder: Headers) -> None:
    """Given a document without a scan, when its scan is asked, then 404 and nothing was read."""
    answer = watched.get(f"/documents/{named('undigitized')}/original", headers=holder)
    assert facts(answer) == (404, "document-not-digitized")
    assert journal.events == []


def test_a_handler_that_is_neither_public_nor_recorded_stops_the_start(services: Services) -> None:
    """Given a handler without a declaration, when the application is made, then it refuses."""

    @get("/open-door", sync_to_thread=False)
    def open_door() -> str:
        return "content"

    with pytest.raises(ImproperlyConfiguredException):
        create_app(services, [open_door])


def test_a_handler_that_declares_no_reading_releases_nothing(services: Services, holder: Headers) -> None:
    """Given a guarded handler that forgets to say what it reads, when asked, then its content is withheld."""

    @get("/forgetful", opt={ACCESS_EVENT: "forgotten"}, sync_to_thread=False)
    def forgetful() -> str:
        return CONTENT[0]

    with TestClient(create_app(services, [forgetful])) as client:
        answer = client.get("/forgetful", headers=holder)
        assert facts(answer) == (503, "access-not-recorded")
        assert CONTENT[0] not in answer.text
