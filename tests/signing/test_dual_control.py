"""Dual control: several signatures of one person are one person's, and some acts demand two people."""

from __future__ import annotations

import pytest

from domain.keys import KeyEnrolled
from signing.act import OpenedAct, open_act
from signing.base64_text import to_base64
from signing.note import Ed25519Signer
from tests.signing.test_registry import REGISTRARS, STREAM, after, enrol, grant
from tests.vectors.regenerate import ORIGIN, act, actor, entries_of, signer

ACTS = ("handover.*", "disposition.*")
ONE, TWO = signer(3), signer(4)
SECOND_OF_ONE = signer(5).named(ONE.verifier_key.name)
ENROL_SECOND = (
    "registry.enrol",
    [KeyEnrolled(actor=actor(3), key=to_base64(SECOND_OF_ONE.verifier_key.encoded), held="own")],
    [*REGISTRARS, SECOND_OF_ONE],
)


def done(name: str, signers: list[Ed25519Signer]) -> OpenedAct:
    """An ordinary act."""
    entries = entries_of(STREAM, 1, grant(3, "x")[1])
    return open_act(act(9, name, entries, signers), ORIGIN)


@pytest.mark.parametrize(
    ("name", "signers", "problems"),
    [
        ("handover.complete", [ONE, TWO], []),
        ("handover.complete", [TWO, SECOND_OF_ONE], []),
        ("handover.complete", [ONE], ["dual-control-missing"]),
        ("handover.complete", [ONE, SECOND_OF_ONE], ["dual-control-missing"]),
        ("handover.complete", [ONE, TWO, SECOND_OF_ONE], ["dual-control-missing"]),
        ("disposition.decide", [ONE, TWO], []),
        ("disposition.decide", [ONE, SECOND_OF_ONE], ["dual-control-missing"]),
        ("disposition.decide", [TWO], ["dual-control-missing"]),
        ("handover.propose", [ONE], []),
        ("handover.propose", [ONE, SECOND_OF_ONE], ["dual-control-missing"]),
        ("handover.propose", [SECOND_OF_ONE, TWO], []),
    ],
)
def test_one_person_with_two_keys_is_one_person(name: str, signers: list[Ed25519Signer], problems: list[str]) -> None:
    """Given two officers, one of them with two keys, an act is judged by who signed it, not by how many keys did."""
    registry = after([enrol(3, 4), grant(3, *ACTS), grant(4, *ACTS), ENROL_SECOND])
    assert registry.judge(done(name, signers), 5) == problems


def test_a_quorum_counts_registrars_not_keys() -> None:
    """Given a registrar with two keys, both of them are not two registrars of two."""
    second = signer(6).named(signer(1).verifier_key.name)
    event = KeyEnrolled(actor=actor(1), key=to_base64(second.verifier_key.encoded), held="own")
    registry = after([("registry.enrol", [event], [*REGISTRARS, second])])
    name, events, _ = grant(3, "file.*")
    opened = open_act(act(9, name, entries_of(STREAM, 1, events), [signer(1), second]), ORIGIN)
    assert registry.judge(opened, 2, events) == ["registrar-quorum-missing"]
