"""In a flood a child appends: in order, each act once, whoever dies meanwhile; and nobody waits for ever."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.errors import Refusal
from domain.sealed import Plain
from ledger.act_id import new_act_id
from ledger.actor import Actor
from ledger.dispatch import MANY
from ledger.pending import Pending
from ledger.prepared_act import Outcome
from ledger.proposal import Proposal
from signing.fault_point import FaultPoint
from tests.ledger.conftest import BoxPacked, House, build, close
from tests.ledger.floods import (
    WRITERS,
    armed,
    check,
    cut_off,
    desk_of,
    dispatch_of,
    flood,
    kill,
    pid_of,
    small_floods,
    started,
)
from tests.ledger.test_signature_watch import Token

ACTS = 4 * WRITERS


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


def test_few_start_nobody(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given acts that come one by one, or a few together, however many, then no child is started."""
    monkeypatch.setattr("ledger.dispatch.MANY", MANY)
    dispatch = dispatch_of(house)
    for _ in range(2 * WRITERS):
        house.pack(uuid4())
    with ThreadPoolExecutor(MANY - 1) as pool:
        list(pool.map(lambda number: house.pack(uuid4(), number), range(2 * WRITERS)))
    assert dispatch._child is None


def test_a_flood_goes_through_the_child(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given many writers, the child stores; the lone writer after them is served by the process itself."""
    child = started(house)
    before = house.main.size()
    sent: list[int] = []
    send = child.send

    def counted(acts: Sequence[Pending]) -> None:
        sent.append(len(acts))
        send(acts)

    monkeypatch.setattr(child, "send", counted)
    receipts = flood(house, ACTS)
    check(house, before, receipts)
    assert sum(sent) > WRITERS
    handed = sum(sent)
    house.pack(uuid4())
    assert sum(sent) == handed


@pytest.mark.parametrize(
    ("point", "times"),
    [(FaultPoint.APPEND_DUE, 1), (FaultPoint.APPEND_COMMITTED, 2)],
)
def test_a_child_that_dies_loses_and_doubles_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch, point: FaultPoint, times: int
) -> None:
    """Given children that die before a call, or between a commit and its answer, each act is stored once, readable."""
    armed(monkeypatch, point, times)
    started(house)
    before = house.main.size()
    dispatch, lost = dispatch_of(house), list[int]()
    lose = dispatch._lose_child

    def losing() -> None:
        lost.append(len(dispatch.acts))
        lose()

    monkeypatch.setattr(dispatch, "_lose_child", losing)
    receipts = flood(house, ACTS)
    check(house, before, receipts)
    assert any(lost), "no child died with acts in its hands"


@pytest.mark.parametrize("harm", ["kill", "cut-off"])
def test_a_child_that_is_killed_or_cut_off_loses_nothing(house: House, harm: str) -> None:
    """Given the kernel's SIGKILL, or a server that ends the child's connection, in the middle of a flood: as above."""
    child = started(house)
    before = house.main.size()
    check(house, before, flood(house, ACTS, lambda: kill(child) if harm == "kill" else cut_off(house)))


def test_acts_keep_their_order_whoever_appends_them(house: House) -> None:
    """Given versions of one box in order, some signed elsewhere, the child dying, then all are stored in order."""
    child, box, dispatch = started(house), uuid4(), dispatch_of(house)
    away = Actor(id=house.clerk.id, signer=Token(house.clerk.signer))
    committer = house.main._committer
    acts = [
        house.main.prepare(
            Proposal(
                act="box.pack",
                id=new_act_id(),
                actor=away if number % 5 == 0 else house.clerk,
                decide=lambda streams, number=number: (streams.expect(box, number), {box: [BoxPacked(piece=number)]})[
                    1
                ],  # type: ignore[misc]
                request=number,
            )
        )
        for number in range(ACTS)
    ]
    before = house.main.size()
    waiting = committer.submit(acts[: ACTS // 2])
    kill(child)
    waiting += committer.submit(acts[ACTS // 2 :])
    assert [pending.result().act_index for pending in waiting] == list(range(before, before + ACTS))
    assert dispatch.acts == []


def test_refusals_reach_their_own_writers_through_the_child(house: House) -> None:
    """Given a flood with a reused id, an act without a role and one that cannot be sent, each is told of its own."""
    started(house)
    before, box, other = house.main.size(), uuid4(), new_act_id()
    house.pack(uuid4(), 7, act_id=other)

    def meddle() -> None:
        for number in range(3):
            house.pack(box, number, label=Plain("chung"))
        for act, name, trace, error in (
            (other, "box.pack", None, "act-id-reused"),
            (new_act_id(), "shelf.move", None, "act-not-permitted"),
            (new_act_id(), "box.pack", "\udfff", "surrogates"),
        ):
            with pytest.raises((Refusal, UnicodeEncodeError), match=error):
                house.main.perform(_packing(house, act, name, trace))

    receipts = flood(house, ACTS, meddle)
    assert house.main.size() == before + len(receipts) + 4
    assert [event.originator_version for event in house.main.recorder.select_events(box)] == [1, 2, 3]


def _packing(house: House, act: UUID, name: str, trace: str | None) -> Proposal:
    decided = {uuid4(): [BoxPacked(piece=1)]}
    return Proposal(act=name, id=act, actor=house.clerk, decide=lambda _: decided, request=name, trace=trace)


def test_where_no_child_can_live_the_process_goes_on_alone(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a child that cannot start, or ends at once, acts are stored all the same."""
    dispatch = dispatch_of(house)
    for command in (("there-is-no-such-program",), ("false",)):
        monkeypatch.setattr("ledger.append_process.COMMAND", command)
        dispatch._start_after = 0.0
        before = house.main.size()
        check(house, before, flood(house, ACTS))


def test_whoever_waits_for_the_child_is_nearby_and_free_afterwards(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a flood, writers wait on the desk's core; they, the child and, without a child, the desk go anywhere."""
    everywhere = os.sched_getaffinity(0)
    child = pid_of(started(house))
    desk = desk_of(house)
    assert len(os.sched_getaffinity(desk)) == 1
    waiting: list[set[int]] = []
    result = Pending.result

    def watched(pending: Pending) -> Outcome:
        waiting.append(os.sched_getaffinity(0))
        return result(pending)

    monkeypatch.setattr(Pending, "result", watched)
    with ThreadPoolExecutor(WRITERS) as pool:
        after = list(pool.map(lambda _: (house.pack(uuid4()), os.sched_getaffinity(0))[1], range(ACTS)))
    assert os.sched_getaffinity(desk) in waiting
    assert after == [everywhere] * ACTS
    assert os.sched_getaffinity(child) == everywhere
    dispatch_of(house)._lose_child()
    assert os.sched_getaffinity(desk) == everywhere
