"""Two machines in one test: the one where the ledger is, and the signer's, which reaches no database at all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mocban.__main__ import main
from mocban.database import Databases
from mocban.settings import Settings

PASSPHRASE = "the officer's own"
# Whatever could speak to a database is neither connected to nor so much as imported.
_OFFLINE = """
import socket, sys
def refuse(*_): raise AssertionError("the signer's machine reached for the network")
socket.socket.connect = refuse
from mocban.__main__ import main
from mocban.acts import own_key
own_key.SCRYPT_N = int(sys.argv.pop(1))
code = main(sys.argv[1:])
assert not {"psycopg", "psycopg_pool", "eventsourcing"} & set(sys.modules)
sys.exit(code)
"""
QUICK = 2**4
"""For scrypt: at its own cost each signature takes a third of a second."""


class Machines:
    """folder: of the signer. `here` runs a command beside the ledger, `away` on the signer's machine.

    scrypt: what the signer's key costs to open.
    """

    scrypt = QUICK

    def __init__(self, database: Databases, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys
        self._environment = {
            "MOCBAN_HOME": str(folder / "home"),
            "MOCBAN_PASSPHRASE": "the server's",
            "DATABASE_URL": database.main_admin,
            "MOCBAN_KEYS_DATABASE_URL": database.keys_admin,
        }
        self.settings = Settings.from_environment(self._environment)

    def here(self, *words: object) -> tuple[int, Any]:
        """(exit code, the JSON object printed)."""
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self._environment.items():
                patch.setenv(name, value)
            code = main([str(word) for word in words] + ["--json"])
        return code, json.loads(self._capsys.readouterr().out.splitlines()[-1])

    def done(self, *words: object) -> Any:
        """As `here`, of a command that must succeed."""
        code, told = self.here(*words)
        assert code == 0, told
        return told

    def away(self, *words: object, passphrase: str | None = PASSPHRASE, said: str = "") -> tuple[int, Any]:
        """(exit code, the JSON object printed), with a home and a database that cannot be reached."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("MOCBAN_")}
        environment |= {"MOCBAN_HOME": str(self.folder / "no-home"), "DATABASE_URL": "postgresql://127.0.0.1:1/none"}
        if passphrase is not None:
            environment["MOCBAN_PASSPHRASE"] = passphrase
        done = subprocess.run(
            [sys.executable, "-c", _OFFLINE, str(self.scrypt), *(str(word) for word in words), "--json"],
            env=environment,
            input=said,
            capture_output=True,
            text=True,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        assert not (self.folder / "no-home").exists()
        return done.returncode, json.loads(done.stdout.splitlines()[-1])

    def new_key(self, origin: str) -> tuple[str, str, Path]:
        """(actor, vkey, key file) of a fresh key that only the signer has."""
        code, told = self.away("key", "new", "--out", self.folder / "keys", "--actor", "new", "--origin", origin)
        assert code == 0, told
        return told["actor"], told["vkey"], Path(told["key"])
