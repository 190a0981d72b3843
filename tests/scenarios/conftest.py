"""One small demo for all scenarios: three scans, the whole of Hà Nội."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from mocban.database.cluster import Cluster
from mocban.settings import Settings
from tests.folders import passable_folder
from tests.scenarios.small_demo import Ran, run, scans


class Played(msgspec.Struct, frozen=True):
    """A demo that was run, and its data folder."""

    settings: Settings
    ran: Ran


@contextmanager
def data_folder() -> Iterator[Path]:
    """A folder that every account may pass through; a cluster started in its `home` is stopped afterwards."""
    folder = passable_folder("mocban-demo-")
    try:
        yield folder
    finally:
        Cluster(settings=Settings(home=folder / "home")).stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="package")
def played() -> Iterator[Played]:
    """The demo on three scans, run once."""
    with data_folder() as folder:
        settings = Settings(home=folder / "home", passphrase="a passphrase for tests")
        yield Played(settings, run(settings, "demo", "--scans", str(scans(folder / "scans"))))
