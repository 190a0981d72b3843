"""A drill's ground: a data folder of its own with its own embedded server, fsync on; swept away afterwards."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msgspec

from mocban.database.cluster import Cluster
from mocban.database.thrown_away import thrown_away
from mocban.settings import Settings

Process = subprocess.Popen[bytes]


class Ground(msgspec.Struct, frozen=True):
    """folder: for files of the drill's own. settings: of the product that is drilled."""

    folder: Path
    settings: Settings

    @property
    def environment(self) -> Mapping[str, str]:
        """For processes of this product and no other."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "MOCBAN_"))}
        given = {
            "MOCBAN_HOME": str(self.settings.home),
            "MOCBAN_PASSPHRASE": self.settings.passphrase or "",
            "DATABASE_URL": self.settings.database_url or "",
            "MOCBAN_KEYS_DATABASE_URL": self.settings.keys_database_url or "",
        }
        return {**kept, **{name: value for name, value in given.items() if value}}

    def start(self, *words: str, module: str = "mocban") -> Process:
        """A process of the product, leader of a group of its own; what it says goes to a file under `folder`."""
        said = self.folder / "said" / f"{words[0]}.txt"
        said.parent.mkdir(exist_ok=True)
        with said.open("ab") as file:
            return subprocess.Popen(
                [sys.executable, "-m", module, *words],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                start_new_session=True,
            )

    def postmaster(self) -> int | None:
        """Process id of the embedded server."""
        return Cluster(settings=self.settings).pid()


def kill(process: Process) -> bool:
    """SIGKILL the process and all it started; whether it was still running."""
    running = process.poll() is None
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        running = False
    process.wait()
    return running


@contextmanager
def ground() -> Iterator[Ground]:
    """A fresh one."""
    with thrown_away("mocban-drill-") as folder:
        yield Ground(folder, Settings(home=folder / "home", passphrase="of a drill, thrown away with it"))  # noqa: S106
