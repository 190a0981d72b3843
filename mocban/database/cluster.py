"""The embedded cluster: made once, started when needed, by one process at a time."""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from mocban.database.account import Account, server_account
from mocban.database.configuration import include_configuration, write_configuration
from mocban.database.passwords import ADMIN, new_password, password_file
from mocban.database.postmaster import clear_remains, end_orphans, running_pid, wait_until_ready
from mocban.database.programs import Programs, find_programs
from mocban.database.socket_folder import SOCKET, remove_noted_folder, socket_folder
from mocban.environment_problem import EnvironmentProblem
from mocban.settings import Settings

START_SECONDS: Final = 300
"""Long, because replay after a crash of a big load takes its time."""
STOP_SECONDS: Final = 60
_TRIES: Final = 5
_FAULT_WORDS: Final = ("PANIC:", "FATAL:", "error:", "could not")
_LOG_LIMIT: Final = 10 * 1024 * 1024


class Cluster(msgspec.Struct, frozen=True, kw_only=True):
    """The private cluster under `settings.pg`. Every method may be called from many processes at once."""

    settings: Settings

    @property
    def data(self) -> Path:
        """The server's data folder."""
        return self.settings.pg / "data"

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.settings.pg / "postgresql.log"

    def start(self) -> Path:
        """Start the server unless it runs, making the cluster first if there is none; return its socket folder.

        Raises EnvironmentProblem with what to do; a cluster half made is swept away by the next call.
        """
        with self._alone():
            account = server_account(self.data)
            self._open_folders(account)
            folder = socket_folder(self.settings.pg, account)
            if running_pid(self.data) is not None:
                if wait_until_ready(self.data, START_SECONDS) and (folder / SOCKET).exists():
                    return folder
                self._halt(account)  # it runs, but nobody can reach it: its socket was swept away
            programs = self._programs(account)
            if not self.data.exists():
                end_orphans(self.data)
                self._make(programs, account)
            self._launch(programs, account, folder)
            return folder

    def stop(self) -> bool:
        """Stop the server, letting transactions end as aborted; False when it was not running."""
        if not self.data.exists():
            return False
        with self._alone():
            if running_pid(self.data) is None:
                return False
            self._halt(server_account(self.data))
            remove_noted_folder(self.settings.pg)
            return True

    def pid(self) -> int | None:
        """Process id of the running server, or None."""
        return running_pid(self.data)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the cluster's lock. The kernel frees it when the holder dies, so nothing stale can remain."""
        _make_home(self.settings.home)
        self.settings.run.mkdir(mode=0o700, exist_ok=True)
        with (self.settings.run / "pg.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _open_folders(self, account: Account) -> None:
        """Let the account pass through our own folders, and no further; refuse a home it cannot reach."""
        pg = self.settings.pg
        pg.mkdir(mode=0o700, exist_ok=True)
        if not account.steps_down:
            return
        for folder in (self.settings.home, pg):
            if not account.can_enter(folder) and folder.stat().st_uid == os.geteuid():
                os.chown(folder, -1, account.gid)
                folder.chmod(folder.stat().st_mode & 0o777 | 0o010)
        if not account.can_enter(pg):
            raise EnvironmentProblem("home-unreachable", account=account.name, folder=self.settings.home)

    def _programs(self, account: Account) -> Programs:
        version_file = self.data / "PG_VERSION"
        version = int(version_file.read_text().strip()) if version_file.exists() else None
        return find_programs(pg_bin=self.settings.pg_bin, account=account, pg=self.settings.pg, version=version)

    def _make(self, programs: Programs, account: Account) -> None:
        """initdb beside the final place, then one rename: a killed call leaves no half cluster."""
        partial = self.settings.pg / "data.partial"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(mode=0o700)
        account.own(partial)
        new_password(self.settings.pg, ADMIN)
        with password_file(self.settings.pg, account) as secret:
            answer = account.run([programs.folder / "initdb", *_initdb_options(programs, secret), "-D", partial])
        if answer.returncode != 0:
            raise EnvironmentProblem("database-not-made", folder=self.settings.pg, reason=_telling_line(answer.stderr))
        include_configuration(partial)
        partial.rename(self.data)

    def _halt(self, account: Account) -> None:
        pg_ctl = self._programs(account).folder / "pg_ctl"
        answer = account.run([pg_ctl, "stop", "-D", self.data, "-m", "fast", "-w", "-t", str(STOP_SECONDS)])
        if answer.returncode != 0 and running_pid(self.data) is not None:
            raise EnvironmentProblem("database-not-stopping", seconds=STOP_SECONDS, log=self.log)

    def _launch(self, programs: Programs, account: Account, folder: Path) -> None:
        self._open_log(account)
        write_configuration(self.data, folder, account)
        command: list[str | Path] = [
            programs.folder / "pg_ctl",
            "start",
            "-D",
            self.data,
            "-l",
            self.log,
            "-w",
            "-t",
            str(START_SECONDS),
        ]
        for attempt in range(_TRIES):
            clear_remains(self.data)
            answer = account.run(command)
            if answer.returncode == 0:
                return
            time.sleep(0.2 * (attempt + 1))  # shared memory of a killed server is freed within seconds
        raise EnvironmentProblem("database-not-starting", log=self.log, reason=_telling_line(_tail(self.log)))

    def _open_log(self, account: Account) -> None:
        if self.log.exists() and self.log.stat().st_size > _LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        self.log.touch(mode=0o600)
        account.own(self.log)


def _initdb_options(programs: Programs, secret: Path) -> list[str]:
    options = ["--encoding=UTF8", "--username", ADMIN, "--pwfile", str(secret), "--auth=scram-sha-256"]
    if sys.platform != "linux":
        return [*options, "--locale=C"]
    # Letters of Vietnamese are letters to lower() and pg_trgm, and the order of an index never changes with libc.
    if programs.version >= 17:
        return [
            *options, "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--lc-ctype=C.UTF-8",
        ]  # fmt: skip
    return [*options, "--locale=C", "--lc-ctype=C.UTF-8"]


def _make_home(home: Path) -> None:
    """Make the home and its missing parents; parents may be passed through, the home only by us."""
    try:
        for folder in reversed([parent for parent in home.parents if not parent.exists()]):
            folder.mkdir(exist_ok=True)
            folder.chmod(0o755)
        home.mkdir(mode=0o700, exist_ok=True)
    except OSError:
        raise EnvironmentProblem("home-unwritable", folder=home) from None
    if not os.access(home, os.W_OK | os.X_OK):
        raise EnvironmentProblem("home-unwritable", folder=home)


def _tail(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")[-4000:]


def _telling_line(text: str) -> str:
    """The last line that names a fault, else the last; programs clean up, and say so, after what went wrong."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    faults = [line for line in lines if any(word in line for word in _FAULT_WORDS)]
    return (faults or lines or [""])[-1]
