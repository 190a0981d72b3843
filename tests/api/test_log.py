"""The log as published: what an outsider fetches verifies with our keys and nothing else of ours."""

from __future__ import annotations

import base64
from hashlib import sha256

import pytest

from signing.act import open_act
from signing.checkpoint import open_checkpoint
from signing.inclusion_proof import verify_inclusion
from signing.merkle import leaf_hash, root
from tests.api.archive import Archive, named, unit_established
from tests.api.conftest import Client, facts


def test_the_tree_of_fetched_tiles_is_the_checkpoint_s(client: Client, archive: Archive) -> None:
    """Given checkpoint and level-0 tile over HTTP, when the root is computed, then the signed one comes out."""
    note = client.get("/checkpoint").content
    checkpoint = open_checkpoint(note, archive.main.log_keys()).checkpoint
    tile = client.get(f"/tile/0/000.p/{checkpoint.size}")
    assert tile.headers["content-type"] == "application/octet-stream"
    hashes = [tile.content[at : at + 32] for at in range(0, len(tile.content), 32)]
    assert len(hashes) == checkpoint.size
    assert root(hashes) == checkpoint.root
    for index in (0, checkpoint.size - 1):
        assert leaf_hash(client.get(f"/acts/{index}").content) == hashes[index]


def test_the_access_log_shows_its_checkpoint_only(client: Client, archive: Archive) -> None:
    """Given the log of reading, when it is asked for, then its checkpoint comes and no address leads to its tiles."""
    note = client.get("/access/checkpoint").content
    assert open_checkpoint(note, archive.access.log_keys()).checkpoint.origin == archive.access.origin
    for path in ("/access/tile/0/000", "/access/tile/entries/000.p/1", "/tile/access/0/000"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/tile/0/000",
        "/tile/0/000.p/0",
        "/tile/0/000.p/256",
        "/tile/0/0",
        "/tile/0/x000/000",
        "/tile/entries/000.p/200",
        "/tile/events/000.p/200",
        "/tile/8/000",
        "/tile/checkpoint",
        "/tile/0/%2e%2e/checkpoint",
        "/tile/0/" + "9" * 5000,
    ],
)
def test_what_is_no_published_tile_is_not_found(client: Client, path: str) -> None:
    """Given paths that name no tile under the checkpoint, when asked, then a problem and never another file."""
    assert facts(client.get(path)) == (404, "tile-unknown")


def test_a_tile_never_changes_and_says_so(client: Client, archive: Archive) -> None:
    """Given a tile, when asked again with its tag, then 304 without a body; it may be kept for ever."""
    size = open_checkpoint(client.get("/checkpoint").content, archive.main.log_keys()).checkpoint.size
    path = f"/tile/entries/000.p/{size}"
    first = client.get(path)
    assert "immutable" in first.headers["cache-control"]
    again = client.get(path, headers={"If-None-Match": f'"other", W/{first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


def test_an_act_and_its_events_are_what_was_signed(client: Client, archive: Archive) -> None:
    """Given the act that registered the file, when note and events are fetched, then the act's root binds them."""
    history = client.get(f"/files/{named('file')}/history").json()
    act = next(one for one in history["acts"] if one["act"] == "file.register")
    note = client.get(act["note"])
    assert note.headers["content-type"].startswith("text/plain")
    page = client.get(f"/acts/{act['index']}/events").json()
    hashes = [base64.b64decode(one["leafHash"]) for one in page["events"]]
    assert open_act(note.content, archive.origin).header.root == root(hashes)
    assert [one["type"] for one in page["events"]] == ["file.registered/1", "file.admitted/1"]
    assert page["firstPosition"] == act["firstPosition"]


def test_events_come_in_pages(client: Client) -> None:
    """Given an act of two events, when asked one by one, then the Link header leads from page to page to the end."""
    history = client.get(f"/files/{named('file')}/history").json()
    index = next(one["index"] for one in history["acts"] if one["act"] == "file.register")
    first = client.get(f"/acts/{index}/events?limit=1")
    second = client.get(first.links["next"]["url"])
    assert [one["type"] for one in first.json()["events"]] == ["file.registered/1"]
    assert [one["type"] for one in second.json()["events"]] == ["file.admitted/1"]
    assert "next" not in second.links


def test_every_position_of_a_history_has_a_proof(client: Client, archive: Archive) -> None:
    """Given a file's history, when each proof is fetched, then its leaf lies in the checkpoint it carries."""
    history = client.get(f"/files/{named('file')}/history").json()
    assert {"unit.establish", "unit.agency", "fonds.open", "file.register", "document.digitize"} <= {
        one["act"] for one in history["acts"]
    }
    for act in history["acts"]:
        for path in act["proofs"]:
            lines = client.get(path).text.split("\n")
            assert lines[0] == "c2sp.org/tlog-proof@v1"
            assert f"index {act['index']}" in lines[:3]
            gap = lines.index("")
            hashes = [base64.b64decode(line) for line in lines[lines.index(f"index {act['index']}") + 1 : gap]]
            note = "\n".join(lines[gap + 1 :]).encode()
            checkpoint = open_checkpoint(note, archive.main.log_keys()).checkpoint
            verify_inclusion(
                leaf=base64.b64decode(act["leafHash"]),
                index=act["index"],
                size=checkpoint.size,
                path=hashes,
                root=checkpoint.root,
            )


def test_head_has_the_headers_of_get_and_no_body(client: Client) -> None:
    """Given a resource, when asked by HEAD, then length and tag are those of GET and the body is empty."""
    got, head = client.get("/acts/0"), client.head("/acts/0")
    assert head.content == b""
    assert head.headers["content-length"] == str(len(got.content))
    assert head.headers["etag"] == f'"{sha256(got.content).hexdigest()[:32]}"'


def test_an_unpublished_event_says_when_to_ask_again(client: Client, archive: Archive) -> None:
    """Given an act that no checkpoint covers yet, when its proof is asked, then 503 with Retry-After; then it comes."""
    receipt = archive.record(
        "unit.establish", {named("late"): [unit_established("Phường Muộn", "00999", "2025-07-01")]}
    )
    answer = client.get(f"/proof/{receipt.first_position}")
    assert facts(answer) == (503, "position-not-published")
    assert int(answer.headers["retry-after"]) >= 1
    archive.settle()
    assert client.get(f"/proof/{receipt.first_position}").status_code == 200


def test_timestamps_are_public_and_never_change(client: Client, archive: Archive) -> None:
    """Given a stamped checkpoint, then its names are listed, its bytes come as they are, and no other file does."""
    checkpoint, note = archive.log.checkpoint()
    size = checkpoint.size
    assert client.get("/timestamps").content == b""
    archive.log.timestamps.hold(size, note)
    archive.log.timestamps.keep(size, "one", b"an answer")
    assert client.get("/timestamps").text == f"{size}.checkpoint\n{size}.one.tsr\n"
    assert client.get(f"/timestamps/{size}.checkpoint").content == note
    answer = client.get(f"/timestamps/{size}.one.tsr")
    assert answer.content == b"an answer"
    assert "immutable" in answer.headers["cache-control"]
    for path in (f"{size}.two.tsr", f"0{size}.one.tsr", f"{size}.One.tsr", "checkpoint", f"{size}.one.tsr.1"):
        assert client.get(f"/timestamps/{path}").status_code == 404
