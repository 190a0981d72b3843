"""The account that runs the embedded server. PostgreSQL refuses to run as root, so root steps down to one."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from mocban.environment_problem import EnvironmentProblem

OWN_NAME: Final = "mocban"
CANDIDATES: Final = (OWN_NAME, "postgres")
_USERADD: Final = (
    "useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent",
    "--shell", "/usr/sbin/nologin", OWN_NAME,
)  # fmt: skip


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """Who runs the server. steps_down: we are root and this is another account."""

    name: str
    uid: int
    gid: int
    steps_down: bool

    def run(
        self, command: Sequence[str | Path], *, cwd: Path | str = "/", timeout: float | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a program as this account, without our environment: it may hold passwords. Output is captured."""
        return subprocess.run(
            [str(part) for part in command],
            cwd=cwd,
            env=_clean_environment(os.environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=timeout,
            umask=0o077,
            user=self.uid if self.steps_down else None,
            group=self.gid if self.steps_down else None,
            extra_groups=[] if self.steps_down else None,
        )

    def own(self, path: Path) -> None:
        """Give `path` to this account."""
        if self.steps_down:
            os.chown(path, self.uid, self.gid)

    def can_enter(self, folder: Path) -> bool:
        """True when this account can reach `folder`."""
        return self.run(["/bin/sh", "-c", 'cd "$1"', "sh", folder]).returncode == 0


def server_account(data: Path) -> Account:
    """The account for the cluster in `data`: its owner if it exists, else ourselves, else (as root) a lesser one.

    Raises EnvironmentProblem when root has nobody to step down to.
    """
    if os.geteuid() != 0:
        return Account(name=_own_name(), uid=os.geteuid(), gid=os.getegid(), steps_down=False)
    if data.exists() and data.stat().st_uid != 0:
        return _stepping_down(pwd.getpwuid(data.stat().st_uid))
    return _stepping_down(_lesser_account())


def _lesser_account() -> pwd.struct_passwd:
    for name in CANDIDATES:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    if shutil.which(_USERADD[0]):
        subprocess.run(_USERADD, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    try:
        return pwd.getpwnam(OWN_NAME)
    except KeyError:
        raise EnvironmentProblem("database-account-missing", command=" ".join(_USERADD)) from None


def _stepping_down(entry: pwd.struct_passwd) -> Account:
    return Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid, steps_down=True)


def _own_name() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:  # a container may run us under a bare number
        return str(os.geteuid())


def _clean_environment(environ: Mapping[str, str]) -> dict[str, str]:
    return {"PATH": environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
