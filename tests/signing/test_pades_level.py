"""Long-term PDF signatures: what it takes to check them lies inside, before the signature; foreign validators agree."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.validation import DocumentSecurityStore
from pyhanko.sign.validation.ades import ades_with_time_validation
from pyhanko.sign.validation.policy_decl import (
    CertificateFetchingRule,
    LocalKnowledge,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer

from domain.errors import Refusal
from signing.keystore import FileKeystore
from signing.pades import sign_pdf, validate_pdf
from signing.pades_issuer import make_issuer
from signing.pades_key import PadesKey, make_pades_key
from signing.pades_level import PadesLevel, pades_level
from signing.timestamp import Authority
from signing.verification_error import VerificationError
from tests.signing.local_authority import LocalAuthority, needs_openssl_ts
from tests.signing.test_pades import SINCE, codes, log_with_files, page, proof_of

pytestmark = pytest.mark.skipif(needs_openssl_ts, reason="openssl is not there")
CRL = "http://lists.example/ca.crl"


def made_key() -> PadesKey:
    """An archive's key, certified."""
    own = make_pades_key("Lưu trữ lịch sử thử nghiệm", SINCE, 10)
    return PadesKey(own.private, own.certificate, make_issuer(own.certificate))


@pytest.fixture(scope="module")
def key() -> PadesKey:
    """The archive's key."""
    return made_key()


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> LocalAuthority:
    """An authority whose certificate names a revocation list."""
    return LocalAuthority(tmp_path_factory.mktemp("one"), crl_url=CRL)


def authority(local: LocalAuthority, *, revoked: bool = False) -> Authority:
    """As the product asks it; its list can be had."""

    def fetch(url: str) -> bytes:
        assert url == CRL
        return local.crl(revoked=revoked)

    return Authority(name="one", certificates=local.pinned, ask=local.answer, fetch=fetch)


@pytest.fixture(scope="module")
def lasting(key: PadesKey, local: LocalAuthority) -> bytes:
    """A certificate with its proof, signed for long."""
    proof = json.dumps(proof_of(log_with_files(), [6, 8])).encode()
    return sign_pdf(page(), key, proof=proof, reason="Chứng nhận lưu giữ", authorities=[authority(local)])


def level(pdf: bytes, key: PadesKey, *anchors: bytes) -> PadesLevel:
    """As judged from the PDF alone."""
    assert key.issuer is not None
    return pades_level(pdf, key.issuer.certificate, anchors)


def test_original_bytes_stay(lasting: bytes) -> None:
    """Given a PDF, when signed, then the signed file begins with it, and one signature covers all of it."""
    assert lasting.startswith(page())
    [signature] = PdfFileReader(BytesIO(lasting)).embedded_signatures
    start, first, second, rest = (int(number) for number in signature.byte_range)
    assert (start, second + rest) == (0, len(lasting))
    assert lasting[first:first + 1] + lasting[second - 1:second] == b"<>"  # fmt: skip


def test_the_long_term_level_is_reached(lasting: bytes, key: PadesKey, local: LocalAuthority) -> None:
    """Given an authority with a list, then the PDF carries both chains and both lists, and its level is B-LT."""
    assert level(lasting, key, *local.pinned) == "B-LT"
    validate_pdf(lasting, key.public)
    store = DocumentSecurityStore.read_dss(PdfFileReader(BytesIO(lasting)))
    assert (len(list(store.load_certs())), len(store.crls)) == (4, 2)
    itself = local.tsa.public_bytes(serialization.Encoding.DER)
    pinned = Authority(name="one", certificates=(itself,), ask=local.answer)
    assert level(sign_pdf(page(), key, authorities=[pinned]), key, itself) == "B-LT"


def test_the_validator_of_pyhanko_agrees(lasting: bytes, key: PadesKey, local: LocalAuthority) -> None:
    """Given the PDF and both roots, when lists are demanded and none may be fetched, then EN 319 102-1 (5.5) passes."""
    assert key.issuer is not None
    roots = [x509.Certificate.load(one) for one in (key.issuer.certificate, *local.pinned)]
    policy = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build(roots), revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO)
    )
    nothing_fetched = RevocationInfoGatheringSpec(
        online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY,
        certificate_fetching_rule=CertificateFetchingRule.NEVER_FETCH,
    )

    def verdict(pdf: bytes) -> object:
        reader = PdfFileReader(BytesIO(pdf))
        [signature] = reader.embedded_signatures
        knowledge = LocalKnowledge()
        if "/DSS" in reader.root:
            store = DocumentSecurityStore.read_dss(reader)
            lists = [CRLContainer(crl) for crl in store.as_validation_context({"trust_roots": roots}).crls]
            knowledge = LocalKnowledge(known_crls=lists, known_certs=list(store.load_certs()))
        wanted = SignatureValidationSpec(
            cert_validation_policy=policy, revinfo_gathering_policy=nothing_fetched, local_knowledge=knowledge
        )
        digest = signature.compute_digest()
        return asyncio.run(ades_with_time_validation(signature.signed_data, wanted, raw_digest=digest)).ades_subindic

    assert verdict(lasting) is AdESPassed.OK
    assert verdict(sign_pdf(page(), key)) is not AdESPassed.OK
    without = Authority(name="one", certificates=local.pinned, ask=local.answer)
    assert verdict(sign_pdf(page(), key, authorities=[without])) is not AdESPassed.OK


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="poppler-utils is not there")
def test_pdfsig_says_valid(lasting: bytes, tmp_path: Path) -> None:
    """Given the PDF, then poppler calls the signature valid, over the whole document, as CAdES."""
    path = tmp_path / "lasting.pdf"
    path.write_bytes(lasting)
    said = subprocess.run(["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=False).stdout
    for wanted in ("Signature is Valid", "Total document signed", "ETSI.CAdES.detached"):
        assert wanted in said


def test_the_stand_alone_verifier_reads_it(lasting: bytes, key: PadesKey, tmp_path: Path) -> None:
    """Given a long-term certificate, then the one file verifies it, and names a byte changed in what was added."""
    assert codes(lasting, key, tmp_path) == []
    material = lasting.index(b"/DSS")
    for at in (5, lasting.index(b"stream", 2000) + 60, material + 2, len(lasting) - 3):
        spoilt = lasting[:at] + bytes([lasting[at] ^ 1]) + lasting[at + 1 :]
        assert {(None, "pdf-signature"), (None, "pdf-coverage")} & set(codes(spoilt, key, tmp_path))
        with pytest.raises(VerificationError):
            validate_pdf(spoilt, key.public)


def token_of(pdf: bytes) -> bytes:
    """The timestamp token in the signature, hex as it stands in the file."""
    [signature] = PdfFileReader(BytesIO(pdf)).embedded_signatures
    [attribute] = signature.signer_info["unsigned_attrs"]
    return bytes(attribute["values"][0].dump()).hex().upper().encode()


def test_a_timestamp_of_another_signature_does_not_hold(lasting: bytes, key: PadesKey, local: LocalAuthority) -> None:
    """Given a token exchanged for that of another PDF, then the level falls, and checking refuses it."""
    mine = token_of(lasting)
    others = (token_of(sign_pdf(page(), key, authorities=[authority(local)])) for _ in range(40))
    theirs = next(token for token in others if len(token) == len(mine))  # lengths of signatures differ by a byte or two
    spoilt = lasting.replace(mine, theirs)
    assert spoilt != lasting
    assert level(spoilt, key, *local.pinned) not in {"B-T", "B-LT"}
    with pytest.raises(VerificationError, match="timestamp"):
        validate_pdf(spoilt, key.public)


def refusing(_query: bytes) -> bytes:
    """An authority that cannot be reached."""
    raise Refusal("timestamp-unreachable", name="dead", reason="x")


def test_levels_that_are_not_reached_are_said_plainly(key: PadesKey, local: LocalAuthority, tmp_path: Path) -> None:
    """Given no authority, or one that is dead, lies, has no list, is revoked or not trusted, then the level says so."""
    dead = Authority(name="dead", certificates=local.pinned, ask=refusing)
    lying = Authority(name="lying", certificates=local.pinned, ask=LocalAuthority(tmp_path, "two").answer)
    garbage = Authority(name="garbage", certificates=local.pinned, ask=lambda _: b"garbage")
    assert level(sign_pdf(page(), key), key) == "B-B"
    assert level(sign_pdf(page(), key, authorities=[dead, lying, garbage]), key, *local.pinned) == "B-B"
    second = sign_pdf(page(), key, authorities=[dead, authority(local)])
    assert level(second, key, *local.pinned) == "B-LT"
    assert level(second, key) == "B-B"  # who trusts no authority of time has none
    assert level(second, made_key(), *local.pinned) == "none"
    without = Authority(name="one", certificates=local.pinned, ask=local.answer, fetch=refusing_list)
    assert level(sign_pdf(page(), key, authorities=[without]), key, *local.pinned) == "B-T"
    revoked = sign_pdf(page(), key, authorities=[authority(local, revoked=True)])
    assert level(revoked, key, *local.pinned) != "B-LT"
    assert [level(spoilt, key) for spoilt in (b"", b"%PDF-1.7\n", page())] == ["none"] * 3


def test_the_signer_is_judged_as_of_the_timestamp(key: PadesKey, tmp_path: Path) -> None:
    """Given a signing certificate that ended years ago, then the level stays as long as the authority's lasts."""
    assert key.issuer is not None
    local = LocalAuthority(tmp_path / "lasting", days=9_000)
    itself = local.tsa.public_bytes(serialization.Encoding.DER)
    stamped = sign_pdf(page(), key, authorities=[Authority(name="one", certificates=(itself,), ask=local.answer)])
    now = datetime.now(UTC)
    assert pades_level(stamped, key.issuer.certificate, [itself], now + timedelta(days=6_000)) == "B-LT"
    assert pades_level(stamped, key.issuer.certificate, [itself], now + timedelta(days=9_500)) == "none"
    assert pades_level(sign_pdf(page(), key), key.issuer.certificate, [itself], now + timedelta(days=6_000)) == "none"


def refusing_list(_url: str) -> bytes:
    """A list that cannot be had."""
    raise Refusal("timestamp-unreachable", name="one", reason="x")


def test_a_key_from_before_gets_an_issuer_and_stays_the_key(tmp_path: Path) -> None:
    """Given a key store with a self-signed key, when opened anew, then the trust file's key still signs, certified."""
    keystore = FileKeystore(tmp_path, "a passphrase", n=2**4)
    before = keystore.pades_key("archive", "Lưu trữ", SINCE)
    (tmp_path / "pades-issuer.archive.key").unlink()
    after = FileKeystore(tmp_path, "a passphrase").pades_key("archive", "Lưu trữ", SINCE)
    assert after.public == before.public
    assert after.issuer is not None
    assert level(sign_pdf(page(), after), after) == "B-B"
    again = FileKeystore(tmp_path, "a passphrase").pades_key("archive", "Lưu trữ", SINCE)
    assert again.issuer is not None
    assert again.issuer.issued == after.issuer.issued


def test_the_list_is_as_of_a_little_ago(key: PadesKey) -> None:
    """Given a revocation list, then it holds at the moment it was made for, and a week from then."""
    from cryptography.x509 import load_der_x509_certificate, load_der_x509_crl  # noqa: PLC0415  only here

    assert key.issuer is not None
    at = datetime(2026, 11, 22, 8, 0, 0, 5, tzinfo=UTC)
    made = load_der_x509_crl(key.issuer.revocation_list(at))
    issuer = load_der_x509_certificate(key.issuer.certificate)
    assert made.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]
    assert made.next_update_utc is not None
    assert made.last_update_utc < at < made.next_update_utc - timedelta(days=6)
