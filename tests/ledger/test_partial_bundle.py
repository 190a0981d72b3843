"""A bundle of some acts proves them alone; whatever is changed, left out or put in is found, and placed."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest

from domain.keys import registry_stream
from domain.sealed import Plain
from ledger.bundle import write_members
from ledger.log_store import LogStore
from ledger.partial_bundle import Part
from signing import standalone_verifier
from signing.log_verifier import Trust, verify
from signing.note import Signer
from tests.ledger.conftest import House
from tests.ledger.test_append import append_boxes
from tests.ledger.test_export import publish, trust_file, verdict

BOX = UUID(int=(8 << 76) + (8 << 60) + 7)
Members = dict[str, bytes]


@pytest.fixture
def given(house: House, tmp_path: Path) -> tuple[House, LogStore, Path]:
    """A published log: a box packed twice among other acts, and the bundle of its acts."""
    first = house.pack(BOX, label=Plain("Một tiêu đề")).act_index
    append_boxes(house, 3)
    second = house.pack(BOX, 2).act_index
    store, path = publish(house), tmp_path / "part.zip"
    part = Part(of={"file": str(BOX)}, acts=[first, second], streams=(BOX,))
    store.partial_bundle(path, house.signers_of(house.main)[0], part)
    return house, store, path


def report_on(path: Path, house: House, folder: Path) -> dict[str, Any]:
    """What `verify` says, trusting the house; the stand-alone verifier names the same first."""
    trust = trust_file(house, folder)
    fast, alone = (
        verify(path, Trust.load(trust)),
        standalone_verifier.verify(path, standalone_verifier.Trust(json.loads(trust.read_bytes()))),
    )
    assert alone["verdict"] == fast["verdict"], (fast["bad"], alone["bad"])
    assert [row["act"] for row in alone["bad"][:1]] == [row["act"] for row in fast["bad"][:1]], alone["bad"]
    return fast


def members_of(path: Path) -> Members:
    """Everything in a bundle, in its order."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_part_verifies_alone(given: tuple[House, LogStore, Path], tmp_path: Path) -> None:
    """Given two acts of a log, then a stranger's program holds them good, up to that checkpoint and no more."""
    house, store, path = given
    code, report = verdict(path, trust_file(house, tmp_path))
    assert (code, report["verdict"], report["acts"], report["events"]) == (0, "valid", 2, 2), report
    assert (report["given"], report["at"]) == ("partial", store.checkpoint()[0].size)
    assert report["complete"] == "according to the archive at checkpoint"
    assert report["of"] == {"file": str(BOX)}
    assert verify(path, Trust())["verdict"] == "self-consistent"


def test_the_same_part_the_same_bytes(given: tuple[House, LogStore, Path], tmp_path: Path) -> None:
    """Given the same part of the same checkpoint, then the same bytes; and a folder of its members is as good."""
    house, store, path = given
    again, signer = tmp_path / "again.zip", house.signers_of(house.main)[0]
    stated = json.loads(members_of(path)["partial.json"])
    store.partial_bundle(again, signer, Part(of=stated["of"], acts=stated["acts"], streams=(BOX,)))
    assert again.read_bytes() == path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path / "unpacked")
    assert report_on(tmp_path / "unpacked", house, tmp_path)["verdict"] == "valid"


def test_one_altered_byte_anywhere_is_caught_and_placed(given: tuple[House, LogStore, Path], tmp_path: Path) -> None:
    """Given any byte of the zip changed, then it is rejected, and the member or act is named where it lies in one."""
    house, _, path = given
    whole, dice, spoilt = path.read_bytes(), Random(4), tmp_path / "spoilt.zip"
    trust = trust_file(house, tmp_path)
    spans = {name: whole.find(data) for name, data in members_of(path).items()}
    places = [dice.randrange(len(whole)) for _ in range(30)]
    places += [at + dice.randrange(8) for at in spans.values()] + [
        len(whole) - 1 - dice.randrange(400) for _ in range(30)
    ]
    for place in places:
        spoilt.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << dice.randrange(8)]) + whole[place + 1 :])
        report = verify(spoilt, Trust.load(trust))
        assert report["verdict"] == "invalid", place
        inside = [name for name, at in spans.items() if at <= place < at + len(members_of(path)[name])]
        named = {row.get("detail", "").partition(":")[0] for row in report["bad"]}
        assert not inside or inside[0] in named or report["given"] == "unknown", (inside, report["bad"])


def resealed(path: Path, change: Callable[[Members], object], house: House, out: Path) -> Path:
    """The bundle with its members changed and the MANIFEST signed again, as only the log could."""
    members = members_of(path)
    del members["MANIFEST"]
    change(members)
    signer: Signer = house.signers_of(house.main)[0]
    write_members(house.main.origin, iter(members.items()), out, signer)
    return out


def restated(**facts: Callable[[list[int]], list[int]]) -> Callable[[Members], object]:
    """partial.json with some of its lists another."""

    def change(members: Members) -> None:
        stated = json.loads(members["partial.json"])
        for name, made in facts.items():
            stated[name] = made(stated[name])
        members["partial.json"] = json.dumps(stated).encode()

    return change


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (restated(acts=lambda acts: acts[1:]), "event-version"),
        (restated(registry=lambda acts: acts[:-1]), "role-missing"),
        (restated(registry=lambda acts: [acts[0], *acts[2:]]), "event-version"),
        (restated(acts=lambda acts: [*acts, 9]), "file-unreadable"),
        (restated(acts=lambda _: []), "proof-malformed"),
        (restated(acts=lambda _: list(range(10_000))), "proof-malformed"),
        (restated(of=lambda _: {"acts": [0, 10**15]}), "entry-missing"),  # type: ignore[arg-type,return-value]
        (lambda members: members.update({"partial.json": b"[]"}), "manifest"),
        (lambda members: members.pop("checkpoint"), "file-unreadable"),
    ],
)
def test_a_part_that_the_log_itself_cuts_short(
    change: Callable[[Members], object], code: str, given: tuple[House, LogStore, Path], tmp_path: Path
) -> None:
    """Given acts left out and all signed again with the log's key, then what is missing shows."""
    house, _, path = given
    report = report_on(resealed(path, change, house, tmp_path / "cut.zip"), house, tmp_path)
    assert code in {row["code"] for row in report["bad"]}, report["bad"]


def test_a_range_without_one_of_its_acts(house: House, tmp_path: Path) -> None:
    """Given a range that lacks an act, though the log signed the bundle, then that act is named."""
    append_boxes(house, 6)
    store, path = publish(house), tmp_path / "range.zip"
    store.partial_bundle(path, house.signers_of(house.main)[0], Part(of={"acts": (3, 7)}, acts=[3, 4, 6, 7]))
    report = report_on(path, house, tmp_path)
    assert [(row["act"], row["code"]) for row in report["bad"]] == [(5, "entry-missing")]
    store.partial_bundle(path, house.signers_of(house.main)[0], Part(of={"acts": (3, 7)}, acts=range(3, 8)))
    assert report_on(path, house, tmp_path)["bad"] == []


def test_every_registry_act_comes_along(given: tuple[House, LogStore, Path]) -> None:
    """Given a bundle, then the events of the registry's stream in it are all there are."""
    house, _, path = given
    members = members_of(path)
    stream = registry_stream(house.main.origin).bytes
    held = sum(data.count(stream) for name, data in members.items() if name.endswith(".events"))
    with house.main.datastore.get_connection() as connection:
        row = connection.execute(
            "SELECT count(*) FROM main_log.event WHERE originator_id = %s", (registry_stream(house.main.origin),)
        ).fetchone()
    assert row is not None
    assert held == row["count"] > 0
