"""The append desk: every act is prepared once, in order, answers for itself alone, and nobody waits for ever."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from threading import Event, Lock
from typing import cast
from uuid import UUID

import pytest
from typing_extensions import override

from domain.errors import Refusal
from ledger.act_draft import ActDraft
from ledger.append_connection import AppendConnection
from ledger.append_desk import MAX_ACTS, AppendDesk
from ledger.dispatch import Dispatch
from ledger.doorbell import Doorbell
from ledger.log_name import LogName
from ledger.one_core import OneCore
from ledger.pending import Pending
from ledger.prepared_act import AppendStatus, Outcome, PreparedAct

NO_ROLE = Refusal("act-not-permitted", act=UUID(int=1), problems="role-missing")
NO_ROOM = Refusal("ledger-refused-storage", sqlstate="53100")


class _Draft:
    """Needs nobody's signature."""

    def __init__(self, number: int) -> None:
        self._number = number

    def signed(self) -> PreparedAct:
        """An act of that number."""
        return PreparedAct(id=UUID(int=self._number), note=b"", digest=b"", registry_index=0, events=())


class _Server:
    """Stands where the connection stands: takes calls at once, and answers once it is let to, each act its number."""

    def __init__(self, *refused: int) -> None:
        self.calls: list[list[int]] = []
        self.called = Event()
        self.closed = False
        self.fault: Exception | None = None
        self._refused = refused
        self._answers, self._server = os.pipe()

    @property
    def answers_at(self) -> int:
        """As the connection's."""
        return self._answers

    def answer(self, calls: int) -> None:
        """Let so many calls be answered."""
        os.write(self._server, b"\x00" * calls)

    def send(self, acts: Sequence[PreparedAct]) -> None:
        """Begin."""
        if self.fault is not None:
            raise self.fault
        self.calls.append([act.id.int for act in acts])
        self.called.set()

    def receive(self) -> list[Outcome | Exception]:
        """End."""
        os.read(self._answers, 1)
        return [
            NO_ROOM
            if number in self._refused
            else Outcome(status=AppendStatus.STORED, act_index=number, first_position=0, events=1)
            for number in self.calls[-1]
        ]

    def close(self) -> None:
        """Let go."""
        self.closed = True


def _desk(server: _Server, turn: Lock | None = None) -> AppendDesk:
    return AppendDesk(
        "append-test", Dispatch(cast("AppendConnection", server), "", LogName.MAIN, OneCore()), turn or Lock()
    )


def _waiting(numbers: Sequence[int]) -> list[Pending]:
    return [Pending(lambda number=number: cast("ActDraft", _Draft(number))) for number in numbers]  # type: ignore[misc]


def test_what_gathers_while_a_call_is_under_way_follows_in_order_in_the_next() -> None:
    """Given a call under way, when 400 acts gather, then they follow in order, a call's worth at a time."""
    server, turn = _Server(), Lock()
    desk = _desk(server, turn)
    waiting = _waiting(range(401))
    desk.put(waiting[:1])
    assert server.called.wait(10)
    assert turn.locked()
    desk.put(waiting[1:])
    server.answer(100)
    assert [pending.result().act_index for pending in waiting] == list(range(401))
    desk.close()
    assert [number for call in server.calls for number in call] == list(range(401))
    assert max(map(len, server.calls)) <= MAX_ACTS
    assert len(server.calls) < 200
    assert not turn.locked()


def test_the_desk_waits_for_its_turn_and_goes_on_when_woken() -> None:
    """Given a connection that somebody else has, when an act is ready, then it is sent once the turn is given back."""
    server, turn = _Server(), Lock()
    server.answer(10)
    desk = _desk(server, turn)
    turn.acquire()
    [pending] = _waiting([7])
    desk.put([pending])
    assert not server.called.wait(0.05)
    assert not desk.idle
    turn.release()
    desk.wake()
    assert pending.result().act_index == 7
    desk.close()


def test_a_turn_given_back_disturbs_no_desk_that_has_nothing_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a desk that has served its acts, when lone writers take and give back the turn, then it sleeps on."""
    rings: list[int] = []

    class Counted(Doorbell):
        @override
        def ring(self) -> None:
            rings.append(1)
            super().ring()

    monkeypatch.setattr("ledger.append_desk.Doorbell", Counted)
    server = _Server()
    server.answer(10)
    desk = _desk(server)
    [pending] = _waiting([1])
    desk.put([pending])
    pending.result()
    while not desk.idle:
        time.sleep(0.001)
    for _ in range(20):
        desk.wake()
        time.sleep(0.002)
    assert len(rings) <= 1, "the first put may have rung"
    desk.close()


def test_a_refused_act_is_its_own_writers_alone() -> None:
    """Given acts refused when prepared or by the server, then each writer is told of its own act only."""

    def refused() -> ActDraft:
        raise NO_ROLE

    server = _Server(2)
    server.answer(10)
    desk = _desk(server)
    waiting = [*_waiting([0]), Pending(refused), *_waiting([2, 3])]
    desk.put(waiting)
    assert [waiting[0].result().act_index, waiting[3].result().act_index] == [0, 3]
    for pending, refusal in ((waiting[1], NO_ROLE), (waiting[2], NO_ROOM)):
        with pytest.raises(Refusal, match=refusal.code):
            pending.result()
    desk.close()


def test_nobody_waits_for_ever_when_a_call_breaks_or_the_desk_is_closed() -> None:
    """Given an unforeseen fault, then who waits is told, and the next act starts anew; closed, none is taken."""
    server, turn = _Server(), Lock()
    server.answer(10)
    server.fault = UnicodeEncodeError("utf-8", "\udfff", 0, 1, "surrogates not allowed")
    desk = _desk(server, turn)
    waiting = _waiting([0, 1])
    desk.put(waiting[:1])
    with pytest.raises(UnicodeEncodeError):
        waiting[0].result()
    assert server.closed
    server.fault = None
    desk.put(waiting[1:])
    assert waiting[1].result().act_index == 1
    for _ in range(2):
        desk.close()
    with pytest.raises(Refusal, match="ledger-closed"):
        desk.put(_waiting([2]))


def test_what_was_put_before_closing_is_made_durable() -> None:
    """Given acts that wait for the server, when the desk is closed, then it stays until all are told."""
    server = _Server()
    desk = _desk(server)
    waiting = _waiting(range(40))
    desk.put(waiting)
    server.answer(100)
    desk.close()
    assert all(pending.settled for pending in waiting)
