"""Scans in clear do not outlive a killed reader for longer than until the next one starts."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from digitization.pipeline import Reader
from digitization.working_folder import WorkingFolder

READING = """
import sys
from digitization.working_folder import WorkingFolder
folder = WorkingFolder()
(folder.path / "scan.pdf").write_bytes(b"in clear")
print(folder.path, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The machine's temporary folder."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def reading(place: Path) -> tuple[subprocess.Popen[str], Path]:
    """Another process with a scan in its folder."""
    started = subprocess.Popen(
        [sys.executable, "-c", READING], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "TMPDIR": str(place)}, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert started.stdout is not None
    return started, Path(started.stdout.readline().strip())


def test_what_a_killed_reader_left_is_removed_by_the_next_and_nothing_else(place: Path) -> None:
    """Given one reader at work and one killed, when a third starts, only the killed one's folder goes."""
    (living, at_work), (killed, left) = reading(place), reading(place)
    killed.kill()
    killed.wait()
    strange = place / "mocban-reading-link"
    strange.symlink_to(at_work)
    (place / "mocban-reading-file").write_text("not a folder")
    third = WorkingFolder()
    try:
        assert (left.exists(), (at_work / "scan.pdf").exists(), third.path.exists()) == (False, True, True)
        assert at_work.stat().st_mode & 0o777 == 0o700
        assert strange.is_symlink()
    finally:
        third.close()
        living.communicate("")
    third.close()
    assert not third.path.exists()
    WorkingFolder().close()
    assert not at_work.exists(), "it ended without closing"


def test_a_reader_leaves_nothing(place: Path) -> None:
    """Given a reader, its folder is there while it is open and gone afterwards."""
    with Reader(workers=1):
        assert [one.name.startswith("mocban-reading-") for one in place.iterdir()] == [True]
    assert list(place.iterdir()) == []
