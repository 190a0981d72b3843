"""The command `witness`: a folder of its own, a key made once, a process that is alone and stops cleanly."""

from __future__ import annotations

import json
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from domain.errors import Refusal
from mocban.__main__ import main
from mocban.witness.identity import founded, witness_signer
from mocban.witness.policy import FILE
from signing.note import ED25519_COSIGNATURE, VerifierKey
from tests.witness.log import Log

LOG = Log()


Said = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The witness's folder, named by the environment, beside a product's home."""
    (tmp_path / "home").mkdir()
    monkeypatch.delenv("MOCBAN_PASSPHRASE", raising=False)
    monkeypatch.setenv("MOCBAN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MOCBAN_WITNESS_HOME", str(tmp_path / "witness"))
    return tmp_path / "witness"


@pytest.fixture
def said(store: Path, capsys: pytest.CaptureFixture[str]) -> Said:
    """Runs the command: its exit code and the object it prints last."""

    def run(*words: str) -> tuple[int, dict[str, Any]]:
        code = main(["witness", *words, "--json"])
        return code, json.loads(capsys.readouterr().out.splitlines()[-1])

    return run


def test_from_nothing_to_a_cosigned_checkpoint(tmp_path: Path, store: Path, said: Said) -> None:
    """Given nothing, when a witness is started, told of a log and asked, then it cosigns, and remembers."""
    home = tmp_path / "home"
    LOG.publish(home, 6)
    assert said("collect")[1]["problem"]["code"] == "witness-policy-missing"
    assert said("show")[1]["problem"]["code"] == "witness-absent"
    words = ["witness", "serve", "--port", "0", "--name", "nhan-chung.example/w1", "--json"]
    process = subprocess.Popen(
        [sys.executable, "-m", "mocban", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        vkey = VerifierKey.parse(told["vkey"])
        assert (vkey.name, vkey.type, told["logs"]) == ("nhan-chung.example/w1", ED25519_COSIGNATURE, 0)
        (home / FILE).write_text(f"witness one {told['vkey']} {told['url']}\nquorum one\n")
        code, made = said("collect")
        assert (code, made["met"], made["witnesses"][0]["code"]) == (1, False, "witness-refuses")
        assert said("trust", LOG.origin, *LOG.vkeys)[1]["added"] == 2
        assert said("collect") == (
            0,
            {"size": 6, "quorum": 1, "cosigned": 1, "met": True, "witnesses": [{"name": "one", "cosigned": True}]},
        )
        assert httpx.get(told["url"]).text == (store / "vkey").read_text() == f"{told['vkey']}\n"
        code, refused = said("serve", "--port", "0")
        assert (code, refused["problem"]["code"]) == (1, "already-running")
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
    finally:
        process.kill()
        process.communicate()
    assert said("show")[1] == {"vkey": told["vkey"], "store": str(store), "logs": {LOG.origin: 6}}
    assert said("serve", "--port", "0", "--name", "other")[1]["problem"]["code"] == "witness-name-fixed"
    assert sorted(path.name for path in home.iterdir()) == ["objects", "run", FILE]
    assert stat.S_IMODE((store / "keys").stat().st_mode) == 0o700


def files_of(folder: Path) -> dict[str, bytes]:
    """What lies in a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("lost", "told"),
    [
        ("name", "name"),
        ("keys", "keys/keystore.json"),
        ("keys/keystore.json", "keys/keystore.json"),
        ("keys/secret.witness-ed25519.key", "keys/secret.witness-ed25519.key"),
    ],
)
def test_what_a_witness_lost_is_not_made_anew(store: Path, said: Said, lost: str, told: str) -> None:
    """Given a witness without its key or with an empty name, when shown or served, then refused, nothing written."""
    witness_signer(store, "witness.example/w1")
    if lost == "name":
        (store / lost).write_bytes(b"")
    elif (store / lost).is_dir():
        shutil.rmtree(store / lost)
    else:
        (store / lost).unlink()
    before = files_of(store)
    for words in (["show"], ["serve", "--port", "0"]):
        code, refused = said(*words)
        assert (code, refused["problem"]["code"]) == (1, "witness-store-damaged")
        assert f" {told} " in refused["problem"]["en"]
    assert {path: data for path, data in files_of(store).items() if not path.startswith("run/")} == before


def test_a_making_that_was_cut_off_is_finished(store: Path) -> None:
    """Given a key whose name was not written any more, when made again, then it is the same key."""
    signer = witness_signer(store, "witness.example/w1")
    (store / "name").unlink()
    assert witness_signer(store, "witness.example/w1").verifier_key == signer.verifier_key
    assert witness_signer(store).verifier_key == signer.verifier_key


@pytest.mark.parametrize("name", ["", "nhân chứng", "a+b"])
def test_a_name_that_is_none_makes_no_witness(tmp_path: Path, name: str) -> None:
    """Given a name that no key can bear, the empty one too, then it is refused and no other is taken in its place."""
    with pytest.raises(Refusal, match="witness-name-unfit"):
        witness_signer(tmp_path / "store", name, {"MOCBAN_PASSPHRASE": "x"})
    assert not founded(tmp_path / "store")
