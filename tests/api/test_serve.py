"""`serve`: a process that answers, keeps the log moving, is alone, and stops cleanly when told.

Tests that share one process stand in the order of its life.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import httpx
import msgspec
import psycopg
import pytest

from ledger.act_id import new_act_id
from ledger.commands.administrative_unit import UnitEntry, record_units
from mocban.bootstrap import open_product
from mocban.database import Databases
from mocban.offices import Office
from mocban.process_note import end_process, noted_process
from mocban.settings import Settings
from tests.api.archive import unit_established

_DRIVER = (
    "import argparse; from mocban.cli import serve; p = argparse.ArgumentParser(); serve.add_arguments(p); "
    "p.add_argument('--json', action='store_true'); raise SystemExit(serve.run(p.parse_args()))"
)


def started(home: Path, database: Databases, *more: str) -> subprocess.Popen[str]:
    """A serving process over that database."""
    environ = {
        **os.environ,
        "MOCBAN_HOME": str(home),
        "DATABASE_URL": database.main_admin,
        "MOCBAN_KEYS_DATABASE_URL": database.keys_admin,
        "MOCBAN_PASSPHRASE": "a passphrase for tests",
    }
    command = [sys.executable, "-c", _DRIVER, "--json", "--port", "0", *more]
    return subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


class Served(msgspec.Struct):
    """A process that serves, its address, and what it serves."""

    process: subprocess.Popen[str]
    url: str
    home: Path
    database: Databases


@contextmanager
def served(home: Path, database: Databases) -> Iterator[Served]:
    """Serving until the block ends."""
    process = started(home, database)
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        pytest.fail(process.communicate(timeout=10)[1])
    yield Served(process, json.loads(line)["url"], home, database)
    process.kill()
    process.communicate()


@pytest.fixture(scope="module")
def shared(module_database: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One for all who do it no harm."""
    with served(tmp_path_factory.mktemp("served"), module_database) as one:
        yield one


@pytest.fixture
def serving(tmp_path: Path, database: Databases) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """One of a test's own, and its address."""
    with served(tmp_path, database) as one:
        yield one.process, one.url


def test_it_answers_and_publishes(shared: Served) -> None:
    """Given a fresh ledger, when served, then it answers and signs checkpoints, and says who it is to nobody."""
    url = shared.url
    assert httpx.get(f"{url}/health").json()["status"] == "ok"
    assert _until(lambda: httpx.get(f"{url}/checkpoint").status_code == 200)
    assert httpx.get(f"{url}/search?q=a").status_code == 401
    assert "server" not in httpx.get(f"{url}/health").headers
    assert noted_process(shared.home / "run", "serve") == shared.process.pid


def test_an_act_is_soon_under_a_signed_checkpoint(shared: Served) -> None:
    """Given a serving process, when another process records acts, then its checkpoints cover each within a second.

    The quickest of five counts, for this machine may be busy; all of them come.
    """
    settings = Settings(
        home=shared.home,
        database_url=shared.database.main_admin,
        keys_database_url=shared.database.keys_admin,
        passphrase="a passphrase for tests",
    )
    waits = []
    with open_product(settings) as product:
        clerk = product.actor(Office.ARCHIVIST)
        for number in range(5):
            fact = unit_established(f"Phường {number}", f"{number:05}", "2025-07-01")
            unit = UnitEntry(unit=uuid4(), fact=fact, agencies=())
            receipt = record_units(product.main, clerk, new_act_id(), [unit])
            began = time.monotonic()
            assert _until(lambda: _published(shared.url) > receipt.act_index, every=0.02)  # noqa: B023  called at once
            waits.append(time.monotonic() - began)
    assert min(waits) < 1


def test_only_one_serves_a_home_until_it_is_stopped(shared: Served) -> None:
    """Given a serving process, another on the same home refuses and the first goes on; told to stop, it exits 0."""
    second = started(shared.home, shared.database)
    assert "already-running" in second.communicate(timeout=30)[1]
    assert second.returncode != 0
    assert httpx.get(f"{shared.url}/health").status_code == 200
    assert end_process(shared.home / "run", "serve")
    assert shared.process.wait(timeout=20) == 0
    assert shared.process.stderr is not None
    said = shared.process.stderr.read().splitlines()
    assert all(line.startswith("!!! ") for line in said), "one registrar of one is said loudly, and nothing else"
    assert noted_process(shared.home / "run", "serve") is None


def _published(url: str) -> int:
    """The size in the served checkpoint; 0 before the first."""
    lines = httpx.get(f"{url}/checkpoint").text.split("\n")
    return int(lines[1]) if len(lines) > 3 else 0


def _until(seen: Callable[[], bool], every: float = 0.1) -> bool:
    """Whether it is so within half a minute."""
    until = time.monotonic() + 30
    while not seen():
        if time.monotonic() > until:
            return False
        time.sleep(every)
    return True


def test_a_row_altered_while_it_serves_is_an_alarm(
    serving: tuple[subprocess.Popen[str], str], database: Databases
) -> None:
    """Given a serving process, when a superuser alters a published row, then health says which, and it serves on."""
    process, url = serving
    assert _until(lambda: httpx.get(f"{url}/checkpoint").status_code == 200)
    with psycopg.connect(database.main_admin, autocommit=True) as connection:
        connection.execute("ALTER TABLE main_log.act DISABLE TRIGGER USER")
        connection.execute("UPDATE main_log.act SET note = note || ' ' WHERE index = 1")
    assert _until(lambda: httpx.get(f"{url}/health").status_code == 503)
    told = httpx.get(f"{url}/health").json()
    assert told["status"] == "alarm"
    assert [(one["code"], one["log"], one["act"], one["event"]) for one in told["alarms"]] == [
        ("row-altered", "main_log", 1, None)
    ]
    assert told["alarms"][0]["vi"] != told["alarms"][0]["en"]
    assert httpx.get(f"{url}/acts/0").status_code == 200
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 0
    assert process.stderr is not None
    assert "row-altered" in process.stderr.read()


def test_a_roll_back_while_it_serves_stops_it(serving: tuple[subprocess.Popen[str], str], database: Databases) -> None:
    """Given a serving process, when the database loses published acts, then within seconds it ends, 3, and says so."""
    process, url = serving
    assert _until(lambda: httpx.get(f"{url}/checkpoint").status_code == 200)
    with psycopg.connect(database.main_admin) as connection:
        for table in ("act", "event"):
            connection.execute(f"ALTER TABLE main_log.{table} DISABLE TRIGGER USER".encode())
        connection.execute("DELETE FROM main_log.act WHERE index > 0")
        connection.execute("DELETE FROM main_log.event WHERE act_index > 0")
        connection.execute("UPDATE main_log.head SET (acts, events) = (SELECT 1, count(*) FROM main_log.event)")
    began = time.monotonic()
    assert process.wait(timeout=30) == 3
    assert time.monotonic() - began < 20
    assert "ledger-shorter-than-checkpoint" in process.communicate()[1]


def test_an_address_in_use_is_an_environment_problem(tmp_path: Path, database: Databases) -> None:
    """Given a port that another program uses, when served there, then the problem says so before anything starts."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        refused = started(tmp_path, database, "--port", str(other.getsockname()[1]))
        assert "address-taken" in refused.communicate(timeout=30)[1]
