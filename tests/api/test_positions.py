"""Read your writes; and no content while the views that decide on access lag."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from litestar.testing import TestClient

from api import position
from api.app import create_app
from api.services import Services
from domain.administrative_unit import UnitEnded
from tests.api.archive import Archive, named
from tests.api.conftest import Client, Headers, facts
from tests.api.desk import RememberingJournal


@pytest.fixture
def hasty(services: Services, journal: RememberingJournal, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """A client of an application that waits a tenth of a second only."""
    monkeypatch.setattr(position.LedgerPosition.__init__, "__defaults__", (0.1,))
    with TestClient(create_app(msgspec.structs.replace(services, journal=journal))) as opened:
        yield opened


def test_answers_tell_how_far_their_views_are(client: Client, archive: Archive, holder: Headers) -> None:
    """Given folded views, when anything is answered from them, then Ledger-Position is the ledger's."""
    reached = str(archive.settle())
    assert client.get(f"/units/{named('old')}").headers["ledger-position"] == reached
    assert client.get(f"/files/{named('file')}", headers=holder).headers["ledger-position"] == reached
    assert client.get("/units?code=1").headers["ledger-position"] == reached
    assert "ledger-position" not in client.get("/acts/0").headers


def test_a_reader_may_ask_for_a_position(hasty: Client, archive: Archive) -> None:
    """Given views at a position, when that much is asked for it is there; one more is refused after waiting."""
    reached = archive.settle()
    there = {"Ledger-Min-Position": str(reached)}
    ahead = {"Ledger-Min-Position": str(reached + 1)}
    assert hasty.get(f"/units/{named('old')}", headers=there).status_code == 200
    answer = hasty.get(f"/units/{named('old')}", headers=ahead)
    assert facts(answer) == (503, "position-not-reached")
    assert answer.headers["retry-after"] == "2"


@pytest.mark.parametrize("value", ["-1", "x", "1.5", "9" * 30, ""])
def test_a_malformed_position_is_a_bad_request(client: Client, value: str) -> None:
    """Given a header that is no position, when sent, then 400 names it."""
    answer = client.get(f"/units/{named('old')}", headers={"Ledger-Min-Position": value})
    assert facts(answer) == (400, "parameter-unfit")
    assert answer.json()["parameters"] == ["Ledger-Min-Position"]


def test_content_waits_for_the_head_of_the_ledger(
    hasty: Client, archive: Archive, journal: RememberingJournal, holder: Headers
) -> None:
    """Given an act that is not folded yet, when content is asked, then 503 and no event; public answers go on."""
    archive.record("unit.end", {named("new"): [UnitEnded(effective="2026-07-01", basis="x")]})
    answer = hasty.get(f"/files/{named('file')}", headers=holder)
    assert facts(answer) == (503, "views-behind")
    assert journal.events == []
    assert hasty.get(f"/units/{named('new')}").json()["validTo"] == ""
    archive.settle()
    assert hasty.get(f"/files/{named('file')}", headers=holder).status_code == 200
    assert hasty.get(f"/units/{named('new')}").json()["validTo"] == "2026-07-01"
