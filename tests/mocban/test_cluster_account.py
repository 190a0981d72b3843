"""The embedded server runs as an ordinary user, and as root steps down to one."""

from __future__ import annotations

import os
import pwd
import sys
from pathlib import Path

import pytest

import domain
from mocban.database import Databases, open_databases
from mocban.database.account import Account, server_account
from mocban.database.cluster import Cluster
from mocban.environment_problem import EnvironmentProblem
from mocban.settings import Settings
from tests.mocban.asking import answers, server_pid
from tests.mocban.conftest import LESSER

AS_ROOT = os.geteuid() == 0


@pytest.mark.skipif(not AS_ROOT, reason="steps down only as root")
def test_as_root_the_server_steps_down(test_settings: Settings, module_database: Databases) -> None:
    """Root never runs PostgreSQL; the lesser account passes through the home but cannot list it or read secrets."""
    server = Path(f"/proc/{server_pid(test_settings)}").stat().st_uid
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
    assert Path(f"/proc/{server_pid(settings)}").stat().st_uid == os.geteuid()


def test_an_ordinary_account_runs_it(home: Path, lesser_account: pwd.struct_passwd) -> None:
    """The same from nothing, as an account made for this test."""
    ordinary = Account(name=LESSER, uid=lesser_account.pw_uid, gid=lesser_account.pw_gid, steps_down=True)
    if not all(ordinary.can_enter(Path(folder)) for folder in (sys.prefix, Path(domain.__file__).parent)):
        pytest.skip("the program itself lies where an ordinary account cannot go")
    home.mkdir()
    ordinary.own(home)
    assert _as_account(lesser_account, Settings(home=home)) == 0


def _as_account(account: pwd.struct_passwd, settings: Settings) -> int:
    """Open the databases in a child process of `account`; 0 when they answer."""
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(account.pw_gid)
            os.setuid(account.pw_uid)
            done = (
                answers(open_databases(settings))
                and Path(f"/proc/{server_pid(settings)}").stat().st_uid == os.geteuid()
            )
            Cluster(settings=settings).stop()
        except BaseException as problem:  # noqa: BLE001  # the child must not return into pytest
            sys.stderr.write(f"{problem}\n")
            os._exit(2)
        os._exit(0 if done else 1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
