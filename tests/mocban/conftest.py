"""Clusters of a test's own, and an ordinary account to run one."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from mocban.database import Databases, open_databases
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
