"""Clusters of a test's own, an ordinary account to run one, and a product that knows the city."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.act_id import new_act_id
from ledger.commands.administrative_unit import record_units
from mocban.bootstrap import open_product
from mocban.database import Databases, open_databases
from mocban.hanoi import unit_entries
from mocban.offices import Office
from mocban.settings import Settings

LESSER = "mocban-test"


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
    if os.geteuid() != 0:
        pytest.skip("making an account needs root")
    subprocess.run(["useradd", "--no-create-home", LESSER], check=False, capture_output=True)
    yield pwd.getpwnam(LESSER)
    subprocess.run(["userdel", LESSER], check=True, capture_output=True)


@pytest.fixture
def city(database: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of a product that knows Hà Nội of 2025-06-30 and no file; commands find it."""
    given = {
        "MOCBAN_HOME": str(tmp_path / "city"), "MOCBAN_PASSPHRASE": "thử",
        "DATABASE_URL": database.main_admin, "MOCBAN_KEYS_DATABASE_URL": database.keys_admin,
    }  # fmt: skip
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with open_product(Settings.from_environment()) as product:
        for entries in unit_entries(product.naming):
            record_units(product.main, product.actor(Office.ARCHIVIST), new_act_id(), entries)
    return tmp_path / "city"
