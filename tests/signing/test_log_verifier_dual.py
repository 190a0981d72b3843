"""The verifier on dual control and on the log's own keys: two people, and no key beyond its end."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from typing_extensions import override

from tests.signing.judged_log import checked, found, small
from tests.signing.small_log import CLERK, REGISTRARS, SECOND, Person, SmallLog, b64

CLERKS_OTHER = Person(CLERK.actor, Ed25519PrivateKey.from_private_bytes(b"o" * 32))


def ready() -> SmallLog:
    """A log in which two officers may hand over and decide, one of them with two keys."""
    log = small()
    for person in (SECOND, CLERKS_OTHER):
        log.enrol(person)
    for person in (CLERK, SECOND):
        log.grant(person, "keeper", ["handover.*", "disposition.*"])
    return log


@pytest.mark.parametrize(
    ("act", "signers", "good"),
    [
        ("handover.complete", [CLERK, SECOND], True),
        ("handover.complete", [SECOND, CLERKS_OTHER], True),
        ("handover.complete", [CLERK], False),
        ("handover.complete", [CLERK, CLERKS_OTHER], False),
        ("handover.complete", [CLERK, SECOND, CLERKS_OTHER], False),
        ("disposition.decide", [SECOND], False),
        ("disposition.decide", [SECOND, CLERK], True),
        ("handover.propose", [CLERK], True),
        ("handover.propose", [CLERK, CLERKS_OTHER], False),
    ],
)
def test_two_keys_of_one_person_are_one_person(act: str, signers: list[Person], tmp_path: Path, *, good: bool) -> None:
    """Given acts signed by one person, by one with two keys and by two, only what two people signed is dual."""
    log = ready()
    index = log.add(act, [log.event(uuid.UUID(int=77), "box.noted/1", number=1)], signers)
    report = checked(log.files(), tmp_path, log.trust())
    assert found(report) == ([] if good else [(index, "signer-repeated")])


@pytest.mark.parametrize("type_", ["custody.handed-over/2", "handover.disputes-settled/1", "custody.handed-over/9"])
def test_what_two_people_decide_stands_in_no_other_act(type_: str, tmp_path: Path) -> None:
    """Given an act of one signer that carries a hand-over, then it is named, though a role allows it."""
    log = ready()
    good = log.add("handover.complete", [log.event(uuid.UUID(int=76), type_, number=1)], [CLERK, SECOND])
    assert found(checked(log.files(), tmp_path / "good", log.trust())) == []
    bad = log.add("handover.propose", [log.event(uuid.UUID(int=77), type_, number=1)], [CLERK])
    assert (good, found(checked(log.files(), tmp_path / "bad", log.trust()))) == (bad - 1, [(bad, "event-misplaced")])


def _standby() -> tuple[Ed25519PrivateKey, MLDSA44PrivateKey]:
    return Ed25519PrivateKey.from_private_bytes(b"E" * 32), MLDSA44PrivateKey.from_seed_bytes(b"Q" * 32)


@dataclass
class PairedLog(SmallLog):
    """A log with two pairs of keys; `ed` and `pq` are those that sign now."""

    pairs: list[tuple[Ed25519PrivateKey, MLDSA44PrivateKey]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.pairs = [(self.ed, self.pq), _standby()]

    def sign_by(self, pair: int) -> None:
        """From now on."""
        self.ed, self.pq = self.pairs[pair]

    def all_keys(self) -> list[bytes]:
        """Type byte and public key of each, live first."""
        return [
            data
            for ed, pq in self.pairs
            for data in (b"\1" + ed.public_key().public_bytes_raw(), b"\6" + pq.public_key().public_bytes_raw())
        ]

    @override
    def vkeys(self) -> list[str]:
        return [f"{self.origin}+{self.key_id(key).hex()}+{b64(key)}" for key in self.all_keys()]

    def end(self, *numbers: int) -> int:
        """Registrars revoke some of the log's keys."""
        kids = [b64(hashlib.sha256(self.all_keys()[number]).digest()) for number in numbers]
        events = [self.event(self.registry, "registry.key-revoked/1", kid=kid, reason="stolen") for kid in kids]
        return self.add("registry.revoke", events, REGISTRARS)


def paired() -> PairedLog:
    """Founded, with a checkpoint of the live pair."""
    log = PairedLog()
    log.found()
    return log


@pytest.mark.parametrize("anchored", [True, False])
def test_either_pair_signs_checkpoints(tmp_path: Path, *, anchored: bool) -> None:
    """Given a takeover, earlier checkpoints by one pair and the latest by the other are one log's, whoever asks."""
    log = paired()
    log.sign_by(1)
    log.register()
    report = checked(log.files(), tmp_path, log.trust() if anchored else None)
    assert (found(report), report["anchored"]) == ([], anchored)


def test_a_checkpoint_over_its_revocation_is_not_the_keys_to_sign(tmp_path: Path) -> None:
    """Given the live pair ended, its checkpoints before that hold, one over it does not, the other pair's does."""
    log = paired()
    log.register()
    log.publish()
    log.end(0, 1)
    by_thief = checked(log.files(), tmp_path / "live", log.trust())
    assert set(found(by_thief)) == {(None, "checkpoint-signature")}
    log.noted.pop(len(log.entries))
    log.sign_by(1)
    assert found(checked(log.files(), tmp_path / "standby", log.trust())) == []


@pytest.mark.parametrize(
    ("first", "second", "good"), [((0,), (1,), True), ((0,), (2,), False), ((2, 3), (1,), False), ((), (0, 2), False)]
)
def test_one_pair_must_be_left(first: tuple[int, ...], second: tuple[int, ...], tmp_path: Path, *, good: bool) -> None:
    """Given revocations of log keys, the one that would leave no whole pair is bad and ends nothing."""
    log = paired()
    if first:
        log.end(*first)
    index = log.end(*second)
    log.sign_by(0 if first == (2, 3) else 1)
    report = checked(log.files(), tmp_path, log.trust())
    assert found(report) == ([] if good else [(index, "registry-event")])
