"""An append process finds the server wherever its parent does: by address, by variables, by files that they name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from ledger.act_id import new_act_id
from ledger.append_process import AppendProcess
from ledger.log_name import LogName
from ledger.pending import Pending
from ledger.prepared_act import AppendStatus
from ledger.proposal import Proposal
from tests.ledger.conftest import BoxPacked, House, build, close

VARIABLES: Final = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "dbname": "PGDATABASE",
    "password": "PGPASSWORD",
}


@pytest.fixture(scope="module")
def house(module_database: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One founded ledger for everything here."""
    built = build(module_database, tmp_path_factory.mktemp("home"))
    yield built
    close(built)


def _told(parts: dict[str, str], way: str, folder: Path) -> dict[str, str]:
    """The variables that tell `parts` in this way; with files in `folder` that they name."""
    services, passwords = folder / "services", folder / ".pgpass"
    services.write_text("\n".join(["[here]", *(f"{name}={value}" for name, value in parts.items())]))
    passwords.write_text(f"*:*:*:*:{parts['password']}\n")
    passwords.chmod(0o600)
    return {
        "variables": {VARIABLES[name]: value for name, value in parts.items()},
        "service": {"PGSERVICE": "here", "PGSERVICEFILE": str(services)},
        "password file": {"PGPASSFILE": str(passwords)},
        "home": {"HOME": str(folder)},
    }[way]


@pytest.mark.parametrize(
    ("lacking", "way"),
    [
        (("password",), "variables"),
        (("password",), "password file"),
        (("password",), "home"),
        (tuple(VARIABLES), "variables"),
        (tuple(VARIABLES), "service"),
    ],
)
def test_it_connects_where_its_parent_does(
    house: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, lacking: tuple[str, ...], way: str
) -> None:
    """Given an address that lacks the password or nearly all, and the environment that tells it, the child stores."""
    whole = house.database.main_url("mocban_ledger_writer")
    parts = {name: str(value) for name, value in conninfo_to_dict(whole).items()}
    address = make_conninfo("", **{name: value for name, value in parts.items() if name not in lacking})
    for name, value in _told({name: parts[name] for name in lacking if name in parts}, way, tmp_path).items():
        monkeypatch.setenv(name, value)
    psycopg.connect(address).close()
    with closing(AppendProcess(address, LogName.MAIN)) as child:
        child.heed()
        child.send([_packing(house)])
        assert [outcome.status for outcome in child.receive()] == [AppendStatus.STORED]
        seen = b"".join(Path(f"/proc/{child._child.pid}/{what}").read_bytes() for what in ("cmdline", "environ"))
        assert parts["password"].encode() not in seen


def _packing(house: House) -> Pending:
    decided = {uuid4(): [BoxPacked(piece=1)]}
    proposal = Proposal(act="box.pack", id=new_act_id(), actor=house.clerk, decide=lambda _: decided, request="x")
    return Pending.of(house.main.prepare(proposal))
