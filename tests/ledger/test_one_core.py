"""Threads wait on the core that is held, and are held by nothing before and after."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from domain.errors import Refusal
from ledger.one_core import OneCore

EVERYWHERE = os.sched_getaffinity(0)


@pytest.fixture
def desk() -> Iterator[ThreadPoolExecutor]:
    """A thread that holds the core."""
    with ThreadPoolExecutor(1) as thread:
        yield thread


def where() -> set[int]:
    """What the calling thread may run on."""
    return os.sched_getaffinity(0)


def how() -> int:
    """How the calling thread is scheduled."""
    return os.sched_getscheduler(0)


def refused() -> set[int]:
    """As an act is."""
    raise Refusal("ledger-closed")


def test_nobody_is_moved_where_none_is_held() -> None:
    """Given no desk that holds a core, one waits where one is."""
    assert OneCore().near(where) == EVERYWHERE


def test_one_waits_on_the_core_that_is_held(desk: ThreadPoolExecutor) -> None:
    """Given a held core, who waits is on it, and afterwards anywhere; so is the desk once it is free."""
    core = OneCore()
    desk.submit(core.hold).result()
    held = desk.submit(where).result()
    assert len(held) == 1
    assert core.near(where) == held
    assert where() == EVERYWHERE
    core.free()
    assert desk.submit(where).result() == EVERYWHERE
    assert core.near(where) == EVERYWHERE


def test_one_who_waits_pushes_nobody_aside(desk: ThreadPoolExecutor) -> None:
    """Given a held core, who waits comes after whoever is at work, and is as it was afterwards."""
    core = OneCore()
    desk.submit(core.hold).result()
    assert (core.near(how), how(), desk.submit(how).result()) == (os.SCHED_BATCH, os.SCHED_OTHER, os.SCHED_OTHER)
    core.free()
    assert core.near(how) == os.SCHED_OTHER


def test_who_is_scheduled_by_its_owner_stays_so(desk: ThreadPoolExecutor) -> None:
    """Given a thread that its owner has put behind all others, it is not put before them."""
    core = OneCore()
    desk.submit(core.hold).result()

    def idle() -> tuple[int, int]:
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
        return core.near(how), how()

    with ThreadPoolExecutor(1) as writer:
        assert writer.submit(idle).result() == (os.SCHED_IDLE, os.SCHED_IDLE)


def test_a_refusal_leaves_nobody_held(desk: ThreadPoolExecutor) -> None:
    """Given an act that is refused, its writer may go anywhere."""
    core = OneCore()
    desk.submit(core.hold).result()
    with pytest.raises(Refusal, match="ledger-closed"):
        core.near(refused)
    assert (where(), how()) == (EVERYWHERE, os.SCHED_OTHER)


@pytest.mark.skipif(len(EVERYWHERE) < 2, reason="one core")
def test_who_may_not_go_there_waits_where_it_is(desk: ThreadPoolExecutor) -> None:
    """Given a thread that its owner keeps to another core, it stays there."""
    core = OneCore()
    desk.submit(core.hold).result()
    elsewhere = EVERYWHERE - desk.submit(where).result()

    def kept() -> tuple[set[int], set[int]]:
        os.sched_setaffinity(0, elsewhere)
        return core.near(where), where()

    with ThreadPoolExecutor(1) as writer:
        assert writer.submit(kept).result() == (elsewhere, elsewhere)


def fail(*_: object) -> None:
    """As the kernel does where a container forbids it."""
    raise PermissionError


@pytest.mark.parametrize(
    "broken",
    [("ledger.one_core._OWN_STATE", Path("/nowhere")), ("os.sched_setaffinity", fail), ("os.sched_setscheduler", fail)],
)
def test_nothing_fails_where_threads_cannot_be_moved(
    monkeypatch: pytest.MonkeyPatch, broken: tuple[str, Path | Callable[..., None]]
) -> None:
    """Given a machine that tells or allows nothing, one waits as ever."""
    monkeypatch.setattr(*broken)
    core = OneCore()
    core.hold()
    assert core.near(how) == os.SCHED_OTHER
    core.free()
    assert where() == EVERYWHERE


@pytest.mark.parametrize("asked", ["os.sched_getaffinity", "os.sched_getscheduler", "os.sched_setaffinity"])
def test_who_waits_is_told_what_came_of_it_where_nothing_may_be_asked(
    monkeypatch: pytest.MonkeyPatch, desk: ThreadPoolExecutor, asked: str
) -> None:
    """Given a held core and a kernel or libc that refuses to say or change it, the outcome is told all the same."""
    core = OneCore()
    desk.submit(core.hold).result()
    with monkeypatch.context() as forbidden:
        forbidden.setattr(asked, fail)
        assert core.near(lambda: "stored") == "stored"
    assert (where(), how()) == (EVERYWHERE, os.SCHED_OTHER)
