"""A disk that is full or takes no writes: words and exit 3, nothing lost, and the same command goes on afterwards."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from ledger import export
from ledger.act_id import new_act_id
from ledger.bundle import write_members
from mocban.bootstrap import open_product
from mocban.database.cluster import Cluster
from mocban.drills.appointments import do_appoint
from mocban.drills.delivery import write_delivery
from mocban.drills.verdict import Acknowledged, problems
from mocban.publication import publish
from mocban.settings import Settings
from mocban.surroundings import environment_problem
from signing.durable_file import create_file, write_durably
from signing.note import Ed25519Signer
from tests.scenarios.small_demo import Ran, run

ROWS = 300
MEGABYTE = 1 << 20


def _can_mount() -> str:
    """Why no file system can be mounted here, or nothing."""
    if os.geteuid() != 0:
        return "only root may mount"
    with tempfile.TemporaryDirectory(prefix="mocban-mount-") as folder:
        try:
            with _disk(Path(folder) / "try", 1):
                return ""
        except subprocess.CalledProcessError:
            return "this container may not mount"


@contextmanager
def _disk(folder: Path, megabytes: int) -> Iterator[None]:
    """A small file system of its own at `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    options = f"size={megabytes}m,mode=0711"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], check=True, capture_output=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@pytest.fixture(scope="module", autouse=True)
def _mounts() -> None:
    """Without mounts there is no full disk to be had."""
    if reason := _can_mount():
        pytest.skip(reason)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every account may pass through."""
    with tempfile.TemporaryDirectory(prefix="mocban-disk-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


def _said(ran: Ran, code: str) -> None:
    """The person reads what to do, in both languages, and the script the code; exit 3."""
    assert (ran.code, ran.answer.get("problem", {}).get("code")) == (3, code), ran.said[-2000:]
    assert "Traceback" not in ran.said
    assert ran.answer["problem"]["vi"] in ran.said
    assert ran.answer["problem"]["en"] in ran.said


def _fill(home: Path, leave: int) -> Path:
    """Take all space but `leave` bytes."""
    ballast = home / "ballast"
    free = os.statvfs(home).f_bavail * os.statvfs(home).f_frsize
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, free - leave)
    return ballast


def test_a_full_disk_loses_nothing(folder: Path) -> None:
    """Given a disk too small, then full under the database, then under the tiles, each is told; then all goes on."""
    home = folder / "home"
    settings = Settings(home=home, passphrase="a passphrase for tests")
    words = ("import", str(folder / "delivery.csv"))
    write_delivery(folder / "delivery.csv", ROWS)
    with _disk(home, 24):
        _said(run(settings, *words), "disk-full")
        Cluster(settings=settings).stop()
    with _disk(home, 320):
        with open_product(settings) as product:
            told = [do_appoint(product, new_act_id()) for _ in range(5)]
            publish(product)
        ballast = _fill(home, MEGABYTE // 4)
        _said(run(settings, *words), "disk-full")
        ballast.unlink()
        with _disk(home / "objects", 1):
            _fill(home / "objects", 64 * 1024)
            _said(run(settings, *words), "disk-full")
        last = run(settings, *words)
        assert (last.code, last.answer.get("rows"), last.answer.get("refused")) == (0, ROWS, 0), last.said[-2000:]
        with open_product(settings) as product:
            acknowledged = [Acknowledged(one.id, one.act_index, one.first_position) for one in told]
            assert problems(product, acknowledged) == []
        Cluster(settings=settings).stop()


def test_the_full_disk_is_named_and_no_draft_left(folder: Path) -> None:
    """Given a full disk that somebody writes to, not the data folder's, then that one is named, and nothing stays."""
    large, key = bytes(2 * MEGABYTE), Ed25519Signer("x.example/1", bytes(32))
    with _disk(folder / "away", 1):
        for write in (
            lambda path: write_durably(path, large),
            lambda path: create_file(path, large),
            lambda path: export._replace(path, large),
            lambda path: write_members("x.example/1", iter([("a", large)]), path, key),
        ):
            with pytest.raises(OSError) as fault:  # noqa: PT011  whichever of its kinds
                write(folder / "away" / "file")
            problem = environment_problem(fault.value, folder)
            assert problem is not None
            assert (problem.code, problem.facts["folder"]) == ("disk-full", folder / "away")
            assert list((folder / "away").iterdir()) == []


@pytest.mark.parametrize(("megabytes", "code"), [(12, "disk-full"), (40, "database-lost")])
def test_a_server_that_could_not_begin_its_next_log_file_had_a_full_disk(
    folder: Path, megabytes: int, code: str
) -> None:
    """Given a server that is gone, when its disk has no room for a file of its log, then the disk is told of."""
    with _disk(folder / "home", megabytes):
        told = environment_problem(psycopg.OperationalError("gone"), folder / "home")
    assert told is not None
    assert told.code == code


def test_a_read_only_disk_is_told(folder: Path) -> None:
    """Given a disk that takes no writes, the command says so; writable again, everything is there."""
    home = folder / "home"
    settings = Settings(home=home, passphrase="a passphrase for tests")
    with _disk(home, 240):
        with open_product(settings) as product:
            receipt = do_appoint(product, new_act_id())
        Cluster(settings=settings).stop()
        subprocess.run(["mount", "-o", "remount,ro", home], check=True)
        _said(run(settings, "rebuild"), "disk-read-only")
        subprocess.run(["mount", "-o", "remount,rw", home], check=True)
        with open_product(settings) as product:
            found = problems(product, [Acknowledged(receipt.id, receipt.act_index, receipt.first_position)])
        assert found == []
        Cluster(settings=settings).stop()
