"""What the resources say: units by code and day, custody, holdings, files, documents, search."""

from __future__ import annotations

import pytest

from domain.access import AccessRule
from tests.api.archive import PARTY_TITLE, SIGNER, SUBJECT, TITLE, named
from tests.api.conftest import Client, Headers, facts
from tests.api.desk import RememberingJournal


@pytest.mark.parametrize(("on", "unit"), [("2025-06-30", "old"), ("2025-07-01", "new")])
def test_a_code_belongs_to_a_unit_for_a_time(client: Client, on: str, unit: str) -> None:
    """Given one code carried by two units in turn, when asked with a day, then the unit of that day answers."""
    found = client.get("/units", params={"code": "00256", "on": on}).json()["units"]
    assert [one["id"] for one in found] == [str(named(unit))]


def test_a_code_without_a_day_says_why(client: Client) -> None:
    """Given a code alone, when asked, then the refusal explains in both languages."""
    told = client.get("/units?code=00256").json()
    assert (told["status"], told["code"]) == (400, "unit-code-without-date")
    assert "ngày" in told["detail"]
    assert "date" in told["detailEn"]


def test_units_of_a_day_are_today_s_by_default(client: Client) -> None:
    """Given no day, when units are listed, then those of today in Viet Nam."""
    told = client.get("/units?level=commune").json()
    assert told["on"] == "2026-07-01"
    assert str(named("new")) in {one["id"] for one in told["units"]}
    assert str(named("old")) not in {one["id"] for one in told["units"]}


def test_a_unit_without_successors_has_none(client: Client) -> None:
    """Given units without an enacted reorganization, when asked both ways, then nothing but the unit itself."""
    for way in ("successors", "predecessors"):
        told = client.get(f"/units/{named('old')}/{way}").json()
        assert told["successions"] == []
        assert [one["name"] for one in told["units"]] == ["Phường Nguyễn Du"]


def test_who_creates_a_fonds_and_what_bodies_were_called(client: Client) -> None:
    """Given bodies that never changed, then a fonds has its creator since it opened, and none was called otherwise."""
    told = client.get(f"/fonds/{named('fonds')}").json()
    (creator,) = told["creators"]
    assert (told["code"], told["openedFrom"], told["closedFrom"]) == ("Pfonds", "2008-08-01", "")
    assert (creator["agency"], creator["since"], creator["until"], creator["act"]) == (
        str(named("creator")), "2008-08-01", "", None,
    )  # fmt: skip
    assert client.get(f"/units/{named('old')}/forms").json()["former"] == []
    assert client.get(f"/agencies/{named('creator')}/changes").json()["successions"] == []
    assert facts(client.get(f"/fonds/{named('nobody')}")) == (404, "fonds-unknown")
    assert facts(client.get(f"/units/{named('nobody')}/forms")) == (404, "unit-unknown")


def test_custody_on_a_day_as_known_at_an_act(client: Client) -> None:
    """Given a file, when custody is asked by carrier, day and act, then holder, assignee and acts are told."""
    path = f"/files/{named('file')}/custody"
    paper = client.get(path).json()
    assert (paper["assignedTo"], paper["heldBy"], paper["state"]) == (
        str(named("creator")),
        str(named("creator")),
        "held",
    )
    assert [one["name"] for one in paper["agencies"]] == ["Cơ quan creator"]
    reader = paper["mayUse"][0]
    assert (reader["rule"], reader["name"], reader["agency"]) == ("holder", "Cơ quan creator", str(named("creator")))
    assert paper["othersMayUse"] in {"no-rule", "needs-grant"}
    digital = client.get(path, params={"carrier": "digital"}).json()
    assert (digital["heldBy"], digital["state"]) == (str(named("archive")), "awaiting-hand-over")
    before = client.get(path, params={"carrier": "digital", "known_at": digital["becauseHeld"] - 1}).json()
    assert (before["known"], before["heldBy"], before["becauseHeld"]) == (False, None, None)
    assert digital["mayUse"] == paper["mayUse"]
    early = client.get(path, params={"on": "2019-12-30"}).json()
    assert (early["known"], early["state"]) == (False, None)


def test_custody_and_history_of_an_unknown_file_are_not_found(client: Client) -> None:
    """Given no such file, when its public facts are asked, then 404."""
    for what in ("custody", "history"):
        assert facts(client.get(f"/files/{named('nothing')}/{what}")) == (404, "file-unknown")


def test_public_answers_hold_no_content(client: Client) -> None:
    """Given a file with title, subject and signer, when all its public faces are read, then none of them is there."""
    paths = [
        f"/files/{named('file')}/custody",
        f"/files/{named('file')}/history",
        f"/agencies/{named('creator')}/holdings",
    ]
    acts = client.get(f"/files/{named('file')}/history").json()["acts"]
    paths += [f"/acts/{one['index']}/events" for one in acts] + [one["note"] for one in acts]
    told = "".join(client.get(path).text for path in paths)
    assert "file.registered/1" in told
    assert not any(text in told for text in (TITLE, SUBJECT, SIGNER))


def test_holdings_count_what_an_agency_must_have_and_has(client: Client) -> None:
    """Given one file on two carriers, when its creator's holdings are asked, then paper is held, digital to come."""
    told = client.get(f"/agencies/{named('creator')}/holdings").json()
    assert told["agency"]["code"] == "H26.creator"
    by_carrier = {one["carrier"]: one for one in told["carriers"]}
    assert by_carrier["paper"]["has"]["files"] == 1
    assert by_carrier["digital"]["toCome"]["files"] == 1
    assert facts(client.get(f"/agencies/{named('nobody')}")) == (404, "agency-unknown")


def test_a_file_is_told_in_the_law_s_names(client: Client, holder: Headers) -> None:
    """Given a file, when its holder reads it, then title, code, dates and the rule of release."""
    told = client.get(f"/files/{named('file')}", headers=holder).json()
    assert told["rule"] == "holder"
    file = told["file"]
    assert (file["Title"], file["FileCode"], file["StartDate"]) == (TITLE, "H26.1.2019.FILE", "2019")
    assert file["Maintenance"] == {"retention": "permanent", "asWritten": "Vĩnh viễn"}
    by_code = client.get("/files", params={"code": " H26.1.2019.FILE "}, headers=holder).json()
    assert [one["id"] for one in by_code["files"]] == [str(named("file"))]
    assert facts(client.get("/files", params={"code": "H26.9"}, headers=holder)) == (404, "file-unknown")


def test_documents_stand_described_and_read_side_by_side(client: Client, holder: Headers) -> None:
    """Given a document described and scanned, when read, then both sources are told apart."""
    told = client.get(f"/documents/{named('document')}", headers=holder).json()
    assert (told["described"]["CodeNotation"], told["read"]["CodeNotation"]) == ("QĐ-UBND", "")
    assert told["described"]["Subject"] == told["read"]["Subject"] == SUBJECT
    assert told["readings"] == [{"field": "CodeNumber", "confidence": 91, "state": "sure"}]
    assert told["scans"]["original"] == f"/documents/{named('document')}/original"


def test_documents_of_a_file_come_in_pages(watched: Client, journal: RememberingJournal, holder: Headers) -> None:
    """Given two documents, when asked one by one, then each page is a reading of what it shows."""
    first = watched.get(f"/files/{named('file')}/documents?limit=1", headers=holder)
    second = watched.get(first.links["next"]["url"], headers=holder)
    ordinals = [one["DocOrdinal"] for page in (first, second) for one in page.json()["documents"]]
    assert ordinals == [1, 2]
    assert "next" not in second.links
    assert [event.records for event in journal.events] == [
        (named("file"), named("document")),
        (named("file"), named("undigitized")),
    ]


@pytest.mark.parametrize("words", ["hồ Thiền Quang", "ho thien quang", "HỒ THIỀN QUANG"])
def test_search_finds_with_and_without_marks(client: Client, auditor: Headers, words: str) -> None:
    """Given a title, when searched with, without or in other case, then the file is found."""
    hits = client.get("/search", params={"q": words}, headers=auditor).json()["hits"]
    assert str(named("file")) in {one["id"] for one in hits}


def test_search_shows_only_what_the_reader_may_use(
    watched: Client, journal: RememberingJournal, holder: Headers, auditor: Headers, cell: Headers
) -> None:
    """Given a Party file, when others search its words, then nothing; its own agency finds it."""
    for headers in (holder, auditor):
        assert watched.get("/search", params={"q": "đại hội"}, headers=headers).json()["hits"] == []
    hits = watched.get("/search", params={"q": "đại hội"}, headers=cell).json()["hits"]
    assert [one["title"] for one in hits] == [PARTY_TITLE]
    assert [event.rule for event in journal.events] == [AccessRule.NO_RULE, AccessRule.NO_RULE, AccessRule.HOLDER]
    assert [event.records for event in journal.events] == [(), (), (named("party-file"),)]


def test_search_by_number_and_by_dates(client: Client, auditor: Headers) -> None:
    """Given a document of 17/5/2019, when searched by number between dates, then only ranges that hold it find it."""
    for dates, found in (
        ({}, True),
        ({"from": "2019-05-17", "to": "2019-05-17"}, True),
        ({"from": "2019", "to": "2019-05"}, True),
        ({"from": "2019-06"}, False),
        ({"to": "2018"}, False),
    ):
        hits = client.get("/search", params={"q": "5/QĐ-UBND", **dates}, headers=auditor).json()["hits"]
        assert (str(named("document")) in {one["id"] for one in hits}) is found, dates


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/search", "parameter-unfit"),
        ("/search?q=", "parameter-unfit"),
        ("/search?q=a%00b", "parameter-unfit"),
        ("/search?q=a&from=2019-02-30", "date-impossible"),
        ("/search?q=a&limit=101", "parameter-unfit"),
        ("/search?q=a&cursor=WyJhIl0", "cursor-unfit"),
        ("/files", "parameter-unfit"),
        ("/files?code=%00", "parameter-unfit"),
    ],
)
def test_a_malformed_question_is_refused_and_read_nothing(
    watched: Client, journal: RememberingJournal, holder: Headers, path: str, code: str
) -> None:
    """Given a malformed question, when asked, then 400 names the parameter and no reading is recorded."""
    answer = watched.get(path, headers=holder)
    assert facts(answer) == (400, code)
    assert answer.json()["parameters"]
    assert journal.events == []


def test_search_goes_on_from_page_to_page(client: Client, auditor: Headers) -> None:
    """Given several hits, when read one a page by Link, then each comes once."""
    everything = [one["id"] for one in client.get("/search?q=nao+vet", headers=auditor).json()["hits"]]
    seen, path = [], "/search?q=nao+vet&limit=1"
    for _ in everything:
        page = client.get(path, headers=auditor)
        seen += [one["id"] for one in page.json()["hits"]]
        path = page.links.get("next", {}).get("url", "")
    assert seen == everything
    assert len(everything) >= 2
    assert path == ""
