"""A child that is silent for good, stopped or never answered itself, holds nobody; and no act is stored twice."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from time import sleep
from typing import Any

import psycopg
import pytest

from domain.sealed import Plain
from ledger.act_id import new_act_id
from ledger.prepared_act import AppendStatus, PreparedAct
from ledger.proposal import Proposal
from tests.ledger.conftest import BoxPacked, House, build, close
from tests.ledger.floods import WRITERS, check, dispatch_of, ended, flood, pid_of, small_floods, started

ACTS = 4 * WRITERS
SHORT_OF_PATIENCE = 0.4
WAITING = "SELECT pid FROM pg_locks WHERE relation = 'main_log.act'::regclass AND NOT granted"
UNHEARD = """
from ledger import append_process
append_process.AppendConnection.send = lambda self, acts: self._connected()
append_process.AppendService(0, 1).serve()
"""


@pytest.fixture(scope="module")
def house(module_database: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One founded ledger for everything here."""
    built = build(module_database, tmp_path_factory.mktemp("home"))
    yield built
    close(built)


@pytest.fixture(autouse=True)
def _small_floods(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A flood is one sooner here, begins again at once, and every test starts a child of its own."""
    small_floods(house, monkeypatch)


@pytest.mark.parametrize("label", ["", "x" * 100_000], ids=["small acts", "acts that fill the pipe"])
def test_a_child_that_is_stopped_holds_nobody(house: House, monkeypatch: pytest.MonkeyPatch, label: str) -> None:
    """Given SIGSTOP in the middle of a flood, then the child is killed after its time, and every act is stored once."""
    child = started(house)
    before = house.main.size()
    monkeypatch.setattr("ledger.append_process.SILENCE_SECONDS", SHORT_OF_PATIENCE)
    check(house, before, flood(house, ACTS, lambda: os.kill(pid_of(child), signal.SIGSTOP), label=label))
    assert ended(pid_of(child))
    assert dispatch_of(house)._child is not child


def test_a_child_whose_server_is_silent_holds_nobody(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a child that sends and is never answered, then it is killed after its time, and each act is stored once."""
    monkeypatch.setattr("ledger.append_process.COMMAND", (sys.executable, "-P", "-c", UNHEARD))
    child = started(house)
    before = house.main.size()
    monkeypatch.setattr("ledger.append_process.SILENCE_SECONDS", SHORT_OF_PATIENCE)
    check(house, before, flood(house, ACTS))
    assert ended(pid_of(child))


def test_a_child_that_hangs_before_it_is_ready_makes_room_for_another(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a child that never says that it is ready, then it is killed after its time, and the next flood has one."""
    with monkeypatch.context() as hanging:
        hanging.setattr("ledger.append_process.COMMAND", ("sleep", "600"))
        hanging.setattr("ledger.append_process.SILENCE_SECONDS", SHORT_OF_PATIENCE)
        while (child := dispatch_of(house)._child) is None:
            flood(house, WRITERS)
        assert ended(pid_of(child))
    assert started(house).ready


def test_a_child_that_only_waits_longer_than_its_time_doubles_nothing(house: House) -> None:
    """Given a lock that outlasts the child's time, its call is still in the server when its parent sends it again."""
    child, before = started(house), house.main.size()
    acts = [_prepared(house) for _ in range(ACTS)]
    with psycopg.connect(house.database.main_admin) as migration:
        migration.execute("LOCK TABLE main_log.act IN SHARE MODE")
        waiting = house.main._committer.submit(acts)
        while not migration.execute(WAITING).fetchone():
            sleep(0.01)
        child._answer_by = 0.0
        house.main._committer._desk.wake()
        assert ended(pid_of(child))
        assert not any(pending.settled for pending in waiting)
    outcomes = [pending.result() for pending in waiting]
    assert {outcome.status for outcome in outcomes} >= {AppendStatus.KNOWN}
    check(house, before, {act.id: outcome.receipt(act.id) for act, outcome in zip(acts, outcomes, strict=True)})


def _prepared(house: House) -> PreparedAct:
    """As one of a flood's."""
    act = new_act_id()
    decided = {act: [BoxPacked(piece=1, label=Plain(f"Hộp {act}"))]}
    return house.main.prepare(
        Proposal(act="box.pack", id=act, actor=house.clerk, decide=lambda _: decided, request="x")
    )
