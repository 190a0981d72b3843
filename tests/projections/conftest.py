"""A house for one test, and one for a module in which the whole story has been told and folded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mocban.database import Databases
from tests.projections.house import House
from tests.projections.story import Story


@pytest.fixture
def house(database: Databases, tmp_path: Path) -> Iterator[House]:
    """A founded ledger; nothing is folded yet."""
    built = House(database, tmp_path)
    yield built
    built.close()


@pytest.fixture(scope="module")
def told(module_database: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """The whole story, folded by live runners."""
    built = House(module_database, tmp_path_factory.mktemp("told"))
    story = Story(built)
    story.tell()
    built.runner.drain()
    built.access_runner.drain()
    yield story
    built.close()
