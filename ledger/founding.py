"""Founding a ledger: the genesis of both logs, then keys enrolled and roles granted; interrupted, it goes on."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Final
from urllib.parse import quote
from uuid import UUID

import msgspec
import psycopg

from domain.errors import Refusal
from domain.event import Event
from domain.identifiers import nfc
from domain.keys import (
    ACT_ENROL,
    ACT_FOUND,
    ACT_GRANT,
    Custody,
    KeyEnrolled,
    Registrar,
    RegistryGenesis,
    RoleGranted,
    WitnessPolicy,
    registry_stream,
)
from ledger.act_id import new_act_id
from ledger.actor import Actor
from ledger.application import Ledger
from ledger.log_name import LogName
from ledger.proposal import Proposal
from ledger.receipt import Receipt
from ledger.streams import Streams
from signing.base64_text import to_base64
from signing.merkle import leaf_hash
from signing.note import VerifierKey, check_key_name
from signing.registry import Registry
from signing.verification_error import VerificationError

_ENROLLED_AT_ONCE: Final = 50
_MOST_QUOTED: Final = 150
"""Characters of a name in the names of key files, where a letter with two marks takes nine; they have 255."""
_GENESIS: Final = b"SELECT note FROM main_log.act WHERE index = 0"


class Enrolment(msgspec.Struct, frozen=True, kw_only=True):
    """An actor whose key both logs will know. held: by this server, or in the actor's own hands."""

    actor: Actor
    held: Custody = "server"


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """A role for an actor, in one of the logs. acts: names of acts, or prefixes ending in `.*`."""

    log: LogName
    actor: str
    role: str
    acts: tuple[str, ...]
    on_behalf: bool = False


class Founding(msgspec.Struct, frozen=True, kw_only=True):
    """What a ledger is founded with.

    registrars: who change the registry; all sign the genesis, `quorum` of them (the first) sign later acts here.
    log_keys: live Ed25519 and ML-DSA-44, then perhaps the standby pair, under any name. timestamp_authorities: base64
    DER certificates.
    """

    registrars: tuple[Actor, ...]
    quorum: int
    log_keys: tuple[VerifierKey, ...]
    enrolments: tuple[Enrolment, ...] = ()
    grants: tuple[Grant, ...] = ()
    witness_policy: WitnessPolicy = WitnessPolicy(quorum=0, witnesses=())
    timestamp_authorities: tuple[str, ...] = ()


def new_origin(name: str = "hanoi.mocban") -> str:
    """`<name>/<16 hex random>`: no two ledgers share an origin.

    Raises Refusal `founding-unfit` for a name that no key could bear, or no file that a key is kept in.
    """
    name = nfc(name)
    try:
        check_key_name(name)
    except VerificationError as error:
        raise Refusal("founding-unfit", reason=error.detail) from error
    if name.startswith("/") or len(quote(name, safe="")) > _MOST_QUOTED:
        raise Refusal("founding-unfit", reason="a short name, which does not begin with a slash")
    return f"{name}/{secrets.token_hex(8)}"


def founded_origin(conninfo: str) -> str | None:
    """The origin of the ledger in a database, or None before it is founded."""
    with psycopg.connect(conninfo) as connection:
        row = connection.execute(_GENESIS).fetchone()
    return None if row is None else bytes(row[0]).split(b"\n", 1)[0].decode().removesuffix("/act/v1")


def found_ledger(main: Ledger, access: Ledger, founding: Founding) -> None:
    """Found both logs and bring their registries to what `founding` says. Idempotent. Raises Refusal."""
    _found(main, founding, None)
    _found(access, founding, to_base64(genesis_leaf_hash(main)))
    for ledger in (main, access):
        keyed = {record.actor for record in _registry(ledger).records.values()}  # a key that was replaced is not missed
        missing = [item for item in founding.enrolments if item.actor.id not in keyed]
        enrol(ledger, founding.registrars[: founding.quorum], missing)
        grants = [grant for grant in founding.grants if grant.log is ledger.log_name]
        grant_roles(ledger, founding.registrars[: founding.quorum], grants)


def genesis_leaf_hash(ledger: Ledger) -> bytes:
    """The leaf hash (32 bytes) by which outsiders know this ledger."""
    return leaf_hash(ledger.note_of(0))


def genesis_of(founding: Founding, origin: str, main: str | None) -> RegistryGenesis:
    """The event that founds the log `origin`. main: base64 leaf hash of the main log's genesis, for the access log."""
    return RegistryGenesis(
        origin=origin,
        log_id=str(new_act_id()),
        registrars=tuple(Registrar(actor=actor.id, key=_key_text(actor)) for actor in founding.registrars),
        quorum=founding.quorum,
        log_vkeys=tuple(VerifierKey(origin, key.type, key.public).text() for key in founding.log_keys),
        witness_policy=founding.witness_policy,
        timestamp_authorities=founding.timestamp_authorities,
        main=main,
    )


def enrol(ledger: Ledger, registrars: Sequence[Actor], enrolments: Sequence[Enrolment]) -> list[Receipt]:
    """Enrol keys that are not yet in the registry; each new key proves possession. Raises Refusal."""
    known = _registry(ledger)
    new = [item for item in enrolments if item.actor.signer.verifier_key.kid not in known.records]
    receipts = []
    for start in range(0, len(new), _ENROLLED_AT_ONCE):
        chunk = new[start : start + _ENROLLED_AT_ONCE]
        events = [KeyEnrolled(actor=item.actor.id, key=_key_text(item.actor), held=item.held) for item in chunk]
        signers = (*registrars, *(item.actor for item in chunk))
        receipts.append(_registry_act(ledger, ACT_ENROL, signers, events))
    return receipts


def grant_roles(ledger: Ledger, registrars: Sequence[Actor], grants: Sequence[Grant]) -> list[Receipt]:
    """Grant roles that never were, in one act; one that was withdrawn stays so. Raises Refusal."""
    roles = _registry(ledger).roles
    events = [
        RoleGranted(actor=grant.actor, role=grant.role, acts=grant.acts, on_behalf=grant.on_behalf)
        for grant in grants
        if not any(held.name == grant.role and held.acts == grant.acts for held in roles.get(grant.actor, ()))
    ]
    return [_registry_act(ledger, ACT_GRANT, registrars, events)] if events else []


def _found(ledger: Ledger, founding: Founding, main: str | None) -> None:
    if ledger.registry.current().registry is not None:
        return
    _registry_act(ledger, ACT_FOUND, founding.registrars, [genesis_of(founding, ledger.origin, main)])


def _registry_act(ledger: Ledger, act: str, signers: Sequence[Actor], events: Sequence[Event]) -> Receipt:
    stream = registry_stream(ledger.origin)

    def decide(streams: Streams) -> dict[UUID, Sequence[Event]]:
        streams.load(stream, 0, _count)
        return {stream: events}

    first, *others = signers
    receipt = ledger.perform(
        Proposal(
            act=act,
            id=new_act_id(),
            actor=first,
            co_signers=tuple(others),
            decide=decide,
            request=list(events),
        )
    )
    ledger.registry.refresh()
    return receipt


def _count(seen: int, _event: Event) -> int:
    return seen + 1


def _registry(ledger: Ledger) -> Registry:
    registry = ledger.registry.refresh().registry
    assert registry is not None, "the log is founded first"
    return registry


def _key_text(actor: Actor) -> str:
    return to_base64(actor.signer.verifier_key.encoded)
