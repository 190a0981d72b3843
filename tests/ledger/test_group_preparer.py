"""The group preparer: every act is prepared once, in order, and answers for itself alone."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Event, Thread
from uuid import UUID

import pytest

from domain.errors import Refusal
from ledger.group_preparer import MAX_AT_ONCE, GroupPreparer
from ledger.pending import Pending
from ledger.prepared_act import AppendStatus, Outcome, PreparedAct


def _act(number: int) -> PreparedAct:
    return PreparedAct(id=UUID(int=number), note=b"", digest=b"", registry_index=0, events=())


def _settled(pending: Pending) -> Outcome:
    """Settle it as the committer would, with its number for an index."""
    pending.settle(Outcome(status=AppendStatus.STORED, act_index=pending.act.id.int, first_position=0, events=1))
    return pending.result()


class _Desk:
    """Stands where the committer stands: keeps what is handed on, once it is let to."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.open = Event()
        self.reached = Event()

    def __call__(self, batch: Sequence[Pending]) -> None:
        self.reached.set()
        self.open.wait(10)
        self.batches.append([pending.act.id.int for pending in batch])
        for pending in batch:
            _settled(pending)


def test_what_waits_is_handed_on_in_order_and_no_more_than_a_batch_at_once() -> None:
    """Given a busy desk, when forty acts gather, then they follow in order, each with its own outcome."""
    desk = _Desk()
    preparer = GroupPreparer("preparer-test", desk)
    waiting = [Pending(lambda number=number: _act(number)) for number in range(40)]  # type: ignore[misc]
    preparer.put(waiting[0])
    assert desk.reached.wait(10)
    for pending in waiting[1:]:
        preparer.put(pending)
    desk.open.set()
    assert [pending.result().act_index for pending in waiting] == list(range(40))
    preparer.close()
    assert [number for batch in desk.batches for number in batch] == list(range(40))
    assert max(map(len, desk.batches)) <= MAX_AT_ONCE < len(waiting) - 1


def test_a_refused_preparation_is_its_own_writers_alone() -> None:
    """Given three acts of which one is refused when it is prepared, then the others are handed on."""
    desk = _Desk()
    desk.open.set()
    preparer = GroupPreparer("preparer-test", desk)

    def refused() -> PreparedAct:
        raise Refusal("act-not-permitted", act=UUID(int=1), problems="role-missing")

    waiting = [Pending(lambda: _act(0)), Pending(refused), Pending(lambda: _act(2))]
    for pending in waiting:
        preparer.put(pending)
    assert [waiting[0].result().act_index, waiting[2].result().act_index] == [0, 2]
    with pytest.raises(Refusal, match="act-not-permitted"):
        waiting[1].result()
    preparer.close()


def test_nobody_waits_for_ever_when_handing_on_fails_or_the_preparer_is_closed() -> None:
    """Given a committer that is closed, when an act is handed on, then its writer is told."""

    def closed(_batch: Sequence[Pending]) -> None:
        raise Refusal("ledger-closed")

    preparer = GroupPreparer("preparer-test", closed)
    pending = Pending(lambda: _act(0))
    preparer.put(pending)
    with pytest.raises(Refusal, match="ledger-closed"):
        pending.result()
    closing = Thread(target=preparer.close)
    closing.start()
    closing.join(10)
    assert not closing.is_alive()
    with pytest.raises(Refusal, match="ledger-closed"):
        preparer.put(Pending(lambda: _act(1)))
