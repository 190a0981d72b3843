"""The registry in use: acts of a key since it was compromised are questioned; a role withdrawn stays withdrawn."""

from __future__ import annotations

from uuid import uuid4

import pytest

from domain.errors import Refusal
from domain.keys import KeyRevoked, RoleWithdrawn
from ledger.act_id import new_act_id
from ledger.commands import registry
from ledger.founding import found_ledger
from ledger.questioned import questioned_acts
from signing.base64_text import to_base64
from tests.ledger.conftest import House
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
