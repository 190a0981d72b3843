"""Workers do what they are asked, each in a process of its own; one that dies harms nobody else; nothing has a name."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest

from digitization import processes
from digitization.workers import WorkerLostError, Workers

READING = """
import sys
from digitization.pipeline import Reader
from digitization.sheet import unread_sheet
if __name__ == "__main__":
    reader = Reader(workers=2)
    assert reader._workers.submit(unread_sheet, 1).result().number == 1
    print("at work", flush=True)
    sys.stdin.read()
"""
_prepared: list[str] = []


def prepare(word: str) -> None:
    """In a child, before anything else."""
    _prepared.append(word)


def who(seconds: float = 0.0) -> tuple[int, list[str]]:
    """Which process it is, and what it was prepared with."""
    sleep(seconds)
    return os.getpid(), _prepared


def refuse(word: str) -> None:
    """As work that fails."""
    raise ValueError(word)


def die() -> None:
    """As when memory runs out."""
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture
def workers() -> Iterator[Workers]:
    """Two."""
    two = Workers(2, processes.context(), prepare, "once")
    yield two
    two.close()


def test_each_works_in_a_process_of_its_own_prepared_once(workers: Workers) -> None:
    """Given six pieces of work for two, they are done in two other processes, each prepared once."""
    done = [workers.submit(who, seconds=0.1) for _ in range(6)]
    told = [future.result() for future in done]
    assert 1 <= len({pid for pid, _ in told}) <= 2
    assert os.getpid() not in {pid for pid, _ in told}
    assert [words for _, words in told] == [["once"]] * 6


def test_what_work_raises_is_raised_where_it_is_waited_for(workers: Workers) -> None:
    """Given work that fails, or cannot travel, then who waits is told, and the next is done."""
    with pytest.raises(ValueError, match="not this"):
        workers.submit(refuse, "not this").result()
    with pytest.raises((AttributeError, TypeError), match="pickle"):
        workers.submit(lambda: None).result()
    assert workers.submit(who).result()[1] == ["once"]


def test_one_that_dies_fails_its_own_work_alone(workers: Workers) -> None:
    """Given a child killed beside another at work, only its own work is lost; another comes in its place."""
    beside = workers.submit(who, 0.5)
    with pytest.raises(WorkerLostError):
        workers.submit(die).result()
    after = workers.submit(who)
    assert after.result()[1] == beside.result()[1] == ["once"]


def test_one_that_died_without_work_is_replaced(workers: Workers) -> None:
    """Given a child killed while it waits, the next work is done by another."""
    pid, _ = workers.submit(who).result()
    os.kill(pid, signal.SIGKILL)
    while pid in _group(os.getpgrp()):
        sleep(0.01)
    after, words = workers.submit(who).result()
    assert (after != pid, words) == (True, ["once"])


def test_closed_they_are_gone(workers: Workers) -> None:
    """Given workers that worked, closed twice, their processes have ended and nothing more is taken."""
    pid, _ = workers.submit(who).result()
    for _ in range(2):
        workers.close()
    assert not Path(f"/proc/{pid}").exists()
    with pytest.raises(RuntimeError):
        workers.submit(who)


def test_nothing_of_a_killed_reader_has_a_name_that_outlives_it(tmp_path: Path) -> None:
    """Given a reader at work, no semaphore of the system's is open in it; killed, its children end."""
    script = tmp_path / "reading.py"
    script.write_text(READING)
    with subprocess.Popen(
        [sys.executable, "-P", str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    ) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == b"at work\n"
        assert "/sem." not in Path(f"/proc/{reader.pid}/maps").read_text()
        assert len(_group(reader.pid)) > 1
        reader.kill()
    until = monotonic() + 10
    while left := _group(reader.pid):
        assert monotonic() < until, left
        sleep(0.05)


def _group(leader: int) -> list[int]:
    """The living processes of a group."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = stat.read_text().rpartition(") ")[2].split()
        except OSError:
            continue
        if words[2] == str(leader) and words[0] != "Z":
            found.append(int(stat.parent.name))
    return found
