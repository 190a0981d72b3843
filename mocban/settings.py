"""Settings: what the environment says, read once and passed down.

Everything the product writes is under `home`; the one exception is the database's socket when `home` is too long
for one (`mocban.database.socket_folder`).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec
import platformdirs
from typing_extensions import override

from mocban.environment_problem import EnvironmentProblem

ROOT_HOME: Final = Path("/var/lib/mocban")
"""As root the database drops privileges, and an account without them cannot enter root's own folder."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """home: the data directory, absolute. The rest is None where the environment says nothing.

    database_url, keys_database_url: PostgreSQL addresses; they may hold passwords, so never print a `Settings`.
    pg_bin: folder of PostgreSQL programs to prefer. passphrase: opens the key store.
    """

    home: Path
    database_url: str | None = None
    keys_database_url: str | None = None
    pg_bin: Path | None = None
    passphrase: str | None = None

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Read the environment. Raises EnvironmentProblem for a MOCBAN_HOME that is a file or cannot be looked at."""
        given = environ.get("MOCBAN_HOME")
        try:
            home = Path(given).expanduser().absolute() if given else _default_home(environ)
            is_other = home.exists() and not home.is_dir()
        except (OSError, RuntimeError):  # in a folder closed to this account, too long, `~` of nobody
            raise EnvironmentProblem("home-unwritable", folder=given or "~") from None
        if is_other:
            raise EnvironmentProblem("setting-unfit", variable="MOCBAN_HOME", reason="not a folder")
        pg_bin = environ.get("MOCBAN_PG_BIN")
        return cls(
            home=home,
            database_url=environ.get("DATABASE_URL") or None,
            keys_database_url=environ.get("MOCBAN_KEYS_DATABASE_URL") or None,
            pg_bin=Path(pg_bin).expanduser().absolute() if pg_bin else None,
            passphrase=environ.get("MOCBAN_PASSPHRASE") or None,
        )

    @override
    def __repr__(self) -> str:
        return f"Settings(home={str(self.home)!r})"

    @property
    def pg(self) -> Path:
        """The embedded cluster: data, socket, passwords, log."""
        return self.home / "pg"

    @property
    def run(self) -> Path:
        """Locks and process files of what is running."""
        return self.home / "run"

    @property
    def keys(self) -> Path:
        """The file key store."""
        return self.home / "keys"

    @property
    def objects(self) -> Path:
        """Tiles, sealed blobs and other objects."""
        return self.home / "objects"

    @property
    def out(self) -> Path:
        """What is made for people: exports, bundles, certificates."""
        return self.home / "out"

    @property
    def logs(self) -> Path:
        """Logs of the product's own processes."""
        return self.home / "logs"


def _default_home(environ: Mapping[str, str]) -> Path:
    if os.name == "posix" and os.geteuid() == 0:
        return ROOT_HOME
    if environ.get("HOME") or os.name != "posix":
        return Path(platformdirs.user_data_dir("mocban", appauthor=False))
    import pwd  # noqa: PLC0415  # absent on Windows

    return Path(pwd.getpwuid(os.geteuid()).pw_dir) / ".local" / "share" / "mocban"
