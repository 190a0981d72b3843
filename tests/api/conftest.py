"""The application for tests of one module: a real database, given logs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from litestar import Litestar
from litestar.testing import TestClient
from psycopg_pool import ConnectionPool

from api.app import create_app
from api.identity import issue_token
from api.services import Services
from mocban.database import Databases
from tests.api.desk import NOON, NoBlobs, RecordingJournal, ShelvedLog

Issue = Callable[[UUID], str]


@pytest.fixture(scope="module")
def views(module_database: Databases) -> Iterator[ConnectionPool[Any]]:
    """Connections of the reader."""
    url = module_database.main_url("mocban_reader")
    with ConnectionPool(url, min_size=1, max_size=4, kwargs={"autocommit": True}, open=True) as pool:
        yield pool


@pytest.fixture
def services(views: ConnectionPool[Any]) -> Services:
    """Services over an empty ledger."""
    return Services(
        views=views,
        log=ShelvedLog(),
        access_checkpoint=lambda: None,
        journal=RecordingJournal(),
        blobs=NoBlobs(),
        clock=lambda: NOON,
        origin="hanoi.mocban/0000000000000000",
    )


@pytest.fixture
def client(services: Services) -> Iterator[TestClient[Litestar]]:
    """A client of the whole application."""
    with TestClient(create_app(services)) as opened:
        yield opened


@pytest.fixture
def issue(module_database: Databases) -> Issue:
    """Issues a token to an actor."""

    def issued(actor: UUID) -> str:
        with psycopg.connect(module_database.main_url("mocban_ledger_writer")) as connection:
            return issue_token(connection, actor)

    return issued


@pytest.fixture
def token(issue: Issue) -> str:
    """A token of an actor nobody knows."""
    return issue(uuid4())
