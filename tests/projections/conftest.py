"""A house for one test, and one in which the whole story has been told and folded: for all readers, or one module."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mocban.database import Databases
from tests.conftest import copied_pair
from tests.projections.house import House
from tests.projections.story import Story


@pytest.fixture
def house(database: Databases, tmp_path: Path) -> Iterator[House]:
    """A founded ledger; nothing is folded yet."""
    built = House(database, tmp_path)
    yield built
    built.close()


@pytest.fixture(scope="package")
def told(_template: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """The whole story, folded by live runners: told once for everybody who only reads it."""
    with copied_pair(_template) as pair:
        yield from _tell(pair, tmp_path_factory.mktemp("told"))


@pytest.fixture(scope="module")
def told_apart(module_database: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """The same, for a module that writes on or makes the views anew."""
    yield from _tell(module_database, tmp_path_factory.mktemp("told"))


def _tell(pair: Databases, folder: Path) -> Iterator[Story]:
    built = House(pair, folder)
    story = Story(built)
    story.tell()
    built.runner.drain()
    built.access_runner.drain()
    yield story
    built.close()
