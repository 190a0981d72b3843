"""The founding of a log: act 0, which carries the keys that signed it, and from which the registry grows."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from domain.keys import ACT_FOUND, RegistryEvent, RegistryGenesis
from signing.act import NOTHING_SEEN, OpenedAct, is_actor, verify_act_signatures
from signing.actor_key import KeyRecord, parse_actor_key
from signing.base64_text import from_base64
from signing.log_key import log_keys
from signing.note import ED25519, ML_DSA_44, VerifierKey, key_digest
from signing.registry import Registry
from signing.verification_error import VerificationError

__all__ = ["ACCESS_SUFFIX", "found", "log_keys"]

ACCESS_SUFFIX = "/access"


def found(act: OpenedAct, events: Sequence[RegistryEvent]) -> Registry:
    """The registry after act 0: every registrar it enrols has signed it, in the listed order.

    Checks the signatures too. Raises VerificationError `genesis` (or of a key or signature). Whether it is the
    genesis one trusts, and names the right main log, is for the caller to compare.
    """
    genesis = events[0] if len(events) == 1 else None
    if not isinstance(genesis, RegistryGenesis) or act.header.events != 1 or act.header.act != ACT_FOUND:
        raise VerificationError("genesis", "a log begins with one act log.found of one event")
    if genesis.origin != act.origin or act.header.seen != NOTHING_SEEN or act.header.for_ is not None:
        raise VerificationError("genesis", "not the first act of this log")
    keys = [parse_actor_key(registrar.key) for registrar in genesis.registrars]
    kids = tuple(key_digest(encoded) for encoded in keys)
    actors = tuple(registrar.actor for registrar in genesis.registrars)
    if not 1 <= genesis.quorum <= len(actors) or len(set(actors)) != len(actors) or not all(map(is_actor, actors)):
        raise VerificationError("genesis", "the registrars and their quorum do not fit")
    if act.kids != kids or act.signers != actors:
        raise VerificationError("genesis", "not signed by exactly the registrars, in order")
    _check_log_keys(genesis, kids)
    verify_act_signatures(act, dict(zip(kids, keys, strict=True)))
    records = {
        kid: KeyRecord(kid=kid, encoded=encoded, actor=actor, enrolled_at=0)
        for kid, encoded, actor in zip(kids, keys, actors, strict=True)
    }
    return Registry(genesis=genesis, index=0, keys=dict(zip(kids, keys, strict=True)), records=records, roles={})


def _check_log_keys(genesis: RegistryGenesis, kids: Collection[bytes]) -> None:
    keys = log_keys(genesis)
    if any(key.kid in kids for key in keys):
        raise VerificationError("genesis", "a registrar's key is the log's")
    types = [key.type for key in keys]
    if types not in ([ED25519, ML_DSA_44], [ED25519, ML_DSA_44] * 2) or any(key.name != genesis.origin for key in keys):
        raise VerificationError("genesis", "the log's keys are Ed25519 and ML-DSA-44, live then standby, in its name")
    witnesses = [VerifierKey.parse(text) for text in genesis.witness_policy.witnesses]
    if not 0 <= genesis.witness_policy.quorum <= len(witnesses):
        raise VerificationError("genesis", "the witness quorum is larger than the witnesses")
    for certificate in genesis.timestamp_authorities:
        from_base64(certificate)
    is_access = genesis.origin.endswith(ACCESS_SUFFIX)
    if is_access != (genesis.main is not None):
        raise VerificationError("genesis", "an access log names its main log's genesis, and only an access log does")
    if genesis.main is not None:
        from_base64(genesis.main, 32)
