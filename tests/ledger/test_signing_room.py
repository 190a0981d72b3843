"""The signing room: acts leave in order, signed, whoever signs them and whoever dies meanwhile."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from select import select
from uuid import UUID, uuid4

import pytest

from ledger.act_draft import ActDraft
from ledger.pending import Pending
from ledger.prepared_act import PreparedAct
from ledger.signing_room import FLOOD, MANY, SigningRoom
from signing.act import NOTHING_SEEN, ActHeader, OpenedAct, open_act, unsigned_act, verify_act_signatures
from signing.note import Ed25519Signer, Signer, VerifierKey
from tests.ledger.conftest import House

ORIGIN = "room.example/log"
ACTORS = [str(UUID(int=number)) for number in (1, 2)]
KEYS = [Ed25519Signer(f"{ORIGIN}/{actor}", bytes([at + 1]) * 32) for at, actor in enumerate(ACTORS)]
KNOWN = {key.verifier_key.kid: key.verifier_key.encoded for key in KEYS}


class _Token:
    """A key held elsewhere."""

    def __init__(self, signer: Signer) -> None:
        self.verifier_key: VerifierKey = signer.verifier_key
        self.sign = signer.sign


def _prepared(act: OpenedAct) -> PreparedAct:
    return PreparedAct(id=act.header.id, note=act.data, digest=b"", registry_index=0, events=())


def _pending(number: int, *, signers: tuple[Signer, ...] = (KEYS[0],)) -> Pending:
    header = ActHeader(
        act="box.pack", id=UUID(int=number), actor=ACTORS[0], at="2026-01-02T03:04:05.678901Z", events=1,
        root=bytes(32), seen=NOTHING_SEEN,
    )  # fmt: skip
    act = unsigned_act(ORIGIN, header, [signer.verifier_key for signer in signers])
    pending = Pending(lambda: ActDraft(act, signers, _prepared))
    assert pending.compose()
    return pending


def _ready(number: int) -> Pending:
    return Pending.of(PreparedAct(id=UUID(int=number), note=b"", digest=b"", registry_index=0, events=()))


def _left(room: SigningRoom) -> list[Pending]:
    """What leaves once the child has answered."""
    assert room.answers_at is not None
    assert select([room.answers_at], [], [], 10)[0]
    return room.answered()


def _numbers(pending: list[Pending]) -> list[int]:
    """Of acts that left, each with its signatures in place."""
    for one in pending:
        if one.act.note:
            verify_act_signatures(open_act(one.act.note, ORIGIN), KNOWN)
    return [one.act.id.int for one in pending]


@pytest.fixture
def room() -> Iterator[SigningRoom]:
    """One in a flood, with a child that is ready."""
    room = SigningRoom()
    room._may_start = True
    assert len(room.signed([_pending(number) for number in range(FLOOD)])) == FLOOD
    assert _left(room) == []
    yield room
    room.close()


def test_few_are_signed_here_and_start_nobody() -> None:
    """Given acts that come one by one, or prepared, however many, then they leave at once and no child is started."""
    room = SigningRoom()
    for number in range(FLOOD + 1):
        assert _numbers(room.signed([_pending(number)])) == [number]
    assert _numbers(room.signed([_ready(number) for number in range(2 * FLOOD)])) == list(range(2 * FLOOD))
    assert room.answers_at is None


def test_many_leave_in_order_whoever_signs(room: SigningRoom) -> None:
    """Given a mixed batch at the child, when more come, then all leave in order, two signatures where two sign."""
    token: Signer = _Token(KEYS[1])
    batch = [_pending(0), _pending(1, signers=(KEYS[0], KEYS[1])), _ready(2), _pending(3, signers=(KEYS[0], token))]
    batch += [_pending(number) for number in range(4, 4 + MANY)]
    assert room.signed(batch) == []
    assert room.signed([_ready(100)]) == []
    assert len(room) == len(batch) + 1
    assert _numbers(_left(room)) == list(range(4 + MANY))
    assert _numbers(room.signed([])) == [100]
    assert len(room) == 0


@pytest.mark.parametrize("when", ["before", "after"])
def test_what_a_dead_child_held_is_signed_here(room: SigningRoom, when: str) -> None:
    """Given a child killed before or after it was asked, then every act leaves; a flood starts another."""
    child = room._child
    assert child is not None
    batch = [_pending(number) for number in range(64)]
    if when == "before":
        os.kill(child._child.pid, signal.SIGKILL)
        child._child.wait()
        left = room.signed(batch)
    else:
        os.kill(child._child.pid, signal.SIGSTOP)
        assert room.signed(batch) == []
        os.kill(child._child.pid, signal.SIGKILL)
        left = _left(room)
    assert _numbers(left) == list(range(64))
    assert room.answers_at is None
    assert len(room.signed([_pending(number) for number in range(FLOOD)])) == FLOOD
    assert room.answers_at is not None


def test_a_flood_of_acts_is_stored_and_verifies_though_its_signer_dies(house: House) -> None:
    """Given 24 writers at once, when the child that signs for them is killed, then each act is stored once, signed."""
    before = house.main.size()
    signing = house.main._committer._desk._signing
    signing._may_start = True
    killed: list[int] = []

    def write(number: int) -> int:
        child = signing._child
        if child is not None and child.ready and not killed:
            killed.append(child._child.pid)
            os.kill(child._child.pid, signal.SIGKILL)
        return house.pack(uuid4(), number + 1).act_index

    with ThreadPoolExecutor(24) as pool:
        indexes = list(pool.map(write, range(3 * FLOOD)))
    assert killed
    assert sorted(indexes) == list(range(before, before + 3 * FLOOD))
    registry = house.main.registry.current().registry
    assert registry is not None
    for index in range(before, before + 3 * FLOOD):
        verify_act_signatures(open_act(house.main.note_of(index), house.main.origin), registry.keys)
