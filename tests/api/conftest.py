"""The application over a small real archive, one for each module of tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import msgspec
import psycopg
import pytest
from litestar import Litestar
from litestar.testing import TestClient
from psycopg_pool import ConnectionPool
from typing_extensions import override

from api.app import create_app
from api.identity import issue_token
from api.services import Services
from domain.identifiers import Naming
from mocban.custody.timeline import timeline
from mocban.database import Databases
from mocban.what_if.over_http import HttpPreviews
from tests.api.archive import Archive, fill, named
from tests.api.desk import NOON, RememberingJournal

NAMING = Naming(b"i" * 32)
Issue = Callable[[UUID], str]
Client = TestClient[Litestar]


@pytest.fixture(scope="module")
def archive(module_database: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """The archive with its story told."""
    with Archive(module_database, tmp_path_factory.mktemp("archive")) as opened:
        fill(opened)
        yield opened


@pytest.fixture(scope="module")
def services(archive: Archive) -> Iterator[Services]:
    """Everything real."""
    url = archive.database.main_url("mocban_reader")
    with ConnectionPool(url, min_size=1, max_size=4, kwargs={"autocommit": True}, open=True) as pool:
        yield Services(
            views=pool,
            log=archive.log,
            access_log=archive.access_log,
            journal=archive.journal,
            blobs=archive.unsealer,
            clock=lambda: NOON,
            origin=archive.origin,
            draw_chain=timeline,
            previews=HttpPreviews(pool.connection, NAMING),
        )


@pytest.fixture(scope="module")
def client(services: Services) -> Iterator[Client]:
    """A client of the whole application."""
    with TestClient(create_app(services)) as opened:
        yield opened


@pytest.fixture
def journal() -> RememberingJournal:
    """A journal whose events can be looked at."""
    return RememberingJournal(events=[])


@pytest.fixture
def watched(services: Services, journal: RememberingJournal) -> Iterator[Client]:
    """A client of the application with that journal."""
    with TestClient(create_app(msgspec.structs.replace(services, journal=journal))) as opened:
        yield opened


@pytest.fixture(scope="module")
def issue(archive: Archive) -> Issue:
    """Issues a token to an actor."""

    def issued(actor: UUID) -> str:
        with psycopg.connect(archive.database.main_url("mocban_ledger_writer")) as connection:
            return issue_token(connection, actor)

    return issued


class Headers(dict[str, str]):
    """Headers whose token does not show in a failing test."""

    @override
    def __repr__(self) -> str:
        return "Headers(...)"


@pytest.fixture(scope="module")
def holder(issue: Issue) -> Headers:
    """The headers of a reader in the agency that created and holds the state file."""
    return _bearer(issue(named("holder")))


@pytest.fixture(scope="module")
def auditor(issue: Issue) -> Headers:
    """The headers of a reader for the whole city."""
    return _bearer(issue(named("auditor")))


@pytest.fixture(scope="module")
def stranger(issue: Issue) -> Headers:
    """The headers of a reader without a rule."""
    return _bearer(issue(named("other")))


@pytest.fixture(scope="module")
def cell(issue: Issue) -> Headers:
    """The headers of a reader in the Party committee that holds its own file."""
    return _bearer(issue(named("secretary")))


def _bearer(token: str) -> Headers:
    return Headers({"Authorization": f"Bearer {token}"})


def facts(answer: Any) -> tuple[int, str]:
    """The status and the problem's code of an answer."""
    return answer.status_code, answer.json().get("code", "")
