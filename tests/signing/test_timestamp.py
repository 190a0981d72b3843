"""RFC 3161 timestamps: `openssl ts` answers and checks; whatever is not what was asked for is refused by name."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from asn1crypto import cms, tsp
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import ExtendedKeyUsageOID

from signing.timestamp import MAX_REPLY, Authority, check_reply, make_query, new_nonce, stamp
from signing.verification_error import VerificationError
from tests.signing.local_authority import LocalAuthority, needs_openssl_ts

pytestmark = pytest.mark.skipif(needs_openssl_ts, reason="openssl is not there")
DATA = b"a signed checkpoint\n"
DIGEST = sha256(DATA).digest()


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> LocalAuthority:
    """A local authority."""
    return LocalAuthority(tmp_path_factory.mktemp("one"))


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> LocalAuthority:
    """Another, by another CA of the same name."""
    return LocalAuthority(tmp_path_factory.mktemp("other"))


@pytest.fixture(scope="module")
def answered(local: LocalAuthority) -> bytes:
    """An answer of the local authority about `DATA`."""
    return local.answer(make_query(DIGEST, new_nonce()))


def code_of(reply: bytes, *, digest: bytes = DIGEST, pinned: tuple[bytes, ...], nonce: int | None = None) -> str:
    """The code by which an answer is refused, `ok` where it is not."""
    try:
        check_reply(reply, digest, pinned, nonce)
    except VerificationError as error:
        return error.code
    return "ok"


@pytest.mark.parametrize("chain", [True, False])
def test_openssl_answers_and_openssl_checks(chain: bool, local: LocalAuthority, tmp_path: Path) -> None:
    """Given an answer of `openssl ts`, with and without its CA in it, then it holds here and for `openssl ts`."""
    authority = Authority(name="one", certificates=local.pinned, ask=lambda query: local.answer(query, chain=chain))
    reply, said = stamp(authority, DATA)
    assert abs(said.time - datetime.now(UTC)) < timedelta(minutes=1)
    assert (said.ends, said.policy, len(said.chain)) == (local.tsa.not_valid_after_utc, "1.2.3.4.1", 2)
    assert said.signer.endswith("TSA one")
    (tmp_path / "reply").write_bytes(reply)
    (tmp_path / "data").write_bytes(DATA)
    assert local.openssl_accepts(tmp_path / "reply", tmp_path / "data")
    (tmp_path / "data").write_bytes(DATA + b"\n")
    assert not local.openssl_accepts(tmp_path / "reply", tmp_path / "data")


def test_kept_answer_is_checked_without_its_nonce(local: LocalAuthority) -> None:
    """Given an answer from earlier, then it holds whatever was asked with; the authority may be pinned itself."""
    reply, said = stamp(local.authority, DATA)
    assert check_reply(reply, DIGEST, local.pinned) == said
    itself = (local.tsa.public_bytes(serialization.Encoding.DER),)
    assert check_reply(reply, DIGEST, itself).chain == itself


def test_what_was_not_asked_for_is_refused(local: LocalAuthority, other: LocalAuthority) -> None:
    """Given answers to other queries, about other bytes, or of others than those pinned, then each has its code."""
    nonce = new_nonce()
    good = local.answer(make_query(DIGEST, nonce))
    assert code_of(good, pinned=local.pinned, nonce=nonce) == "ok"
    assert code_of(good, pinned=local.pinned, nonce=nonce + 1) == "timestamp-nonce"
    assert code_of(good, digest=sha256(b"").digest(), pinned=local.pinned) == "timestamp-imprint"
    assert code_of(good, pinned=other.pinned) == "timestamp-certificate"
    assert code_of(good, pinned=()) == "timestamp-certificate"
    longer = tsp.TimeStampReq.load(make_query(DIGEST, nonce))
    longer["message_imprint"] = {"hash_algorithm": {"algorithm": "sha512"}, "hashed_message": DIGEST * 2}
    assert code_of(local.answer(longer.dump()), pinned=local.pinned) == "timestamp-imprint"
    unknown = tsp.TimeStampReq.load(make_query(DIGEST, nonce))
    unknown["message_imprint"] = {"hash_algorithm": {"algorithm": "sha384"}, "hashed_message": DIGEST + bytes(16)}
    assert code_of(local.answer(unknown.dump()), pinned=local.pinned) == "timestamp-refused"


@pytest.mark.parametrize(
    "garbage",
    [b"", b"garbage", b"<html>too many requests</html>", b"0\x80" + bytes(40), bytes(MAX_REPLY + 1), b"0\x84" * 5_000],
    ids=["nothing", "garbage", "a page", "zeros", "too long", "nested"],
)
def test_garbage(garbage: bytes, local: LocalAuthority) -> None:
    """Given what is no answer, then it is malformed."""
    assert code_of(garbage, pinned=local.pinned) == "timestamp-malformed"


def test_bytes_after_the_answer(local: LocalAuthority) -> None:
    """Given a good answer with more behind it, or cut, then it is malformed."""
    good, _ = stamp(local.authority, DATA)
    assert {code_of(good + b"\0", pinned=local.pinned), code_of(good[:-1], pinned=local.pinned)} == {
        "timestamp-malformed"
    }


@pytest.mark.parametrize(
    ("made", "wanted"),
    [
        ({}, "ok"),
        ({"purposes": (ExtendedKeyUsageOID.CODE_SIGNING,)}, "timestamp-certificate"),
        ({"purposes": (ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.SERVER_AUTH)}, "timestamp-certificate"),
        ({"critical": False}, "timestamp-certificate"),
        ({"days": -0.5}, "timestamp-certificate"),
        ({"since_days": -1}, "timestamp-certificate"),
    ],
    ids=["fit", "for code", "for servers too", "not critical", "ended", "not begun"],
)
def test_certificates_that_may_not_sign(made: dict[str, object], wanted: str, answered: bytes, tmp_path: Path) -> None:
    """Given an answer well signed by a certificate that is not for it, then it is refused.

    `openssl ts` will not sign under such a certificate, so the token is made by hand from one that it signed.
    """
    bad = LocalAuthority(tmp_path, **made)  # type: ignore[arg-type]
    assert code_of(resigned(answered, bad), pinned=bad.pinned) == wanted


def resigned(reply: bytes, by: LocalAuthority) -> bytes:
    """The same statement, signed anew by an authority's key."""
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415  only here
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415  only here

    response = tsp.TimeStampResp.load(reply)
    signed = response["time_stamp_token"]["content"]
    certificate = cms.Certificate.load(by.tsa.public_bytes(serialization.Encoding.DER))
    signed["certificates"] = [certificate]
    signer = signed["signer_infos"][0]
    signer["sid"] = {
        "issuer_and_serial_number": {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    }
    attributes = [
        one for one in signer["signed_attrs"] if not str(one["type"].native).startswith("signing_certificate")
    ]
    ess = {"certs": [{"cert_hash": sha256(certificate.dump()).digest()}]}
    attributes.append(cms.CMSAttribute({"type": "signing_certificate_v2", "values": [ess]}))
    signer["signed_attrs"] = cms.CMSAttributes(attributes)
    key = serialization.load_pem_private_key((by.folder / "tsa.key").read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    signer["signature"] = key.sign(signer["signed_attrs"].untag().dump(force=True), ec.ECDSA(hashes.SHA256()))
    return bytes(response.dump(force=True))


def test_no_flipped_bit_changes_what_is_said(local: LocalAuthority) -> None:
    """Given bits flipped anywhere, then the answer is refused or says the same: what is not signed says nothing."""
    good, said = stamp(local.authority, DATA)
    chance, refused = random.Random(3161), 0
    for _ in range(250):
        spoilt = bytearray(good)
        spoilt[chance.randrange(len(spoilt))] ^= 1 << chance.randrange(8)
        try:
            held = check_reply(bytes(spoilt), DIGEST, local.pinned)
        except VerificationError:
            refused += 1
        else:
            assert (held.time, held.serial, held.signer, held.policy) == (
                said.time,
                said.serial,
                said.signer,
                said.policy,
            )
    assert refused > 100
