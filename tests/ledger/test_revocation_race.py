"""A key revoked while its owner writes as fast as they can: not one act of that key lies after the revocation."""

from __future__ import annotations

from threading import Event as Flag
from threading import Thread
from uuid import UUID, uuid4

from domain.errors import Refusal
from domain.event import Event
from domain.keys import KeyRevoked, RoleGranted
from ledger.act_id import new_act_id
from ledger.commands import registry
from ledger.proposal import Proposal
from ledger.streams import Streams
from signing.act import open_act
from signing.base64_text import to_base64
from tests.ledger.conftest import BoxPacked, House, new_actor, pieces

WRITERS = 4
ENOUGH = 40


def test_a_revocation_under_load_leaves_no_later_act(house: House) -> None:
    """Given four writers under one key, its revocation ends each of them, and nothing of it lies after that."""
    origin, officer = house.main.origin, new_actor()
    house.main.perform(registry.enrolment(origin, house.registrars, new_act_id(), officer, "server"))
    house.main.registry.refresh()
    role = RoleGranted(actor=officer.id, role="packer", acts=("box.*",))
    house.main.perform(registry.grant(origin, house.registrars, new_act_id(), role))
    house.main.registry.refresh()
    warm, ended, written = Flag(), [], []

    def write() -> None:
        box = uuid4()

        def decide(streams: Streams) -> dict[UUID, list[Event]]:
            streams.load(box, 0, pieces)
            return {box: [BoxPacked(piece=1)]}

        try:
            while True:
                proposal = Proposal(act="box.pack", id=new_act_id(), actor=officer, decide=decide, request={})
                written.append(house.main.perform(proposal).act_index)
                if len(written) >= ENOUGH:
                    warm.set()
        except Refusal as refusal:
            ended.append(str(refusal))

    writers = [Thread(target=write, daemon=True) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    assert warm.wait(30)
    kid = officer.signer.verifier_key.kid
    fact = KeyRevoked(kid=to_base64(kid), reason="lost")
    revoked_at = house.main.perform(registry.revocation(origin, house.registrars, new_act_id(), fact)).act_index
    for writer in writers:
        writer.join(30)
    assert len(ended) == WRITERS
    assert all("key-revoked" in reason for reason in ended)
    acts = [open_act(house.main.note_of(index), origin) for index in range(house.main.size())]
    signed = [index for index, act in enumerate(acts) if kid in act.kids]
    assert max(signed) < revoked_at
    assert set(written) <= set(signed)
