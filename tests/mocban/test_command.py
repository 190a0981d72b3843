"""The command speaks two languages, keeps its exit codes, and never shows a stack trace."""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.errors import Refusal
from mocban.__main__ import main
from mocban.cli import db
from mocban.cli.registry import COMMANDS, parser
from mocban.environment_problem import EnvironmentProblem
from signing.keystore import FileKeystore


def _mocban(home: Path, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "HOME"}}
    return subprocess.run(
        [sys.executable, "-m", "mocban", *arguments],
        env={**environment, "MOCBAN_HOME": str(home), **changes},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_help_lists_every_command_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Each command has a word and one line in both languages."""
    assert main([]) == 0
    shown = capsys.readouterr().out
    for command in COMMANDS:
        assert " · " in command.HELP
        assert "\n" not in command.HELP
        assert re.search(rf"^    {command.NAME}\s", shown, re.MULTILINE)  # a long name has its line to itself


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["no-such-command"], "không có 'no-such-command'; chọn trong "),
        (["db"], "thiếu "),
        (["db", "dance"], "không có 'dance'; chọn trong "),
        (["stop", "--no-such-option"], "không có đối số --no-such-option"),
        (["serve", "--port", "nhiều"], "'nhiều' không phải số nguyên"),
        (["serve", "--port"], "--port: thiếu giá trị"),
        (["log", "proof", "--act", "-1", "x"], "số nguyên từ 0 · a whole number from 0"),
    ],
)
def test_misuse_exits_2_and_says_so_in_both_languages(
    arguments: list[str], said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Wrong usage is told apart from every other failure, Vietnamese first; with `--json` also as a problem."""
    monkeypatch.setattr("sys.argv", ["./run", *arguments, "--json"])
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    out, err = capsys.readouterr()
    problem = json.loads(out)["problem"]
    assert problem["code"] == "usage-wrong"
    assert said in problem["vi"]
    assert err.startswith("cách dùng · usage: ./run ")
    assert err.index("Sai cách dùng: ") < err.index("Wrong usage: ")


def _helps(whole: argparse.ArgumentParser) -> Iterator[tuple[str, str]]:
    for action in whole._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from ((f"{whole.prog} {one.dest}", one.help or "") for one in action._choices_actions)
            for part in action.choices.values():
                yield from _helps(part)
        elif action.help != argparse.SUPPRESS:
            yield f"{whole.prog} {'/'.join(action.option_strings) or action.dest}", action.help or ""


def test_every_argument_is_told_in_both_languages() -> None:
    """Of every part of every command."""
    told = dict(_helps(parser()))
    assert len(told) > 400
    assert [name for name, text in told.items() if " · " not in text] == []


def test_help_has_no_word_in_english_alone(capsys: pytest.CaptureFixture[str]) -> None:
    """The headings and the line of `--help` itself too."""
    with pytest.raises(SystemExit) as ended:
        main(["db", "--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    assert shown.startswith("cách dùng · usage: ./run db")
    assert "tùy chọn · options:" in shown
    assert "hiện trợ giúp này · show this help" in shown
    assert not re.search(r"^(usage|options|positional arguments):|show this help message", shown, re.MULTILINE)


@pytest.mark.parametrize(
    ("problem", "code"),
    [
        (EnvironmentProblem("database-programs-missing"), 3),
        (Refusal("already-running", name="serve"), 1),
        (ValueError("Nguyễn Văn Mẫu"), 1),
        (KeyboardInterrupt(), 130),
    ],
)
def test_every_problem_becomes_words_and_a_code(
    problem: BaseException,
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    """A refusal, a fault and an interruption end with their exit code, and a message of a fault is kept nowhere."""

    def fail(args: argparse.Namespace) -> int:
        raise problem

    monkeypatch.setenv("MOCBAN_HOME", str(tmp_path))
    monkeypatch.setattr(db, "run", fail)
    assert main(["db", "status", "--json"]) == code
    shown = capsys.readouterr()
    assert "Traceback" not in shown.err + shown.out
    assert "Mẫu" not in shown.err + shown.out
    assert not any("Mẫu" in log.read_text() for log in tmp_path.rglob("*.log"))
    if code in (1, 3):
        told = json.loads(shown.out.splitlines()[-1])["problem"]
        assert told["vi"] in shown.err
        assert told["en"] in shown.err


def test_the_database_starts_migrates_and_stops_by_command(home: Path) -> None:
    """From nothing to a migrated cluster and back, without HOME, in another process each time."""
    assert json.loads(_mocban(home, "db", "status", "--json").stdout)["running"] is False
    assert "main/0001_roles.sql" in json.loads(_mocban(home, "migrate", "--json").stdout)["applied"]
    assert json.loads(_mocban(home, "migrate", "--json").stdout) == {"applied": []}
    assert json.loads(_mocban(home, "db", "status", "--json").stdout)["running"] is True
    assert json.loads(_mocban(home, "stop", "--json").stdout) == {"server_stopped": False, "database_stopped": True}
    assert json.loads(_mocban(home, "stop", "--json").stdout) == {"server_stopped": False, "database_stopped": False}


def test_an_unreachable_server_exits_3(home: Path) -> None:
    """DATABASE_URL that leads nowhere is the surroundings' problem, and its password is not repeated."""
    done = _mocban(home, "migrate", DATABASE_URL="postgresql://clerk:hush@127.0.0.1:1/archive")
    assert done.returncode == 3
    assert "hush" not in done.stderr + done.stdout
    assert "database-unreachable" in done.stderr


@pytest.mark.parametrize("option", ["--scans", "--worksheet"])
def test_input_that_is_not_there_exits_2(home: Path, option: str) -> None:
    """The demo refuses a folder or worksheet that does not exist before it starts anything."""
    done = _mocban(home, "demo", option, str(home / "nowhere"), "--json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["problem"]["code"] in {"folder-missing", "file-missing"}
    assert not home.exists()


def test_a_wrong_passphrase_exits_3(home: Path) -> None:
    """Keys that do not open are the surroundings' problem, told in words."""
    FileKeystore(home / "keys", "the right one")
    done = _mocban(home, "rebuild", MOCBAN_PASSPHRASE="another one")
    assert (done.returncode, "(keystore-passphrase)" in done.stderr) == (3, True)
    assert "one" not in done.stdout


def test_a_home_that_is_a_file_exits_3(tmp_path: Path) -> None:
    """MOCBAN_HOME must be a folder."""
    (tmp_path / "home").write_text("")
    done = _mocban(tmp_path / "home", "db", "status")
    assert done.returncode == 3
    assert "MOCBAN_HOME" in done.stderr
