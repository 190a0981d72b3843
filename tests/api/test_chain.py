"""The chain of a file over HTTP: as JSON, as a page with a link for each clause, as a picture; without any content."""

from __future__ import annotations

import re

from tests.api.archive import CONTENT, named
from tests.api.conftest import Client, facts


def test_the_chain_tells_sentence_spans_and_acts_with_proofs(client: Client) -> None:
    """Given a scanned file, when its chain is asked, then sentence, spans and acts are told and every link answers."""
    told = client.get(f"/files/{named('file')}/chain").json()
    assert told["sentenceVi"].startswith("Lập bởi Cơ quan creator")
    assert told["sentenceEn"].startswith("Made by Cơ quan creator")
    assert [one["agency"] for one in told["assignedTo"]["paper"]] == [str(named("creator"))]
    assert (told["apart"], told["custody"]["digital"]["heldBy"]) == (False, str(named("archive")))
    assert told["mayUse"][0]["rule"] == "holder"
    assert told["mayUse"] == client.get(f"/files/{named('file')}/custody").json()["mayUse"]
    assert {one["id"] for one in told["agencies"]} == {str(named("creator")), str(named("archive"))}
    assert all(client.get(told[way]).status_code == 200 for way in ("picture", "page"))
    assert [one["agency"] for one in told["heldBy"]["digital"]] == [str(named("archive"))]
    assert [one["index"] for one in told["acts"]] == sorted({one["index"] for one in told["acts"]})
    for clause in told["clauses"]:
        assert clause["acts"]
        assert clause["acts"] == [f"/acts/{act}" for act in clause["actIndexes"]]
        assert clause["proofs"] == [f"/proof/{position}" for position in clause["positions"]]
        for path in (*clause["acts"], *clause["proofs"]):
            assert client.get(path).status_code == 200, path


def test_the_chain_as_known_before_the_scan_knows_no_digital_copy(client: Client) -> None:
    """Given the act before the scan, when asked as known then, then no digital span is there."""
    path = f"/files/{named('file')}/chain"
    digital = client.get(path).json()["heldBy"]["digital"][0]["act"]
    assert client.get(path, params={"known_at": digital - 1}).json()["heldBy"]["digital"] == []
    assert facts(client.get(path, params={"known_at": 0})) == (404, "file-unknown")
    assert facts(client.get(f"/files/{named('nothing')}/chain")) == (404, "file-unknown")


def test_the_page_links_each_clause_and_the_picture_is_drawn(client: Client) -> None:
    """Given the page, then each clause is a link to its act, the picture is from here, and no content is shown."""
    page = client.get(f"/files/{named('file')}/chain.html")
    assert page.headers["content-type"].startswith("text/html")
    sentence = page.text.split("<p>")[1].split("</p>")[0]
    links = re.findall(r'<a href="(/acts/\d+)">', sentence)
    assert len(links) == len(client.get(f"/files/{named('file')}/chain").json()["clauses"])
    assert all(client.get(link).status_code == 200 for link in links)
    picture = re.search(r'<img src="([^"]+)"', page.text)
    assert picture
    drawn = client.get(picture[1])
    assert drawn.headers["content-type"].startswith("image/svg+xml")
    assert drawn.text.startswith("<svg ")
    whole = page.text + drawn.text + client.get(f"/files/{named('file')}/chain").text
    assert not any(text in whole for text in CONTENT)
