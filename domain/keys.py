"""Keys and roles: who may sign, as each log's registry tells it.

Both logs carry their own registry, one stream each, which begins with the genesis at act 0. `key` is base64 of
(signature type byte || public key); `kid` is base64 of its SHA-256; a vkey is C2SP's text of a named key.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from typing import Final, Literal
from uuid import UUID

import msgspec

from domain.event import Event
from domain.identifiers import uuid8

ACT_FOUND: Final = "log.found"
ACT_ENROL: Final = "registry.enrol"
ACT_ROTATE: Final = "registry.rotate"
ACT_REVOKE: Final = "registry.revoke"
ACT_GRANT: Final = "registry.grant"
ACT_WITHDRAW: Final = "registry.withdraw"
REGISTRY_ACTS: Final = frozenset({ACT_FOUND, ACT_ENROL, ACT_ROTATE, ACT_REVOKE, ACT_GRANT, ACT_WITHDRAW})
DUAL_ACTS: Final = frozenset({"disposition.decide", "handover.complete"})
"""Acts that two different people sign, whatever roles one of them holds: records pass from one to the other, or end.

It belongs to what the act is, so it stands in the format and no grant can waive it (docs/decisions/0020).
"""
DUAL_EVENTS: Final = {
    "custody.handed-over": "handover.complete",
    "handover.disputes-settled": "handover.complete",
    "disposition.destruction-decided": "disposition.decide",
}
"""Events that two people decide, whatever their number, and the one act that may carry each."""

Custody = Literal["server", "own"]


class Registrar(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An actor who may change the registry. actor: UUID text; key: base64 (type byte || public key)."""

    actor: str
    key: str


class WitnessPolicy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many of which witnesses must have cosigned a checkpoint. witnesses: vkey texts."""

    quorum: int
    witnesses: tuple[str, ...]


class RegistryGenesis(Event, frozen=True, kw_only=True, tag="registry.genesis/1"):
    """The log was founded.

    origin: of this log; log_id: UUID text; main: base64 leaf hash of the main log's genesis, in the access log only;
    quorum: how many registrars it takes; log_vkeys: live Ed25519, live ML-DSA-44, then the standby pair;
    timestamp_authorities: base64 DER certificates.
    """

    origin: str
    log_id: str
    registrars: tuple[Registrar, ...]
    quorum: int
    log_vkeys: tuple[str, ...]
    witness_policy: WitnessPolicy
    timestamp_authorities: tuple[str, ...]
    main: str | None = None


class KeyEnrolled(Event, frozen=True, kw_only=True, tag="registry.key-enrolled/1"):
    """An actor's key was enrolled. held: by this server, or in the actor's own hands."""

    actor: str
    key: str
    held: Custody


class KeyRotated(Event, frozen=True, kw_only=True, tag="registry.key-rotated/1"):
    """An actor replaced a key by a new one. old: kid."""

    actor: str
    old: str
    key: str


class KeyRevoked(Event, frozen=True, kw_only=True, tag="registry.key-revoked/1"):
    """A key was revoked: an actor's, or one of the log's own.

    compromised_since: index of the first act in question for it; of a log key, the least size of such a checkpoint.
    """

    kid: str
    reason: str
    compromised_since: int | None = None


class RoleGranted(Event, frozen=True, kw_only=True, tag="registry.role-granted/1"):
    """An actor was given a role. acts: names of acts, or prefixes that end in `.*`.

    on_behalf: the actor may act for another principal. Grants add up; withdrawing a role ends all of
    its grants.
    """

    actor: str
    role: str
    acts: tuple[str, ...]
    on_behalf: bool = False


class RoleWithdrawn(Event, frozen=True, kw_only=True, tag="registry.role-withdrawn/1"):
    """A role was taken from an actor."""

    actor: str
    role: str


class AccessCheckpointed(Event, frozen=True, kw_only=True, tag="access.checkpointed/1"):
    """A checkpoint of the access log, entered into the main log. root: base64; checkpoint: text of the signed note."""

    origin: str
    size: int
    root: str
    checkpoint: str


RegistryEvent = RegistryGenesis | KeyEnrolled | KeyRotated | KeyRevoked | RoleGranted | RoleWithdrawn


KEY_EVENTS: Final[tuple[type[Event], ...]] = (
    RegistryGenesis,
    KeyEnrolled,
    KeyRotated,
    KeyRevoked,
    RoleGranted,
    RoleWithdrawn,
    AccessCheckpointed,
)
"""What the key registry and the access log's anchoring add to the event types of the archive."""


@lru_cache(maxsize=64)
def registry_stream(origin: str) -> UUID:
    """The one stream of a log's registry: UUIDv8 of SHA-256("mocban/registry/v1:" || origin)."""
    return uuid8(sha256(b"mocban/registry/v1:" + origin.encode()).digest())
