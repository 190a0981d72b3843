"""Reading by a grant: from its first day to its last, of what it names, with its basis; ended, it is over at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID

import msgspec
import pytest
from litestar.testing import TestClient

from api.app import create_app
from api.services import Services
from domain.access import AccessRule, ReadDenied, RecordRead
from domain.access_grant import AccessEnded, AccessGranted
from domain.basis import Instrument
from tests.api.archive import PARTY_TITLE, Archive, named
from tests.api.conftest import Client, Headers, facts
from tests.api.desk import RememberingJournal

DECISION = Instrument(number="12/QĐ-VPTU", issued="2026-07-01", issuer="Văn phòng Thành ủy", in_force="2026-07-01")
GRANT = AccessGranted(decision=DECISION, since="2026-07-10", last_day="2026-07-20", fonds=(named("party"),))


@contextmanager
def on_day(services: Services, journal: RememberingJournal, day: int) -> Iterator[Client]:
    """A client of the application at noon of a day of July 2026."""
    noon = datetime(2026, 7, day, 5, tzinfo=UTC)
    with TestClient(create_app(msgspec.structs.replace(services, journal=journal, clock=lambda: noon))) as opened:
        yield opened


@pytest.mark.parametrize("to", ["agency", "principal"])
def test_a_grant_counts_on_its_days_and_for_its_reader(
    archive: Archive, services: Services, journal: RememberingJournal, stranger: Headers, auditor: Headers, to: str
) -> None:
    """Given a Party file and a grant, only its reader reads it, only on its days, and each attempt is on record."""
    grant, path = UUID(int=8 << 60 | len(to)), f"/files/{named('party-file')}"
    reader = {"agency": named("stranger")} if to == "agency" else {"principal": named("other")}
    archive.record("principal.grant", {grant: [msgspec.structs.replace(GRANT, **reader)]})
    archive.settle()
    for day, allowed in ((9, False), (10, True), (20, True), (21, False)):
        with on_day(services, journal, day) as client:
            journal.events.clear()
            answer = client.get(path, headers=stranger)
            (event,) = journal.events
            if allowed:
                assert (answer.status_code, answer.json()["rule"], answer.json()["basis"]) == (
                    200,
                    "granted",
                    "12/QĐ-VPTU",
                )
                assert isinstance(event, RecordRead)
                assert event.rule is AccessRule.GRANTED
            else:
                assert facts(answer) == (403, "access-denied")
                assert isinstance(event, ReadDenied)
                assert PARTY_TITLE not in answer.text
    with on_day(services, journal, 15) as client:
        assert facts(client.get(path, headers=auditor)) == (403, "access-denied")
        archive.record("principal.end", {grant: [AccessEnded(on="2026-07-15", basis="13/QĐ-VPTU")]})
        archive.settle()
        assert facts(client.get(path, headers=stranger)) == (403, "access-denied")
    with on_day(services, journal, 14) as client:
        assert client.get(path, headers=stranger).status_code == 200


def test_other_answers_name_no_basis(client: Client, holder: Headers) -> None:
    """Given a file read by a rule that needs no decision, when read, then there is a rule and no basis."""
    told = client.get(f"/files/{named('file')}", headers=holder).json()
    assert (told["rule"], "basis" in told) == ("holder", False)
