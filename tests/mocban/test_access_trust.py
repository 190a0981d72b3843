"""Who read what, shown to outsiders: the access log with a trust file of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mocban.__main__ import main
from signing import standalone_verifier


@pytest.fixture
def at_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands' own settings."""
    monkeypatch.setenv("MOCBAN_HOME", str(home))
    monkeypatch.setenv("MOCBAN_PASSPHRASE", "a passphrase for tests")


@pytest.mark.usefixtures("at_home")
def test_the_access_log_is_verified_by_its_own_trust_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Given export, bundle and proof of the access log, then its own trust file makes them valid, no other."""
    given = {"export": tmp_path / "nhật ký", "bundle": tmp_path / "access.zip", "proof": tmp_path / "0.tlog-proof"}
    for part, path in given.items():
        assert main(["log", part, str(path), "--access", *(["--act", "0"] if part == "proof" else [])]) == 0
    trust, other = tmp_path / "access.json", tmp_path / "trust.json"
    assert main(["log", "trust", str(trust), "--access"]) == 0
    assert main(["log", "trust", str(other)]) == 0
    capsys.readouterr()
    for path in given.values():
        for program in (lambda words: main(["verify", *words]), standalone_verifier.main):
            assert program([str(path), "--trust", str(trust), "--json"]) == 0
            assert json.loads(capsys.readouterr().out)["verdict"] == "valid"
            assert program([str(path), "--trust", str(other), "--json"]) == 4
            assert "checkpoint-origin" in {row["code"] for row in json.loads(capsys.readouterr().out)["bad"]}
