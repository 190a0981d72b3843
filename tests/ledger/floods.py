"""Floods of acts, and append processes that are killed in the middle of one, by themselves or from outside."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic, sleep
from uuid import UUID

import psycopg
import pytest

from domain.sealed import Plain
from ledger.act_id import new_act_id
from ledger.append_process import AppendProcess
from ledger.dispatch import Dispatch
from ledger.receipt import Receipt
from signing.act import open_act, verify_act_signatures
from signing.fault_point import FaultPoint
from tests.ledger.conftest import BoxPacked, House

WRITERS = 16
ARMED = """
import sys
from ledger import append_process
from signing.fault_point import FaultPoint, arm
arm(FaultPoint(sys.argv[1]), int(sys.argv[2]))
append_process.AppendService(0, 1).serve()
"""


def armed(monkeypatch: pytest.MonkeyPatch, point: FaultPoint, times: int) -> None:
    """Let every append process from now on die at that point."""
    command = (sys.executable, "-P", "-c", ARMED, point.value, str(times))
    monkeypatch.setattr("ledger.append_process.COMMAND", command)


def dispatch_of(house: House) -> Dispatch:
    """That of the main log."""
    dispatch = house.main._committer._desk._dispatch
    dispatch._start_after = 0.0  # on one core too
    return dispatch


def desk_of(house: House) -> int:
    """The number of its desk's thread."""
    thread = house.main._committer._desk._thread
    assert thread is not None
    assert thread.native_id is not None
    return thread.native_id


def started(house: House) -> AppendProcess:
    """The append process of a house that has just seen a flood."""
    dispatch = dispatch_of(house)
    until = monotonic() + 30
    while (child := dispatch._child) is None or not child.ready:
        if child is None:
            flood(house, WRITERS)
        else:
            sleep(0.01)
        assert monotonic() < until, "no flood brought up an append process"
    return child


def small_floods(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A flood is one sooner, begins again at once, and starts a child of its own."""
    dispatch_of(house)._lose_child()
    monkeypatch.setattr("ledger.dispatch.MANY", 1)
    monkeypatch.setattr("ledger.dispatch.FLOOD", WRITERS)
    monkeypatch.setattr("ledger.dispatch.AGAIN_SECONDS", 0.0)


def flood(
    house: House, count: int, at_half: Callable[[], object] = lambda: None, *, label: str = ""
) -> dict[UUID, Receipt]:
    """So many acts by many writers, each with a sealed label into a box of its own, which has the act's id.

    label: what more the labels say.
    """

    def write(number: int) -> Receipt:
        if number == count // 2:
            at_half()
        act = new_act_id()
        return house.pack(act, act_id=act, label=Plain(f"Hộp {act}{label}"))

    with ThreadPoolExecutor(WRITERS) as pool:
        return {receipt.id: receipt for receipt in pool.map(write, range(count))}


def check(house: House, before: int, receipts: dict[UUID, Receipt]) -> None:
    """Each of these acts, and no other since the log held `before`, is stored once, signed, and can be read."""
    assert sorted(receipt.act_index for receipt in receipts.values()) == list(range(before, before + len(receipts)))
    assert house.main.size() == before + len(receipts)
    known = house.main.registry.current().registry
    assert known is not None
    for act, receipt in receipts.items():
        assert house.main.receipt_of(act) == receipt
        verify_act_signatures(open_act(house.main.note_of(receipt.act_index), house.main.origin), known.keys)
        [stored] = house.main.recorder.select_events(act)
        event = house.main.event_mapper.decode(stored.topic, stored.state)
        assert isinstance(event, BoxPacked)
        assert event.label is not None
        assert house.unsealer.open(event.label, act, 1, "/label").startswith(f"Hộp {act}")  # type: ignore[arg-type]


def pid_of(child: AppendProcess) -> int:
    """Its number."""
    return child._child.pid


def kill(child: AppendProcess) -> None:
    """As the kernel does when memory runs out."""
    os.kill(pid_of(child), signal.SIGKILL)


def cut_off(house: House) -> None:
    """The server ends the youngest connection that appends: the append process's own."""
    with psycopg.connect(house.database.main_admin, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'commit main_log' "
            "ORDER BY backend_start DESC LIMIT 1"
        )


def ended(pid: int) -> bool:
    """Whether a process is gone within ten seconds, or only its number is left."""
    for _ in range(200):
        stat = Path(f"/proc/{pid}/stat")
        if not stat.exists() or stat.read_text().rpartition(") ")[2].startswith("Z"):
            return True
        sleep(0.05)
    return False
