"""What people type wrongly: words and an exit code, never a stack trace, and nothing left behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import repeat
from pathlib import Path

import pytest

from ledger.bundle import write_members
from mocban.__main__ import main
from mocban.surroundings import environment_problem
from signing.durable_file import write_durably
from signing.note import Ed25519Signer


@pytest.mark.parametrize(
    "words",
    [("act", "show", "/nope\udcff", "--json"), ("reorganization", "check", "/nope\udcff.yaml", "--json")],
)
def test_an_argument_that_is_no_text_is_refused(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    """Given bytes that are not UTF-8, then exit 2 and words that can be printed."""
    assert main(words) == 2
    assert json.loads(capsys.readouterr().out)["problem"]["code"] == "argument-not-text"


_AT = """
import sys, time
def clock():
    raise OverflowError("timestamp too large to convert to C _PyTime_t")
time.time = clock
from mocban.__main__ import main
sys.exit(main(["key", "list", "--json"]))
"""


def test_a_clock_that_nobody_set_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Given a clock before 1970, or too late for Python to read at all, then exit 3 and what to do, and no home."""
    for seconds in (-1.0, 253_402_300_800.0):
        assert main(("key", "list", "--json"), repeat(seconds).__next__) == 3
        assert json.loads(capsys.readouterr().out)["problem"]["code"] == "clock-not-set"
    told = subprocess.run(
        [sys.executable, "-c", _AT], env=os.environ | {"MOCBAN_HOME": str(tmp_path / "home")}, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert (told.returncode, json.loads(told.stdout)["problem"]["code"]) == (3, "clock-not-set")
    assert "Traceback" not in told.stderr
    assert not (tmp_path / "home").exists()


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


def test_a_device_or_pipe_is_never_replaced_by_a_file(tmp_path: Path) -> None:
    """Given an output that is no file, also through a link, then a refusal, and it is what it was."""
    (tmp_path / "device").symlink_to("/dev/null")
    (tmp_path / "stdout").symlink_to("/proc/self/exe")  # a regular file for once, as stdout may be
    os.mkfifo(tmp_path / "pipe")
    origin, key = "x.example/1", Ed25519Signer("x.example/1", bytes(32))
    for name in ("device", "pipe", "stdout"):
        for write in (
            lambda path: write_durably(path, b"new"),
            lambda path: write_members(origin, iter([("a", b"new")]), path, key),
        ):
            with pytest.raises(OSError) as fault:  # noqa: PT011  whichever of its kinds
                write(tmp_path / name)
            problem = environment_problem(fault.value, tmp_path)
            assert problem is not None
            assert problem.code == "path-unfit"
            assert problem.facts["path"] == str(tmp_path / name)
    assert (tmp_path / "device").is_char_device()
    assert (tmp_path / "pipe").is_fifo()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["device", "pipe", "stdout"]


def test_a_link_to_a_file_is_not_followed(tmp_path: Path) -> None:
    """Given an output that is a link, as in a folder of somebody else's, then what it leads to stays as it is."""
    (tmp_path / "kept").write_bytes(b"old")
    for name in ("kept", "nowhere"):
        (tmp_path / "link").unlink(missing_ok=True)
        (tmp_path / "link").symlink_to(tmp_path / name)
        write_durably(tmp_path / "link", b"new")
        assert ((tmp_path / "link").is_symlink(), (tmp_path / "link").read_bytes()) == (False, b"new")
    assert (tmp_path / "kept").read_bytes() == b"old"
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize(
    "words", [("none.zip",), ("",), ("folder", "--trust", "none.json"), ("folder", "--checkpoint", "pipe"), ("pipe",)]
)
def test_a_script_is_told_what_the_verifier_cannot_take(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    """Given a path, trust file or checkpoint that is no file, then exit 2 and an object with code and texts."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    assert main(["verify", *words, "--json"]) == 2
    problem = json.loads(capsys.readouterr().out)["problem"]
    assert problem["code"] == "usage-wrong"
    assert words[-1] in problem["vi"]


def test_a_folder_without_a_ledger_is_told_so_and_left_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given a data folder where nothing was founded, then its rows cannot be checked, and no server is made for it."""
    monkeypatch.setenv("MOCBAN_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert main(["verify", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["problem"]["code"] == "nothing-published"
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("number", ["0", "-5", "many"])
def test_a_drill_of_nothing_is_refused(number: str) -> None:
    """Given no falsification to make, then usage, for nothing tried is nothing shown."""
    with pytest.raises(SystemExit) as ended:
        main(["drill", "tamper", "--mutations", number])
    assert ended.value.code == 2
