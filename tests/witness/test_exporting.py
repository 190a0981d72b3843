"""What is taken away waits for its witnesses, and says what to do where they do not answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mocban.__main__ import main
from mocban.database import Databases
from mocban.witness.policy import FILE
from signing.checkpoint import parse_checkpoint_text
from signing.note import parse_note
from tests.witness.serving import serving, signer_of, witness_of


def test_an_export_waits_for_its_quorum(
    tmp_path: Path, database: Databases, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given a witness that does not know the log yet, what is missing is told, exit 1; once it does, all of it holds.

    Last, a folder of another history: exit 4.
    """
    home, out = tmp_path / "home", tmp_path / "out"
    given = {
        "MOCBAN_HOME": home, "DATABASE_URL": database.main_admin, "MOCBAN_KEYS_DATABASE_URL": database.keys_admin,
        "MOCBAN_PASSPHRASE": "a passphrase for tests",
    }  # fmt: skip
    for name, value in given.items():
        monkeypatch.setenv(name, str(value))

    def run(*words: object) -> tuple[int, Any, str]:
        code = main([*map(str, words), "--json"])
        said = capsys.readouterr()
        return code, json.loads(said.out.splitlines()[-1]), said.err

    code, told, _ = run("log", "export", out / "log")
    assert (code, "quorum" in told) == (0, False), "no policy, nobody is asked for"
    vkey, witness = signer_of().verifier_key, witness_of(tmp_path / "witness")
    with serving(witness) as url:
        (home / FILE).write_text(f"witness one {vkey.text()} {url}\nquorum one\n")
        assert run("log", "trust", out / "trust.json")[0] == 0
        code, told, err = run("log", "export", out / "log", "--wait", 0)
        assert (code, told["met"], told["cosigned"], told["quorum"]) == (1, False, 0, 1)
        assert told["problem"]["code"] == "export-not-cosigned"
        assert all("./run witness collect" in told["problem"][language] for language in ("vi", "en"))
        assert "witness-quorum" in err
        assert run("verify", out / "log", "--trust", out / "trust.json")[0] == 4
        trust = json.loads((out / "trust.json").read_bytes())
        witness.logs.trust(trust["origin"], trust["vkeys"])
        for part, path in ((["export"], "log"), (["bundle"], "bundle.zip"), (["proof", "--position", 0], "proof")):
            code, told, _ = run("log", *part, out / path)
            assert (code, told["met"]) == (0, True), part
            assert run("verify", out / path, "--trust", out / "trust.json")[0] == 0
    for part in (["export", out / "log"], ["bundle", out / "again.zip"], ["proof", "--position", 0, out / "again"]):
        main(["log", *map(str, part), "--wait", "0"])
        lines = capsys.readouterr().out.splitlines()
        assert len(lines) > 3
        assert all(" · " in line.partition(": ")[0] for line in lines), lines
    note = (out / "log" / "checkpoint").read_bytes()
    (home / FILE).write_text("nonsense\n")
    code, told, _ = run("log", "bundle", out / "spoilt.zip")
    assert (code, told["problem"]["code"], (out / "spoilt.zip").exists()) == (1, "witness-policy-unfit", True)
    assert parse_checkpoint_text(parse_note(note).text).size == told["acts"]
    (out / "log" / "checkpoint").write_bytes(note.replace(b"\n", b"\n9", 1))
    code, told, _ = run("log", "export", out / "log", "--wait", 0)
    assert (code, told["problem"]["code"]) == (4, "export-contradicts")
