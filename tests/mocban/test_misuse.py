"""What people type wrongly: words and an exit code, never a stack trace, and nothing left behind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mocban.__main__ import main
from mocban.surroundings import environment_problem
from signing.durable_file import write_durably


@pytest.mark.parametrize(
    "words",
    [("act", "show", "/nope\udcff", "--json"), ("reorganization", "check", "/nope\udcff.yaml", "--json")],
)
def test_an_argument_that_is_no_text_is_refused(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    """Given bytes that are not UTF-8, then exit 2 and words that can be printed."""
    assert main(words) == 2
    assert json.loads(capsys.readouterr().out)["problem"]["code"] == "argument-not-text"


def test_a_path_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    """Given a folder where a file should be, or a file as a folder, then the path is named; nothing is left beside."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"")
    for path in (tmp_path / "folder", tmp_path / "file" / "x"):
        with pytest.raises(OSError) as fault:  # noqa: PT011  whichever of its kinds
            write_durably(path, b"new")
        problem = environment_problem(fault.value, tmp_path)
        assert problem is not None
        assert problem.code == "path-unfit"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder"]


@pytest.mark.parametrize("number", ["0", "-5", "many"])
def test_a_drill_of_nothing_is_refused(number: str) -> None:
    """Given no falsification to make, then usage, for nothing tried is nothing shown."""
    with pytest.raises(SystemExit) as ended:
        main(["drill", "tamper", "--mutations", number])
    assert ended.value.code == 2
