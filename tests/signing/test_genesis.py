"""The founding of a log, and which keys a registry takes."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from domain.keys import RegistryGenesis
from signing.act import open_act
from signing.actor_key import is_act_pattern
from signing.base64_text import to_base64
from signing.genesis import found
from signing.note import Ed25519Signer, VerifierKey
from signing.small_order import _WEAK_Y
from signing.verification_error import VerificationError
from tests.signing.test_registry import REGISTRARS, founded, opened
from tests.vectors.regenerate import GENESIS, ORIGIN, signer

PRIME = 2**255 - 19
D = -121665 * pow(121666, -1, PRIME) % PRIME


def changed(**more: Any) -> RegistryGenesis:
    """The genesis, altered."""
    return msgspec.structs.replace(GENESIS, **more)


OF_A_REGISTRAR = VerifierKey(ORIGIN, signer(1).verifier_key.type, signer(1).verifier_key.public).text()


@pytest.mark.parametrize(
    ("genesis", "signers"),
    [
        (GENESIS, [signer(1)]),
        (GENESIS, [signer(2), signer(1)]),
        (GENESIS, [signer(1), signer(3)]),
        (changed(quorum=3), REGISTRARS),
        (changed(quorum=0), REGISTRARS),
        (changed(origin="other.example"), REGISTRARS),
        (changed(main=to_base64(bytes(32))), REGISTRARS),
        (changed(log_vkeys=GENESIS.log_vkeys[:1]), REGISTRARS),
        (changed(log_vkeys=GENESIS.log_vkeys[1::-1]), REGISTRARS),
        (changed(log_vkeys=("x",)), REGISTRARS),
        (changed(log_vkeys=(OF_A_REGISTRAR, GENESIS.log_vkeys[1])), REGISTRARS),
        (changed(timestamp_authorities=("?",)), REGISTRARS),
        (changed(registrars=GENESIS.registrars * 2), REGISTRARS),
    ],
)
def test_a_bad_genesis_founds_nothing(genesis: RegistryGenesis, signers: list[Ed25519Signer]) -> None:
    """Given a genesis that does not hold together or is not signed by all it names, when read, then refused."""
    with pytest.raises(VerificationError):
        founded(genesis, signers)


def test_a_genesis_is_the_first_act_of_nothing_seen() -> None:
    """Given act 0 under another name, with a second event, or forged, when read, then refused."""
    with pytest.raises(VerificationError):
        found(opened("log.find", [GENESIS], REGISTRARS), [GENESIS])
    with pytest.raises(VerificationError):
        found(opened("log.found", [GENESIS, GENESIS], REGISTRARS), [GENESIS, GENESIS])
    good = opened("log.found", [GENESIS], REGISTRARS)
    lines = good.data.split(b"\n")
    forged = open_act(b"\n".join([*lines[:3], lines[3][:-8] + b"AAAAAAA=", *lines[4:]]), ORIGIN)
    with pytest.raises(VerificationError):
        found(forged, [GENESIS])


def double(x: int, y: int) -> tuple[int, int]:
    """Twice a point of edwards25519 (RFC 8032 section 5.1.4, affine)."""
    product = D * x * x * y * y % PRIME
    return (
        2 * x * y * pow(1 + product, -1, PRIME) % PRIME,
        (y * y + x * x) * pow(1 - product, -1, PRIME) % PRIME,
    )


def x_of(y: int) -> int:
    """An x for y on the curve (RFC 8032 section 5.1.3)."""
    square = (y * y - 1) * pow(D * y * y + 1, -1, PRIME) % PRIME
    root = pow(square, (PRIME + 3) // 8, PRIME)
    if root * root % PRIME != square:
        root = root * pow(2, (PRIME - 1) // 4, PRIME) % PRIME
    assert root * root % PRIME == square
    return root


def test_the_refused_keys_are_the_points_of_small_order() -> None:
    """Given the refused y coordinates, when doubled three times, then each is the identity, and all five are there."""
    assert {y % PRIME for y in _WEAK_Y} == {y % PRIME for y in _WEAK_Y if y < PRIME}
    assert len({y % PRIME for y in _WEAK_Y}) == 5
    for y in _WEAK_Y:
        point = (x_of(y % PRIME), y % PRIME)
        for _ in range(3):
            point = double(*point)
        assert point == (0, 1)


@pytest.mark.parametrize(
    ("pattern", "good"),
    [
        ("file.register", True),
        ("file.*", True),
        ("*", False),
        (".*", False),
        ("f*.x", False),
        ("", False),
        ("a b", False),
    ],
)
def test_patterns_of_acts(pattern: str, *, good: bool) -> None:
    """Given a pattern, when judged, then it is the name of an act or a prefix that ends in .*"""
    assert is_act_pattern(pattern) is good
