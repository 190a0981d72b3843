"""The embedded server comes back from kills, crowds, strangers and sweepers without losing a committed row."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from mocban.database import Databases, open_databases, postmaster
from mocban.database.cluster import Cluster
from mocban.settings import Settings
from tests.mocban.asking import answers, server_pid

_START = """
from mocban.database import open_databases
from mocban.settings import Settings
open_databases(Settings.from_environment())
"""


def test_it_comes_back_after_kill_9(settings: Settings, started: Databases) -> None:
    """The server is killed with an open session; the next opening finds every committed row, at once."""
    with psycopg.connect(started.main_admin, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS x")
        os.kill(server_pid(settings), signal.SIGKILL)
        databases = open_databases(settings)
    with psycopg.connect(databases.main_admin) as connection:
        assert connection.execute("SELECT x FROM kept").fetchone() == (7,)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs /proc")
def test_it_comes_back_after_a_kill_that_nobody_reaps(settings: Settings, started: Databases) -> None:
    """A zombie keeps the server's process id taken; the stale pid file is still seen through."""
    keeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        os.kill(server_pid(settings), signal.SIGKILL)
        time.sleep(0.3)
        keeper.send_signal(signal.SIGKILL)  # not waited for: a zombie of ours until the end of the test
        note = settings.pg / "data" / "postmaster.pid"
        lines = note.read_text().split("\n")
        note.write_text("\n".join([str(keeper.pid), *lines[1:]]))
        assert answers(open_databases(settings))
    finally:
        keeper.wait()


def test_a_stranger_with_the_old_process_id_is_left_alone(settings: Settings, started: Databases) -> None:
    """After a reboot the noted process id may be anybody's: it is neither trusted nor harmed."""
    Cluster(settings=settings).stop()
    with subprocess.Popen(["sleep", "60"]) as stranger:
        (settings.pg / "data" / "postmaster.pid").write_text(f"{stranger.pid}\n{settings.pg / 'data'}\n")
        assert answers(open_databases(settings))
        assert stranger.poll() is None
        stranger.kill()


def test_six_starts_at_once_make_one_server(settings: Settings) -> None:
    """Six processes open the databases of a home that does not exist yet; one server runs and all six succeed."""
    environment = {**os.environ, "MOCBAN_HOME": str(settings.home)}
    environment.pop("DATABASE_URL", None)
    crowd = [subprocess.Popen([sys.executable, "-c", _START], env=environment) for _ in range(6)]
    assert [process.wait(timeout=120) for process in crowd] == [0] * 6
    assert answers(open_databases(settings))


def test_a_half_made_cluster_is_swept_away(settings: Settings) -> None:
    """A kill in the middle of making the cluster leaves only the partial folder, which the next start replaces."""
    partial = settings.pg / "data.partial"
    partial.mkdir(parents=True)
    (partial / "PG_VERSION").write_text("18\n")
    assert answers(open_databases(settings))
    assert not partial.exists()


def test_a_lost_login_password_is_not_a_dead_end(settings: Settings, started: Databases) -> None:
    """A kill between keeping the password and making the role cannot lock the product out."""
    with psycopg.connect(started.main_admin, autocommit=True) as connection:
        connection.execute("DROP ROLE mocban")
    (settings.pg / "mocban.password").unlink()
    assert answers(open_databases(settings))


def test_a_swept_socket_is_made_again(home: Path) -> None:
    """When a cleaner of temporary files removes the socket of a running server, the next opening brings it back."""
    settings = Settings(home=home / ("a" * 60) / ("b" * 60))
    open_databases(settings)
    noted = Path((settings.pg / "socket_folder").read_text().strip())
    for path in noted.iterdir():
        path.unlink()
    noted.rmdir()
    assert answers(open_databases(settings))
    Cluster(settings=settings).stop()


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs /proc")
def test_a_removed_data_folder_leaves_no_server_in_the_way(settings: Settings, started: Databases) -> None:
    """Somebody removes the data folder under a running server; the next opening makes one that stays reachable."""
    orphan = server_pid(settings)
    shutil.rmtree(settings.home)
    databases = open_databases(settings)
    assert server_pid(settings) != orphan
    assert postmaster._state_of(orphan) in {"Z", "X"}, "dead, though perhaps nobody has reaped it"
    assert answers(databases)
