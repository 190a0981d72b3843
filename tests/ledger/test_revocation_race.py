"""A key revoked while its owner writes as fast as they can: not one act of that key lies after the revocation.

The registry is read before an act is checked, and the head says at its append whether that was the newest: what was
good at the check and revoked before the append is turned back there. So are acts prepared and signed long before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from threading import Event as Flag
from threading import Thread
from uuid import UUID, uuid4

import psycopg
import pytest

from domain.errors import Refusal
from domain.event import Event
from domain.keys import KeyRevoked, RoleGranted
from ledger.act_id import new_act_id
from ledger.commands import registry
from ledger.prepared_act import AppendStatus
from ledger.proposal import Proposal
from ledger.receipt import Receipt
from ledger.streams import Streams
from signing.act import open_act
from signing.base64_text import to_base64
from tests.ledger.conftest import BoxPacked, House, new_actor, pieces
from tests.ledger.elsewhere import Desk, signed

WRITERS = 16
SUBMITTERS = 4
PREPARED = 12
"""Of each submitter, signed before the first is submitted."""
ENOUGH = 120


class Load:
    """Threads that do one thing over and over until it is refused; what they wrote and why they ended."""

    def __init__(self) -> None:
        self.warm = Flag()
        self.written: list[int] = []
        self.ended: list[Refusal] = []
        self._threads: list[Thread] = []

    def start(self, steps: list[Callable[[], Receipt]]) -> None:
        """One thread for each of `steps`; a `StopIteration` ends it too."""
        self._threads += [Thread(target=self._repeat, args=(step,), daemon=True) for step in steps]
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        """Until all have ended."""
        for thread in self._threads:
            thread.join(60)
        assert not any(thread.is_alive() for thread in self._threads)

    def _repeat(self, step: Callable[[], Receipt]) -> None:
        try:
            while True:
                self.written.append(step().act_index)
                if len(self.written) >= ENOUGH:
                    self.warm.set()
        except Refusal as refusal:
            self.ended.append(refusal)
        except StopIteration:
            pass


def test_a_revocation_under_load_leaves_no_later_act(house: House) -> None:
    """Given sixteen writers and prepared acts under one key, its revocation ends each, and nothing of it lies after."""
    desk = Desk(house)
    desk.join()
    officer, origin = desk.officer, desk.origin

    def writing(box: UUID) -> Callable[[], Receipt]:
        def decide(streams: Streams) -> dict[UUID, list[Event]]:
            streams.load(box, 0, pieces)
            return {box: [BoxPacked(piece=1)]}

        return lambda: house.main.perform(
            Proposal(act="box.pack", id=new_act_id(), actor=officer, decide=decide, request={})
        )

    def submitting() -> Callable[[], Receipt]:
        ready = iter([signed(desk.prepare(desk.packing(uuid4())), officer) for _ in range(PREPARED)])
        return lambda: desk.submit(next(ready))

    late = signed(desk.prepare(desk.packing(uuid4())), officer)
    load = Load()
    submitters = [submitting() for _ in range(SUBMITTERS)]
    load.start([writing(uuid4()) for _ in range(WRITERS)] + submitters)
    assert load.warm.wait(60)
    kid = officer.signer.verifier_key.kid
    fact = KeyRevoked(kid=to_base64(kid), reason="lost")
    revoked_at = house.main.perform(registry.revocation(origin, house.registrars, new_act_id(), fact)).act_index
    load.join()
    with pytest.raises(Refusal, match="key-revoked"):
        desk.submit(late)

    assert len(load.ended) >= WRITERS
    assert Counter(refusal.code for refusal in load.ended) == {"act-not-permitted": len(load.ended)}
    assert all("key-revoked" in str(refusal) for refusal in load.ended)
    acts = [open_act(house.main.note_of(index), origin) for index in range(house.main.size())]
    of_key = [index for index, act in enumerate(acts) if kid in act.kids]
    assert max(of_key) < revoked_at
    assert set(load.written) <= set(of_key)


def test_revoked_between_check_and_append(house: House) -> None:
    """Given an act checked and waiting for its turn, and a revocation that gets there first, the act is turned back."""
    officer, origin = new_actor(), house.main.origin
    house.main.perform(registry.enrolment(origin, house.registrars, new_act_id(), officer, "server"))
    house.main.registry.refresh()
    role = RoleGranted(actor=officer.id, role="packer", acts=("box.*",))
    house.main.perform(registry.grant(origin, house.registrars, new_act_id(), role))
    house.main.registry.refresh()
    box = uuid4()

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        streams.load(box, 0, pieces)
        return {box: [BoxPacked(piece=1)]}

    checked = house.main.prepare(
        Proposal(act="box.pack", id=new_act_id(), actor=officer, decide=decide, request={})
    )  # everything but the append
    fact = KeyRevoked(kid=to_base64(officer.signer.verifier_key.kid), reason="lost")
    house.main.perform(registry.revocation(origin, house.registrars, new_act_id(), fact))
    [waiting] = house.main.log_recorder.append([checked])
    assert waiting.result().status is AppendStatus.REGISTRY_MOVED
    with psycopg.connect(house.database.main_url("mocban_ledger_writer")) as connection:
        row = connection.execute("SELECT count(*) FROM main_log.act WHERE id = %s", (checked.id,)).fetchone()
    assert row == (0,)
