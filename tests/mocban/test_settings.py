"""A data folder that cannot be is told in words: nothing falls through to a stack trace."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mocban.environment_problem import EnvironmentProblem
from mocban.settings import Settings


@pytest.mark.parametrize(
    ("home", "code"),
    [
        ("{}/file", "setting-unfit"),
        ("{}/" + "x" * 300, "home-unwritable"),
        ("~nobody-of-this-name/x", "home-unwritable"),
    ],
)
def test_a_home_that_cannot_be_is_named(tmp_path: Path, home: str, code: str) -> None:
    """Given a file, a name too long, the home of nobody, when read, then the problem says which value it is."""
    (tmp_path / "file").touch()
    with pytest.raises(EnvironmentProblem) as problem:
        Settings.from_environment({"MOCBAN_HOME": home.format(tmp_path)})
    assert problem.value.code == code


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_a_home_behind_a_closed_folder_is_the_machines_matter(tmp_path: Path) -> None:
    """Given a folder of root's, when another account asks, then it is a problem of the machine (exit 3)."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    program = (
        "import os; from mocban.environment_problem import EnvironmentProblem; from mocban.settings import Settings\n"
        "os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        "try:\n    Settings.from_environment()\nexcept EnvironmentProblem as problem:\n    print(problem.code)"
    )
    environment = {**os.environ, "MOCBAN_HOME": str(closed / "home")}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "home-unwritable"), done.stderr
