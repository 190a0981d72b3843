"""Misuse of `custody` is told before anything is opened."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mocban.__main__ import main


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("rebuild --unit 00097", "unit-code-without-date"),
        ("rebuild --unit 00097 --as-of 2025", "question-date-partial"),
        ("rebuild --unit 00097 --as-of 2025-02-30", "date-impossible"),
        ("rebuild --unit 00097 --all", "unit-or-all"),
        ("rebuild", "unit-or-all"),
        ("rebuild --all --letter letter.pdf", "unit-or-all"),
        ("ask --questions nowhere.jsonl", "file-missing"),
        ("holdings --agency X --as-of 2025", "question-date-partial"),
        ("holdings --agency X --after ???", "page-key-unfit"),
        ("holdings --agency X --after WzEsMl0=", "page-key-unfit"),
        ("chain --file X --date 2025", "question-date-partial"),
        ("chain --file X --svg chain.png", "preview-output-form"),
        ("chain --file X --svg nowhere/chain.svg", "folder-missing"),
        ("continue --file X --as Y --basis B --on 2025-02-30", "date-impossible"),
        ("certificate --file X certificate.txt", "preview-output-form"),
        ("certificate --file X nowhere/certificate.pdf", "folder-missing"),
    ],
)
@pytest.mark.parametrize("json_first", [True, False])
def test_misuse_is_told_and_exits_2(
    words: str,
    code: str,
    json_first: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    """A code without its day, a day that is none, no file: each by its code in both languages, and no home is made."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MOCBAN_HOME", str(tmp_path / "home"))
    arguments = ["--json", *words.split()] if json_first else [*words.split(), "--json"]
    assert main(["custody", *arguments]) == 2
    problem = json.loads(capsys.readouterr().out.splitlines()[-1])["problem"]
    assert problem["code"] == code
    assert problem["vi"] != problem["en"]
    assert list(tmp_path.iterdir()) == []
