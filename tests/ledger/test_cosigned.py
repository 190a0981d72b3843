"""Cosigned checkpoints travel: export and bundle carry the lines, and the verifier counts them by its trust file."""

from __future__ import annotations

import json
import zipfile
from contextlib import ExitStack
from pathlib import Path

import pytest

from ledger.log_store import LogStore
from mocban.witness.collecting import Collector
from mocban.witness.policy import Policy, PolicyWitness
from tests.ledger.conftest import House
from tests.ledger.test_append import append_boxes
from tests.ledger.test_export import publish, trust_file, verdict
from tests.witness.serving import serving, signer_of, witness_of

KEYS = [signer_of(number).verifier_key for number in range(4)]


def trusting(house: House, folder: Path, quorum: int, *numbers: int) -> Path:
    """A trust file whose policy names these witnesses."""
    path = trust_file(house, folder)
    content = json.loads(path.read_text())
    content["policy"] = {"quorum": quorum, "witnesses": [KEYS[number].text() for number in numbers]}
    path.write_text(json.dumps(content))
    return path


@pytest.fixture
def cosigned(house: House, tmp_path: Path) -> LogStore:
    """A published log that witnesses 1 and 2 cosigned, not 3."""
    append_boxes(house, 3)
    store = publish(house)
    with ExitStack() as stack:
        witnesses = []
        for number in (1, 2):
            witness = witness_of(tmp_path / f"w{number}", number=number)
            witness.logs.trust(house.main.origin, [key.text() for key in house.main.log_keys()])
            url = stack.enter_context(serving(witness))
            witnesses.append(PolicyWitness(name=f"w{number}", key=KEYS[number], url=url))
        policy = Policy(witnesses=tuple(witnesses), members=("w1", "w2"), quorum=2)
        collector = Collector(house.home)
        assert collector.round(policy).met
        append_boxes(house, 300)
        publish(house)
        assert collector.round(policy).met
    return store


def test_a_quorum_is_met_or_not(cosigned: LogStore, house: House, tmp_path: Path) -> None:
    """Given two cosignatures, when verified under trust files of k of n, then k of those named must be there."""
    folder, bundle = tmp_path / "export", tmp_path / "bundle.zip"
    cosigned.export(folder)
    cosigned.bundle(bundle, house.signers_of(house.main)[0])
    with zipfile.ZipFile(bundle) as archive:
        assert archive.read("checkpoint") == (folder / "checkpoint").read_bytes() == cosigned.checkpoint()[1]
    for path, quorum, numbers, said in (
        (folder, 2, (1, 2), ""),
        (bundle, 2, (1, 2, 3), ""),
        (folder, 3, (1, 2, 3), "2 < 3"),
        (bundle, 2, (2, 3), "1 < 2"),
        (folder, 1, (3,), "0 < 1"),
    ):
        code, report = verdict(path, trusting(house, tmp_path, quorum, *numbers))
        assert code == (4 if said else 0)
        assert [bad["code"] for bad in report["bad"]] == (["witness-quorum"] if said else [])
        assert all(said in bad["detail"] for bad in report["bad"])


def test_a_later_checkpoint_is_served_before_it_is_cosigned(cosigned: LogStore, house: House, tmp_path: Path) -> None:
    """Given witnesses that are gone, when acts follow, then the log goes on, and its new checkpoint lacks a quorum."""
    before = cosigned.checkpoint()
    append_boxes(house, 1)
    store = publish(house)
    assert store.checkpoint()[0].size == before[0].size + 1
    assert KEYS[1].name.encode() in before[1]
    assert KEYS[1].name.encode() not in store.checkpoint()[1]
    store.export(tmp_path / "export")
    assert verdict(tmp_path / "export", trusting(house, tmp_path, 1, 1, 2))[0] == 4
    assert verdict(tmp_path / "export", trusting(house, tmp_path, 0))[0] == 0


def test_a_spoilt_cosignature_condemns_the_checkpoint(cosigned: LogStore, house: House, tmp_path: Path) -> None:
    """Given an export whose cosignature was changed, when verified by who knows the witness, then refused."""
    cosigned.export(tmp_path / "export")
    path = tmp_path / "export" / "checkpoint"
    *lines, last = path.read_bytes().splitlines(keepends=True)
    middle = len(last) - 30
    changed = b"A" if last[middle : middle + 1] != b"A" else b"B"
    path.write_bytes(b"".join(lines) + last[:middle] + changed + last[middle + 1 :])
    code, report = verdict(tmp_path / "export", trusting(house, tmp_path, 1, 1, 2))
    assert code == 4
    assert {bad["code"] for bad in report["bad"]} <= {"checkpoint-signature", "checkpoint-malformed"}
