"""Data folders made to be thrown away: what a killed run left goes with the next, what is in use stays."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from mocban.database.thrown_away import thrown_away

WORKING = """
import sys
from mocban.database.thrown_away import thrown_away
with thrown_away("mocban-drill-") as folder:
    print(folder, flush=True)
    sys.stdin.read()
"""


def test_what_a_killed_run_left_goes_with_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given one run at work and one killed, when a third begins, only the killed one's folder goes."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", WORKING], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "TMPDIR": str(tmp_path)}, cwd=Path(__file__).parents[2],
        )
        for _ in range(2)
    ]  # fmt: skip
    in_use, left = (Path(str(run.stdout and run.stdout.readline()).strip()) for run in runs)
    runs[1].kill()
    runs[1].wait()
    (tmp_path / "mocban-drill-mine").mkdir()
    with thrown_away("mocban-drill-") as third:
        assert third.stat().st_mode & 0o777 == 0o711
        assert sorted(tmp_path.iterdir()) == sorted([in_use, third, tmp_path / "mocban-drill-mine"])
    assert not left.exists()
    runs[0].communicate("")
    assert sorted(tmp_path.iterdir()) == [tmp_path / "mocban-drill-mine"]
