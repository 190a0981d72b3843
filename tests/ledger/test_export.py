"""What is published can be checked by a stranger, and an export never tells another history."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from base64 import b64encode
from collections.abc import Callable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

import signing.log_verifier
import signing.standalone_verifier
from domain.errors import Refusal
from domain.sealed import Plain
from ledger.access_publication import publish_access_checkpoint
from ledger.export import export_log
from ledger.log_store import LogStore
from signing.merkle import leaf_hash
from tests.ledger.conftest import House
from tests.ledger.test_append import append_boxes
from tests.ledger.test_sequencer import sequencer


def verdict(path: Path, trust: Path | None = None) -> tuple[int, dict[str, Any]]:
    """What the stand-alone verifier says, and the one of `verify` must say the same.

    Within this process: a hundred tests ask, and what each is as a program of its own is tested where it is told of.
    """
    words = [str(path), "--json", *(["--trust", str(trust)] if trust else [])]
    fast = _said(signing.log_verifier.main, [*words, "--processes", "1"])
    alone = _said(signing.standalone_verifier.main, words)
    said = (fast, alone)
    same = (
        "given",
        "acts",
        "events",
        "from",
        "to",
        "checkpoint",
        "anchored",
        "questioned",
        "verdict",
        "of",
        "at",
        "registry",
        "manifest",
        "timestamps",
        "not_compared",
    )
    assert [fast[1].get(name) for name in same] == [alone[1].get(name) for name in same], said
    return alone


def _said(program: Callable[[list[str]], int], words: list[str]) -> tuple[int, dict[str, Any]]:
    with redirect_stdout(StringIO()) as printed:
        code = program(words)
    return code, json.loads(printed.getvalue())


def trust_file(house: House, folder: Path) -> Path:
    """A trust file for the main log."""
    path = folder / "trust.json"
    content = {
        "genesis": b64encode(LogStore(house.main, house.home).genesis_leaf_hash()).decode(),
        "origin": house.main.origin,
        "vkeys": [key.text() for key in house.main.log_keys()],
        "policy": {"quorum": 0, "witnesses": []},
    }
    path.write_text(json.dumps(content))
    return path


def publish(house: House) -> LogStore:
    """Both logs sequenced, the access log anchored in the main log."""
    for ledger in (house.access, house.main):
        line = sequencer(house, ledger)
        line.advance()
        if ledger is house.access:
            publish_access_checkpoint(house.main, LogStore(house.access, house.home), house.clerk)
        line.close()
    return LogStore(house.main, house.home)


def test_a_stranger_verifies_an_export_that_grows(house: House, tmp_path: Path) -> None:
    """Exports at three sizes, into one folder, verify against the trust file; only what is new is written."""
    folder = tmp_path / "export"
    for count in (2, 300, 1):
        append_boxes(house, count)
        house.pack(uuid4(), label=Plain("Một tiêu đề"))
        store = publish(house)
        assert store.export(folder) > 0
        assert store.export(folder) == 0
        code, report = verdict(folder, trust_file(house, tmp_path))
        assert (code, report.get("anchored")) == (0, True), report


def test_a_bundle_is_deterministic_and_verifies(house: House, tmp_path: Path) -> None:
    """Two bundles of one checkpoint are the same bytes; both verify, also by the verifier inside."""
    append_boxes(house, 5)
    store = publish(house)
    signer = house.signers_of(house.main)[0]
    paths = (tmp_path / "a.zip", tmp_path / "b.zip")
    for path in paths:
        store.bundle(path, signer)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert verdict(paths[0], trust_file(house, tmp_path))[0] == 0
    with zipfile.ZipFile(paths[0]) as archive:
        assert {"MANIFEST", "policy", "genesis", "FORMATS.txt", "verify.py", "checkpoint"} <= set(archive.namelist())
        archive.extract("verify.py", tmp_path)
    done = subprocess.run(
        [sys.executable, "-I", str(tmp_path / "verify.py"), str(paths[1])], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_a_tampered_export_is_named(house: House, tmp_path: Path) -> None:
    """One changed byte of an event is found, with the act it belongs to."""
    append_boxes(house, 5)
    publish(house).export(tmp_path / "export")
    bundle = next(path for path in (tmp_path / "export" / "tile" / "events").rglob("*") if path.is_file())
    bundle.write_bytes(bundle.read_bytes().replace(b'"piece":1', b'"piece":2', 1))
    code, report = verdict(tmp_path / "export", trust_file(house, tmp_path))
    assert code == 4
    assert '"act": 3' in json.dumps(report)


def test_an_export_folder_of_another_history_is_left_alone(house: House, tmp_path: Path) -> None:
    """A folder with another checkpoint or other tiles is refused and stays as it was."""
    store = publish(house)
    folder = tmp_path / "export"
    store.export(folder)
    ahead = tmp_path / "ahead"
    house.pack(uuid4())
    publish(house).export(ahead)
    (folder / "checkpoint").write_bytes((folder / "checkpoint").read_bytes().replace(b"/", b"0", 1))
    append_boxes(house, 300)
    now = publish(house)
    before = sorted(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    with pytest.raises(Refusal) as refused:
        now.export(folder)
    assert refused.value.code == "export-contradicts"
    assert sorted(path.read_bytes() for path in folder.rglob("*") if path.is_file()) == before
    assert now.export(ahead) > 0
    tile = next(path for path in (ahead / "tile" / "entries").rglob("000"))
    tile.write_bytes(tile.read_bytes()[:-1] + b"x")
    with pytest.raises(Refusal) as refused:
        now.export(ahead)
    assert (refused.value.code, refused.value.facts["index"]) == ("export-contradicts", 255)


def _flip(folder: Path, kind: str, needle: bytes) -> None:
    """One byte of the bundle in which `needle` lies."""
    for path in (folder / "tile" / kind).rglob("*"):
        if path.is_file() and needle in path.read_bytes():
            data = path.read_bytes()
            at = data.index(needle)
            path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
            return
    raise AssertionError("no such bundle")


@pytest.mark.parametrize("kind", ["0", "entries", "events", "positions", "genesis"])
def test_the_first_act_that_differs_is_named(house: House, tmp_path: Path, kind: str) -> None:
    """Given an export in which one act's hash, note, event or position is another, the refusal names that act."""
    for piece in range(6):
        house.pack(uuid4(), piece)
    store = publish(house)
    store.export(tmp_path / "export")
    size = store.checkpoint()[0].size
    note, [entry] = house.main.note_of(5), house.main.entries(5, 6)
    needles = {"0": leaf_hash(note), "entries": note, "events": entry, "positions": (5).to_bytes(8, "big")}
    if kind == "genesis":
        (tmp_path / "export" / "genesis").write_bytes(b"another")
    else:
        _flip(tmp_path / "export", kind, needles[kind])
    with pytest.raises(Refusal) as refused:
        store.export(tmp_path / "export")
    assert refused.value.facts["index"] == (5 if kind != "genesis" else 0)
    assert store.checkpoint()[0].size == size


def test_an_export_that_is_ahead_names_the_first_act_the_ledger_lacks(house: House, tmp_path: Path) -> None:
    """Given an export of a longer history, and one whose checkpoint alone is another, both are told where they part."""
    append_boxes(house, 2)
    before = publish(house).published()
    append_boxes(house, 3)
    publish(house).export(tmp_path / "export")
    with pytest.raises(Refusal) as refused:
        export_log(before, tmp_path / "export")
    assert refused.value.facts["index"] == before.checkpoint.size


def test_tiles_of_another_history_are_refused_without_a_checkpoint_too(house: House, tmp_path: Path) -> None:
    """Given a folder whose checkpoint is gone and one of whose tiles is another's, the export refuses it."""
    append_boxes(house, 3)
    store = publish(house)
    store.export(tmp_path / "export")
    (tmp_path / "export" / "checkpoint").unlink()
    _flip(tmp_path / "export", "entries", house.main.note_of(4))
    with pytest.raises(Refusal) as refused:
        store.export(tmp_path / "export")
    assert (refused.value.code, refused.value.facts["index"]) == ("export-contradicts", 4)


def test_an_export_that_was_cut_short_is_taken_up(house: House, tmp_path: Path) -> None:
    """Given torn files beyond the folder's own checkpoint, as a power cut leaves them, the next export mends them."""
    append_boxes(house, 2)
    publish(house).export(tmp_path / "export")
    append_boxes(house, 2)
    published = publish(house).published()
    torn = [path for path in published.tile_paths() if not (tmp_path / "export" / path).exists()]
    for number, path in enumerate(torn):
        data = published.tiles.read(path)
        (tmp_path / "export" / path).write_bytes(data[: number * 3] + bytes(number))
    assert export_log(published, tmp_path / "export") >= len(torn) > 0
    assert verdict(tmp_path / "export", trust_file(house, tmp_path))[0] == 0
