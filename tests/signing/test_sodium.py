"""libsodium's signatures are OpenSSL's, and those of RFC 8032."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from signing.note import Ed25519Signer, check_ed25519
from signing.sodium import sodium_sign

RFC_8032 = (  # section 7.1, tests 1 to 3: seed, message, signature
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe2"
            "4655141438e7a100b"
        ),
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302ae"
            "eb00d291612bb0c00"
        ),
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
)


def test_the_standards_own_examples() -> None:
    """Given the RFC's seeds and messages, the signatures are the RFC's."""
    for seed, message, signature in RFC_8032:
        assert sodium_sign(bytes.fromhex(seed))(bytes.fromhex(message)).hex() == signature


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=2000))
def test_both_libraries_sign_alike(seed: bytes, message: bytes) -> None:
    """Given any key and text, both libraries make the same bytes, and OpenSSL accepts them."""
    signer = Ed25519Signer("mocban.example/test", seed)
    made = sodium_sign(seed)(message)
    assert made == signer.sign(message)
    check_ed25519(signer.verifier_key.public, made, message)
