"""A real PostgreSQL for every test that asks: one cluster for the whole run, fresh pairs copied from a migrated one.

Fixtures: `database` (fresh pair for one test), `module_database` (one pair for a module), `test_settings` (the
cluster's settings), `home` (a fresh data folder that a lesser account can pass through).

MOCBAN_TEST_PG_BIN names the folder of another PostgreSQL's programs for the run's cluster:
`MOCBAN_TEST_PG_BIN=/usr/lib/postgresql/15/bin ./run test --no-check tests/ledger tests/projections`.
"""

from __future__ import annotations

import fcntl
import itertools
import multiprocessing
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import hypothesis
import psycopg
import pytest
from _pytest.terminal import TerminalReporter
from psycopg import sql

from mocban.database import Databases
from mocban.database.cluster import Cluster
from mocban.database.opening import make_database, open_embedded
from mocban.migrate import migrate
from mocban.settings import Settings
from signing import keystore
from tests.folders import RUN, abandoned, passable_folder
from tests.foreign_summary import foreign_lines

_HOME = "MOCBAN_TEST_HOME"
_PG_BIN = "MOCBAN_TEST_PG_BIN"
_TEMPLATE = ("template_main", "template_keys")
_LONG = ("scenarios", "failures", "benchmarks")
_QUICK_SCRYPT = 2**4
_numbers = itertools.count(1)


def pytest_configure(config: pytest.Config) -> None:
    """Choose the run's folder in the controlling process; its workers inherit the name.

    Temporary folders lie in it, and go with it even where the run is killed; what pytest itself keeps from run to run
    stays on disk.
    """
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", tempfile.gettempdir())
    # No test is timed: a busy machine is slow and not wrong.
    hypothesis.settings.register_profile(
        "house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
    )
    hypothesis.settings.load_profile("house")
    # Hundreds of key stores are opened. Those that the product makes as a process of its own keep its own cost.
    setattr(keystore, "SCRYPT_N", _QUICK_SCRYPT)  # noqa: B010  a constant for everybody else
    if not hasattr(config, "workerinput"):
        _sweep_abandoned()
        folder = passable_folder(RUN)
        os.environ[_HOME] = str(folder)
        (folder / "t").mkdir()
        (folder / "t").chmod(0o711)
    os.environ["TMPDIR"] = tempfile.tempdir = str(Path(os.environ[_HOME]) / "t")
    # A folder of its own multiprocessing would look for once more when the run's has gone, and end in a stack trace.
    vars(multiprocessing.current_process())["_config"]["tempdir"] = tempfile.tempdir


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long files first: a run ends when its last file does, and each file has one worker."""
    items.sort(key=lambda item: item.path.parent.name not in _LONG)


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Say which programs of other people judged what the product publishes, and which could not."""
    kept = terminalreporter.stats
    if lines := foreign_lines([*kept.get("passed", ()), *kept.get("skipped", ())]):
        terminalreporter.section("chương trình của người khác · foreign verifiers")
        for line in lines:
            terminalreporter.write_line(line)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the cluster and remove the run's folder."""
    if not hasattr(config, "workerinput") and _HOME in os.environ:
        _remove(Path(os.environ.pop(_HOME)))


@pytest.fixture(scope="session")
def test_settings() -> Settings:
    """Settings of the run's shared cluster. Never stop it; take `home` for a cluster of your own."""
    return _settings(Path(os.environ[_HOME]), passphrase="a passphrase for tests")


@pytest.fixture(scope="session")
def _template(test_settings: Settings) -> Databases:
    """The migrated pair that the others are copied from, made once for all workers."""
    with (Path(os.environ[_HOME]) / "template.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        pair = open_embedded(test_settings, *_TEMPLATE)
        migrate(pair)
        _forgo_fsync(pair)
    return pair


@pytest.fixture
def database(_template: Databases) -> Iterator[Databases]:
    """A fresh migrated pair for this test alone."""
    with copied_pair(_template) as pair:
        yield pair


@pytest.fixture(scope="module")
def module_database(_template: Databases) -> Iterator[Databases]:
    """A fresh migrated pair that the tests of one module share."""
    with copied_pair(_template) as pair:
        yield pair


@pytest.fixture
def home() -> Iterator[Path]:
    """A data folder of the test's own; a cluster started in it is stopped afterwards."""
    folder = passable_folder("mocban-home-")
    yield folder / "home"
    _remove(folder)


@contextmanager
def copied_pair(pair: Databases) -> Iterator[Databases]:
    """A pair copied from `pair`, dropped after the block."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw")
    names = tuple(f"{kind}_{worker}_{os.getpid()}_{next(_numbers)}" for kind in ("main", "keys"))
    with psycopg.connect(pair.main_admin, dbname="postgres", autocommit=True) as connection:
        for name, template in zip(names, _TEMPLATE, strict=True):
            make_database(connection, name, template)
            connection.execute(  # a copy inherits no rights on the database itself
                sql.SQL("GRANT CREATE ON DATABASE {} TO mocban_owner").format(sql.Identifier(name))
            )
        yield _renamed(pair, *names)
        for name in names:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _renamed(pair: Databases, main: str, keys: str) -> Databases:
    """The addresses of two other databases of the same cluster."""

    def named(address: str, database: str) -> str:
        return urlsplit(address)._replace(path=f"/{database}").geturl()

    return Databases(
        main=named(pair.main, main),
        keys=named(pair.keys, keys),
        main_admin=named(pair.main_admin, main),
        keys_admin=named(pair.keys_admin, keys),
    )


def _forgo_fsync(pair: Databases) -> None:
    """Hundreds of databases come and go, and no test pulls the plug; tests of crashes make clusters of their own."""
    with psycopg.connect(pair.main_admin, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("ALTER SYSTEM SET full_page_writes = off")
        connection.execute("ALTER SYSTEM SET max_wal_size = '512MB'")
        connection.execute("SELECT pg_reload_conf()")


def _settings(folder: Path, passphrase: str | None = None) -> Settings:
    pg_bin = os.environ.get(_PG_BIN)
    return Settings(home=folder / "home", pg_bin=Path(pg_bin) if pg_bin else None, passphrase=passphrase)


def _remove(folder: Path) -> None:
    Cluster(settings=_settings(folder)).stop()
    shutil.rmtree(folder, ignore_errors=True)


def _sweep_abandoned() -> None:
    """Stop and remove what runs that were killed left behind."""
    for folder in abandoned():
        _remove(folder)
