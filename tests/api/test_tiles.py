"""Tiles over HTTP: full and partial, for ever the same, in ranges, by HEAD; proofs with either kind of signature."""

from __future__ import annotations

from hashlib import sha256
from typing import Final
from uuid import UUID, uuid4

import pytest

from domain.event import Event
from ledger.act_id import new_act_id
from ledger.proposal import Decision, Proposal
from signing.checkpoint import open_checkpoint
from signing.tile import parse_entry_bundle, parse_event_bundle, parse_positions
from signing.tlog_proof import verify_event_proof
from tests.api.archive import Archive, unit_established
from tests.api.conftest import Client, facts

ACTS: Final = 300


@pytest.fixture(scope="module")
def sizes(client: Client, archive: Archive) -> tuple[int, int]:
    """A size from which partial tiles were fetched, and the size after acts that filled them."""
    before = archive.main.size()
    for path in (f"/tile/0/000.p/{before}", f"/tile/entries/000.p/{before}"):
        assert client.get(path).status_code == 200

    def deciding(number: int) -> Decision:
        fact = unit_established(f"Phường {number}", f"{number:05}", "2025-07-01")
        events: dict[UUID, list[Event]] = {uuid4(): [fact]}
        return lambda _: events

    acts = [
        archive.main.prepare(
            Proposal(
                act="unit.establish", id=new_act_id(), actor=archive.clerk, decide=deciding(number), request=number
            )
        )
        for number in range(ACTS)
    ]
    for outcome in archive.main.append_prepared(acts):
        assert outcome.act_index is not None
    archive.settle()
    return before, archive.main.size()


def test_partial_tiles_are_the_beginning_of_full_ones(client: Client, sizes: tuple[int, int]) -> None:
    """Given a tile that has filled up since, when its partial path is asked again, then its first items come."""
    before, size = sizes
    assert size > 256 > before
    for kind, width in (("0", 32), ("positions", 8)):
        full, partial = client.get(f"/tile/{kind}/000"), client.get(f"/tile/{kind}/000.p/{before}")
        assert len(full.content) == 256 * width
        assert partial.content == full.content[: before * width]
        assert len(client.get(f"/tile/{kind}/001.p/{size - 256}").content) == (size - 256) * width
    bundle = client.get("/tile/entries/000").content
    assert (
        parse_entry_bundle(client.get(f"/tile/entries/000.p/{before}").content, before)
        == (parse_entry_bundle(bundle, 256)[:before])
    )
    assert len(parse_event_bundle(client.get("/tile/events/000").content, 256)) == 256
    assert parse_positions(client.get("/tile/positions/000").content, 256)[0] == 0
    assert client.get("/tile/1/000.p/1").content == client.get("/tile/1/000.p/1").content


@pytest.mark.parametrize("path", ["/tile/0/000", "/tile/entries/000", "/tile/events/000", "/tile/positions/000"])
def test_a_tile_may_be_kept_for_ever(client: Client, sizes: tuple[int, int], path: str) -> None:
    """Given any kind of tile, then cache, tag, HEAD, 304 and ranges are those of bytes that never change."""
    got, head = client.get(path), client.head(path)
    assert got.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert got.headers["etag"] == f'"{sha256(got.content).hexdigest()[:32]}"'
    assert got.headers["accept-ranges"] == "bytes"
    assert (head.status_code, head.content) == (200, b"")
    for name in ("etag", "content-length", "cache-control", "content-type"):
        assert head.headers[name] == got.headers[name]
    assert client.get(path, headers={"If-None-Match": got.headers["etag"]}).status_code == 304
    part = client.get(path, headers={"Range": "bytes=32-63"})
    assert (part.status_code, part.content) == (206, got.content[32:64])
    assert part.headers["content-range"] == f"bytes 32-63/{len(got.content)}"


def test_what_changes_is_asked_anew(client: Client, sizes: tuple[int, int]) -> None:
    """Given checkpoint and proof, which another checkpoint replaces, then nobody keeps them without asking."""
    for path in ("/checkpoint", "/proof/0", "/access/checkpoint"):
        got = client.get(path)
        assert got.headers["cache-control"] == "no-cache"
        assert client.get(path, headers={"If-None-Match": got.headers["etag"]}).status_code == 304


@pytest.mark.parametrize(
    "path",
    ["/tile/0/001", "/tile/0/000.p/257", "/tile/1/000", "/tile/2/000.p/1", "/tile/entries/001", "/tile/events/009"],
)
def test_no_tile_beyond_the_checkpoint(client: Client, sizes: tuple[int, int], path: str) -> None:
    """Given paths past the checkpoint's size, then a problem."""
    assert facts(client.get(path)) == (404, "tile-unknown")


def test_a_proof_in_both_sizes(client: Client, archive: Archive, sizes: tuple[int, int]) -> None:
    """Given an event, when proven with and without ML-DSA-44, then both hold, for who asks for that much."""
    keys = archive.main.log_keys()
    whole, classical = client.get("/proof/3"), client.get("/proof/3?classical=true")
    proven = verify_event_proof(whole.content, keys)
    assert verify_event_proof(classical.content, keys[:1]).event == proven.event
    assert len(whole.content) - len(classical.content) > 3_000
    assert whole.headers["etag"] != classical.headers["etag"]
    assert facts(client.get("/proof/3?classical=perhaps"))[0] == 400
    note = classical.content.partition(b"\n\n")[2]
    assert open_checkpoint(note, keys[:1]).checkpoint.size == sizes[1]


def test_the_log_of_reading_has_no_proofs_or_tiles(client: Client) -> None:
    """Given the log of reading, then nothing but its checkpoint is served."""
    for path in ("/access/proof/0", "/access/tile/0/000", "/proof/access/0", "/access/acts/0"):
        assert client.get(path).status_code == 404
