"""Revocations that are each lawful alone never leave fewer registrars with keys than a change of the registry takes."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import msgspec
import pytest

from domain.errors import Refusal
from domain.keys import KeyRevoked
from ledger.act_id import new_act_id
from ledger.actor import Actor
from ledger.commands import registry
from ledger.proposal import Proposal
from signing.base64_text import to_base64
from tests.ledger.conftest import House, new_actor
from tests.ledger.elsewhere import Desk, elsewhere, signed

KEYS = 6


@pytest.fixture
def first(house: House) -> list[Actor]:
    """One of two registrars of two, with `KEYS` keys: each of them may end itself, but not all of them."""
    keys = [house.registrars[0]]
    for _ in range(KEYS - 1):
        keys.append(Actor(id=keys[0].id, signer=new_actor().signer))
        house.main.perform(registry.enrolment(house.main.origin, house.registrars, new_act_id(), keys[-1], "server"))
        house.main.registry.refresh()
    return keys


def ending(house: House, key: Actor, signer: Actor) -> Proposal:
    """The revocation of `key`, signed by `signer` and the other registrar."""
    fact = KeyRevoked(kid=to_base64(key.signer.verifier_key.kid), reason="lost")
    return registry.revocation(house.main.origin, (signer, house.registrars[1]), new_act_id(), fact)


def left(house: House) -> set[str]:
    """Registrars who have a key in force."""
    known = house.main.registry.refresh().registry
    assert known is not None
    return {record.actor for record in known.records.values() if record.revoked_at is None} & known.registrars


def test_all_keys_at_once(house: House, first: list[Actor]) -> None:
    """Given each key revoking itself, all at one moment, all but the last are stored, and the registry lives on."""
    together = Barrier(KEYS)

    def end(key: Actor) -> str:
        proposal = ending(house, key, key)
        together.wait(20)
        try:
            house.main.perform(proposal)
        except Refusal as refusal:
            return refusal.code
        return "stored"

    with ThreadPoolExecutor(KEYS) as threads:
        ended = Counter(threads.map(end, first))
    assert ended == {"stored": KEYS - 1, "registrars-exhausted": 1}
    assert left(house) == {actor.id for actor in house.registrars}


def test_what_was_lawful_when_it_was_checked_is_judged_again_at_the_append(house: House, first: list[Actor]) -> None:
    """Given two checked side by side, the first stored, the second is refused even by a process that has read it."""
    for key in first[2:]:
        house.main.perform(ending(house, key, key))
        house.main.registry.refresh()
    acts = [house.main.prepare(ending(house, key, key)) for key in first[:2]]
    [stored] = house.main.append_prepared(acts[:1])
    known = house.main.registry.refresh()
    assert known.index == stored.act_index
    with pytest.raises(Refusal) as refused:
        house.main.append_prepared([msgspec.structs.replace(acts[1], registry_index=known.index)])
    assert refused.value.code == "registrars-exhausted"
    assert left(house) == {actor.id for actor in house.registrars}


def test_prepared_side_by_side_and_signed_elsewhere(house: House, first: list[Actor]) -> None:
    """Given revocations that wait, signed, one is recorded; the rest are stale, and the last cannot be prepared."""
    desk = Desk(house)
    files = [(desk.prepare(ending(house, key, elsewhere(key))), key) for key in first]
    desk.submit(signed(*files[0]))
    for waiting in files[1:]:
        with pytest.raises(Refusal, match="prepared-act-stale"):
            desk.submit(signed(*waiting))
    for key in first[1:-1]:
        desk.submit(signed(desk.prepare(ending(house, key, elsewhere(key))), key))
    with pytest.raises(Refusal, match="registrars-exhausted"):
        desk.prepare(ending(house, first[-1], elsewhere(first[-1])))
    assert left(house) == {actor.id for actor in house.registrars}
