"""RFC 3161 timestamps: a query with a nonce, and an answer that is believed only under certificates pinned beforehand.

An answer is kept as it came, a whole TimeStampResp, so that `openssl ts -verify -in` reads it too. The authority's
certificates inside it may stand in any order, as those of real authorities do.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

import msgspec

from signing.verification_error import VerificationError

if TYPE_CHECKING:
    from asn1crypto.tsp import TimeStampResp, TSTInfo

QUERY_MEDIA: Final = "application/timestamp-query"
REPLY_MEDIA: Final = "application/timestamp-reply"
MAX_REPLY: Final = 128 * 1024
"""Bytes of the largest answer that is read; those of real authorities have 2 to 10 kB."""
_MAX_NONCE_BITS: Final = 63  # some authorities keep it in a signed 64-bit integer
_ESS: Final = frozenset({"signing_certificate", "signing_certificate_v2"})

Ask = Callable[[bytes], bytes]
"""Brings a query (DER) to an authority and gives back what it answered, unchecked."""
Fetch = Callable[[str], bytes]
"""Gives what lies at an address named in an authority's certificate, unchecked."""


class Authority(msgspec.Struct, frozen=True, kw_only=True):
    """A timestamp authority. ask: how to reach it; fetch: how to get the revocation lists that it names.

    certificates: DER, pinned: the authority's own, or those of whoever certifies it. Both raise Refusal.
    """

    name: str
    certificates: tuple[bytes, ...]
    ask: Ask
    fetch: Fetch | None = None


class Timestamp(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that holds. time: the authority's, UTC; ends: when the first certificate on its chain does, UTC.

    signer: subject of the signing certificate; serial: of the token; policy: dotted OID; chain: DER, the pinned one
    first, the signer's last.
    """

    time: datetime
    ends: datetime
    signer: str
    serial: int
    policy: str
    chain: tuple[bytes, ...]


def quiet_pyhanko() -> None:
    """pyHanko prints the story of what hostile bytes did to it; what is told here is the code alone."""
    for name in ("pyhanko", "pyhanko_certvalidator"):
        logger = logging.getLogger(name)
        if logger.propagate:
            logger.addHandler(logging.NullHandler())
            logger.propagate = False


def new_nonce() -> int:
    """A positive number that no earlier answer can bear."""
    return secrets.randbits(_MAX_NONCE_BITS) | 1 << (_MAX_NONCE_BITS - 1)


def make_query(digest: bytes, nonce: int) -> bytes:
    """The DER of a TimeStampReq over a SHA-256 digest (32 bytes) that asks for certificates."""
    from asn1crypto import tsp  # noqa: PLC0415  slow to import

    algorithm = {"algorithm": "sha256"}
    imprint = {"hash_algorithm": algorithm, "hashed_message": digest}
    query = tsp.TimeStampReq({"version": 1, "message_imprint": imprint, "nonce": nonce, "cert_req": True})
    return bytes(query.dump())


def stamp(authority: Authority, data: bytes) -> tuple[bytes, Timestamp]:
    """Ask for a timestamp over `data`: the answer's own bytes, and what they say.

    Raises VerificationError as `check_reply`; whatever `authority.ask` raises.
    """
    digest, nonce = sha256(data).digest(), new_nonce()
    reply = authority.ask(make_query(digest, nonce))
    return reply, check_reply(reply, digest, authority.certificates, nonce)


def check_reply(reply: bytes, digest: bytes, certificates: Sequence[bytes], nonce: int | None = None) -> Timestamp:
    """What a TimeStampResp says of a SHA-256 digest, once all of it holds (RFC 3161 sections 2.3 and 2.4.2, RFC 5816).

    certificates: DER; the chain of the signer must end in one of them and be valid at the time of the token. nonce: the
    query's, None for an answer kept from earlier. Raises VerificationError: `timestamp-malformed`, `timestamp-refused`,
    `timestamp-nonce`, `timestamp-imprint`, `timestamp-signature`, `timestamp-certificate`.
    """
    return asyncio.run(check_reply_within(reply, digest, certificates, nonce))


async def check_reply_within(
    reply: bytes, digest: bytes, certificates: Sequence[bytes], nonce: int | None = None
) -> Timestamp:
    """`check_reply` for whoever runs in an event loop."""
    try:
        response = _parsed(reply)
        info = _info(response)
        _check_info(info, digest, nonce)
        return _timestamp(info, await _chain(response, certificates))
    except VerificationError:
        raise
    except Exception as error:  # DER and X.509 fail in many ways on hostile bytes; all of them mean the same
        raise VerificationError("timestamp-malformed", type(error).__name__) from error


def _parsed(reply: bytes) -> TimeStampResp:
    from asn1crypto import core, tsp  # noqa: PLC0415  slow to import

    if len(reply) > MAX_REPLY:
        raise VerificationError("timestamp-malformed", f"longer than {MAX_REPLY} bytes")
    # Read apart: asn1crypto knows no answer without a token, and a refusal has none.
    status = tsp.PKIStatusInfo.load(core.Sequence.load(reply, strict=True)[0].dump())
    # Granted with modifications is another thing than what was asked for (RFC 3161, 2.4.2).
    if status["status"].native != "granted":
        failures = status["fail_info"].native or ()
        raise VerificationError("timestamp-refused", " ".join([str(status["status"].native), *sorted(failures)]))
    return tsp.TimeStampResp.load(reply, strict=True)


def _info(response: TimeStampResp) -> TSTInfo:
    from asn1crypto import tsp  # noqa: PLC0415  slow to import

    token = response["time_stamp_token"]
    if token["content_type"].native != "signed_data":
        raise VerificationError("timestamp-malformed", "not signed data")
    info = token["content"]["encap_content_info"]["content"].parsed
    if not isinstance(info, tsp.TSTInfo) or info["version"].native != "v1":
        raise VerificationError("timestamp-malformed", "no timestamp in the token")
    return info


def _check_info(info: TSTInfo, digest: bytes, nonce: int | None) -> None:
    imprint = info["message_imprint"]
    if imprint["hash_algorithm"]["algorithm"].native != "sha256" or imprint["hashed_message"].native != digest:
        raise VerificationError("timestamp-imprint", "a timestamp of something else")
    if nonce is not None and info["nonce"].native != nonce:
        raise VerificationError("timestamp-nonce", "an answer to another query")


async def _chain(response: TimeStampResp, certificates: Sequence[bytes]) -> list[Any]:
    """The signer's certificates (asn1crypto), the pinned one first; the signature and the chain hold."""
    from asn1crypto import x509  # noqa: PLC0415  slow to import
    from pyhanko.sign.validation import errors, generic_cms  # noqa: PLC0415  slow: 0.9 s
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415  as above

    quiet_pyhanko()
    signed = response["time_stamp_token"]["content"]
    info = signed["encap_content_info"]["content"].parsed
    if len(signed["signer_infos"]) != 1:
        raise VerificationError("timestamp-signature", "not signed by exactly one authority")
    attributes = {str(one["type"].native) for one in signed["signer_infos"][0]["signed_attrs"]}
    if not attributes & _ESS:
        raise VerificationError("timestamp-signature", "it does not say by which certificate it is signed")
    anchors = [x509.Certificate.load(one, strict=True) for one in certificates]
    context = ValidationContext(
        trust_roots=anchors, moment=info["gen_time"].native, allow_fetching=False, revocation_mode="soft-fail"
    )
    try:
        status = await generic_cms.validate_tst_signed_data(
            signed, context, lambda _: bytes(info["message_imprint"]["hashed_message"].native)
        )
    except errors.SignatureValidationError as error:
        raise VerificationError("timestamp-signature", "the signature cannot be read") from error
    if not (status["valid"] and status["intact"]):
        raise VerificationError("timestamp-signature", "the signature does not hold")
    path, trouble = status["validation_path"], status["trust_problem_indic"]
    if trouble is not None or path is None:
        raise VerificationError("timestamp-certificate", "not of a chain that ends in a pinned certificate")
    chain = list(path.iter_certs(include_root=True))
    _check_signer(chain[-1])
    return chain


def _check_signer(certificate: Any) -> None:
    """RFC 3161, 2.3: one purpose, timestamping, and critical."""
    usage = certificate.extended_key_usage_value
    if (
        usage is None
        or usage.native != ["time_stamping"]
        or "extended_key_usage" not in certificate.critical_extensions
    ):
        raise VerificationError("timestamp-certificate", "its certificate is not one for timestamps, and only for them")


def _timestamp(info: TSTInfo, chain: Sequence[Any]) -> Timestamp:
    time: datetime = info["gen_time"].native
    if not all(one.not_valid_before <= time <= one.not_valid_after for one in chain):
        raise VerificationError("timestamp-certificate", "a certificate was not valid at the time of the token")
    return Timestamp(
        time=time,
        ends=min(one.not_valid_after for one in chain),
        signer=str(chain[-1].subject.human_friendly),
        serial=int(info["serial_number"].native),
        policy=str(info["policy"].dotted),
        chain=tuple(bytes(one.dump()) for one in chain),
    )
