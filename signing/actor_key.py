"""What the registry knows of a key and of a role, and which keys it takes at all."""

from __future__ import annotations

import msgspec

from signing.base64_text import from_base64
from signing.note import ED25519, ed25519_verify
from signing.small_order import has_small_order
from signing.verification_error import VerificationError


class KeyRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One enrolled key. encoded: type byte || public key; the numbers are act indexes in this log."""

    kid: bytes
    encoded: bytes
    actor: str
    enrolled_at: int
    revoked_at: int | None = None
    compromised_since: int | None = None

    def problem_at(self, index: int) -> str | None:
        """Why this key could not sign act `index`, or None. Judged by order in the log, never by a clock."""
        if self.enrolled_at >= index:
            return "key-not-yet-enrolled"
        if self.revoked_at is not None and self.revoked_at < index:
            return "key-revoked"
        return None


class Role(msgspec.Struct, frozen=True, kw_only=True):
    """One grant of a role. acts: names of acts or prefixes that end in `.*`."""

    name: str
    acts: tuple[str, ...]
    on_behalf: bool
    granted_at: int
    withdrawn_at: int | None = None

    def in_force(self, index: int) -> bool:
        """Whether act `index` may rest on this grant: granted before it, and not withdrawn before it."""
        return self.granted_at < index and (self.withdrawn_at is None or self.withdrawn_at >= index)

    def allows(self, act: str, index: int) -> bool:
        """Whether this grant covers act name `act` at `index`."""
        return self.in_force(index) and any(
            act == name or (name.endswith(".*") and act.startswith(name[:-1])) for name in self.acts
        )


def is_act_pattern(pattern: str) -> bool:
    """Whether `pattern` is the name of an act or a prefix ending in `.*`."""
    stem = pattern.removesuffix(".*")
    return bool(stem) and "*" not in stem and stem.isprintable() and stem.split() == [stem]


def parse_actor_key(text: str) -> bytes:
    """The encoded key (type byte || public key) of a registry event's `key`.

    Raises VerificationError `key-malformed`, or `key-weak` for the points of small order, under which one signature
    would fit many messages.
    """
    try:
        encoded = from_base64(text, 33)
        ed25519_verify(encoded[1:])
    except VerificationError as error:
        raise VerificationError("key-malformed", "not base64 of a type byte and a public key") from error
    if encoded[0] != ED25519:
        raise VerificationError("key-malformed", "actors sign by keys of type 01")
    if has_small_order(encoded[1:]):
        raise VerificationError("key-weak", "a point of small order")
    return encoded
