"""A background process is known by the lock it holds, and ends when asked."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from domain.errors import Refusal
from mocban.process_note import end_process, noted_process, process_note, waiting_turn

_HOLD = """
import sys, time
from pathlib import Path
from mocban.process_note import process_note
with process_note(Path(sys.argv[1]), "serve"):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the note `serve`."""
    with subprocess.Popen([sys.executable, "-c", _HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_the_data_folder_is_its_accounts_own(tmp_path: Path) -> None:
    """Given no data folder and a machine where all may read what is new, whoever notes itself first makes it closed."""
    before = os.umask(0o022)
    try:
        for hold in (process_note, waiting_turn):
            with hold(tmp_path / hold.__name__ / "run", "serve"):
                made = (tmp_path / hold.__name__, tmp_path / hold.__name__ / "run")
                assert [folder.stat().st_mode & 0o777 for folder in made] == [0o700, 0o700]
    finally:
        os.umask(before)


def test_a_holder_is_seen_and_ended(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    """`stop` finds the process, ends it, and a second time finds none."""
    assert noted_process(tmp_path, "serve") == holder.pid
    assert end_process(tmp_path, "serve")
    assert holder.wait(10) == -signal.SIGTERM
    assert not end_process(tmp_path, "serve")


def test_a_second_holder_is_refused(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    """Two servers never run on one home."""
    with pytest.raises(Refusal) as refused, process_note(tmp_path, "serve"):
        pass
    assert refused.value.code == "already-running"
    assert noted_process(tmp_path, "serve") == holder.pid


def test_a_killed_holder_is_forgotten(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    """After kill -9 the number in the file means nothing, and the note can be taken at once."""
    holder.kill()
    holder.wait(10)
    assert noted_process(tmp_path, "serve") is None
    with process_note(tmp_path, "serve"):
        assert noted_process(tmp_path, "serve") == os.getpid()
    assert noted_process(tmp_path, "serve") is None


def test_the_second_of_a_name_waits_for_its_turn(tmp_path: Path) -> None:
    """Given one that works, a second of the same name begins only when the first has ended."""
    order: list[str] = []

    def second() -> None:
        with waiting_turn(tmp_path, "demo"):
            order.append("second")

    waiting = Thread(target=second)
    with waiting_turn(tmp_path, "demo"):
        waiting.start()
        waiting.join(0.3)
        order.append("first")
    waiting.join(10)
    assert order == ["first", "second"]
