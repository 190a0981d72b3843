"""What this process signs itself is put to the proof at once, then once in a while; what others sign always."""

from __future__ import annotations

from uuid import uuid4

import pytest

from domain.errors import Refusal
from ledger.actor import Actor
from ledger.signature_watch import PROOF_SECONDS, SignatureWatch
from signing.note import Ed25519Signer, Signer, VerifierKey
from tests.ledger.conftest import House, new_actor


class Token:
    """A signer held elsewhere, which may be broken."""

    def __init__(self, signer: Signer, *, broken: bool = False) -> None:
        self.verifier_key: VerifierKey = signer.verifier_key
        self._signer, self._broken = signer, broken

    def sign(self, message: bytes) -> bytes:
        """A signature, over something else when broken."""
        return self._signer.sign(message + b"!" if self._broken else message)


def test_a_key_is_due_first_and_then_once_in_a_while() -> None:
    """Given a key of this process, it is due until proven and again after the time of grace; one of two is enough."""
    now = 0.0
    watch = SignatureWatch(lambda: now)
    clerk, other = new_actor(), new_actor()
    assert watch.is_due([clerk.signer])
    watch.proven([clerk.signer])
    assert not watch.is_due([clerk.signer])
    assert watch.is_due([clerk.signer, other.signer])
    now += 2 * PROOF_SECONDS
    assert watch.is_due([clerk.signer])


def test_a_key_held_elsewhere_is_always_due() -> None:
    """A token's or a service's signature is verified at every act."""
    elsewhere = Token(new_actor().signer)
    watch = SignatureWatch(lambda: 0.0)
    watch.proven([elsewhere])
    assert watch.is_due([elsewhere])


def test_a_broken_token_stores_nothing(house: House) -> None:
    """Given a clerk's good acts just before, an act that the clerk's broken token signed is refused."""
    house.pack(uuid4())
    house.clerk = Actor(id=house.clerk.id, signer=Token(house.clerk.signer, broken=True))
    with pytest.raises(Refusal) as refused:
        house.pack(uuid4())
    assert refused.value.code == "act-malformed"
    assert house.main.recorder.max_notification_id() == 4


def test_a_signer_that_turns_faulty_is_found_at_its_first_proof(house: House) -> None:
    """Given a key of this process that signs wrongly from the start, not one act of it is stored."""
    faulty = object.__new__(Ed25519Signer)
    faulty.verifier_key, faulty.sign = house.clerk.signer.verifier_key, lambda _: bytes(64)
    house.clerk = Actor(id=house.clerk.id, signer=faulty)
    for _ in range(2):
        with pytest.raises(Refusal) as refused:
            house.pack(uuid4())
        assert refused.value.code == "act-malformed"
    assert house.main.recorder.max_notification_id() == 3
