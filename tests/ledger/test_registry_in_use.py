"""The registry in use: acts of a key since it was compromised are questioned; a role withdrawn stays withdrawn."""

from __future__ import annotations

from uuid import UUID, uuid4

import msgspec
import pytest

from domain.errors import Refusal
from domain.event import Event
from domain.keys import KeyRevoked, RoleGranted, RoleWithdrawn
from ledger.act_id import new_act_id
from ledger.actor import Actor
from ledger.commands import registry
from ledger.founding import found_ledger
from ledger.proposal import Proposal
from ledger.questioned import questioned_acts
from ledger.streams import Streams
from signing.act import open_act, sign_act
from signing.base64_text import to_base64
from tests.ledger.conftest import BoxPacked, House, new_actor, pieces
from tests.ledger.elsewhere import Desk, signed


def test_acts_since_the_compromise_are_questioned_and_stand(house: House) -> None:
    """Given three acts of an officer and a compromise since the second, the later two are listed and stand."""
    desk = Desk(house)
    desk.join()
    box = uuid4()
    acts = [desk.submit(signed(desk.prepare(desk.packing(box)), desk.officer)).act_index for _ in range(3)]
    assert list(questioned_acts(house.main)) == []
    house.pack(uuid4())

    kid = to_base64(desk.officer.signer.verifier_key.kid)
    fact = KeyRevoked(kid=kid, reason="stolen", compromised_since=acts[1])
    house.main.registry.refresh()
    house.main.perform(registry.revocation(desk.origin, house.registrars, new_act_id(), fact))
    found = list(questioned_acts(house.main))
    assert [(one.index, one.act, one.actor, one.kids) for one in found] == [
        (index, "box.pack", desk.officer.id, (kid,)) for index in acts[1:]
    ]
    assert len(house.main.recorder.select_events(box)) == 3


def test_no_compromise_lies_in_the_future(house: House) -> None:
    """Given an index that the log has not reached, a revocation that names it is refused before it is signed."""
    desk = Desk(house)
    desk.join()
    kid = to_base64(desk.officer.signer.verifier_key.kid)
    fact = KeyRevoked(kid=kid, reason="stolen", compromised_since=house.main.size() + 1)
    with pytest.raises(Refusal, match="compromise-in-the-future"):
        desk.prepare(registry.revocation(desk.origin, house.registrars, new_act_id(), fact))


def test_a_role_that_was_withdrawn_does_not_come_back(house: House) -> None:
    """Given a role taken from its holder, founding again, as every start does, does not grant it anew."""
    fact = RoleWithdrawn(actor=house.clerk.id, role="clerk")
    house.main.perform(registry.withdrawal(house.main.origin, house.registrars, new_act_id(), fact))
    size = house.main.size()
    found_ledger(house.main, house.access, house.founding)
    assert house.main.size() == size
    with pytest.raises(Refusal, match="role-missing"):
        house.pack(uuid4())


def test_two_keys_of_one_person_make_no_dual_act(house: House) -> None:
    """Given an officer with two keys, an act that two people sign is refused to them: prepared, performed, appended."""
    desk = Desk(house)
    desk.join(role=False)
    second = Actor(id=desk.officer.id, signer=new_actor().signer)
    for act in (
        registry.enrolment(desk.origin, house.registrars, new_act_id(), second, "server"),
        registry.grant(
            desk.origin,
            house.registrars,
            new_act_id(),
            RoleGranted(actor=second.id, role="giver", acts=("handover.*",)),
        ),
        registry.grant(
            desk.origin,
            house.registrars,
            new_act_id(),
            RoleGranted(actor=house.clerk.id, role="x", acts=("handover.*",)),
        ),
    ):
        house.main.perform(act)
        house.main.registry.refresh()
    alone = dual(desk.officer, ())
    for proposal in (alone, dual(desk.officer, (second,)), dual(desk.officer, (house.clerk, second))):
        for attempt in (desk.prepare, house.main.perform):
            with pytest.raises(Refusal, match="dual-control-missing"):
                attempt(proposal)
    ready = house.main.prepare(dual(desk.officer, (house.clerk,)))
    assert house.main.append_prepared([ready])[0].act_index > 0
    forged = [actor.signer_in(desk.origin) for actor in (desk.officer, second)]
    header = open_act(ready.note, desk.origin).header
    note = sign_act(desk.origin, msgspec.structs.replace(header, id=new_act_id()), forged)
    with pytest.raises(Refusal, match="dual-control-missing"):
        house.main.append_prepared([msgspec.structs.replace(ready, note=note)])


def dual(first: Actor, others: tuple[Actor, ...]) -> Proposal:
    """An act by the name of one that two people sign."""
    box = uuid4()

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        streams.load(box, 0, pieces)
        return {box: [BoxPacked(piece=1)]}

    return Proposal(act="handover.complete", id=new_act_id(), actor=first, co_signers=others, decide=decide, request={})
