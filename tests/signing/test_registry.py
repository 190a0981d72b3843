"""The registry: who could sign what, judged by order in the log and by nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from domain.event import Event
from domain.keys import (
    KeyEnrolled,
    KeyRevoked,
    KeyRotated,
    RegistryEvent,
    RegistryGenesis,
    RoleGranted,
    RoleWithdrawn,
    registry_stream,
)
from signing.act import OpenedAct, open_act, verify_act_signatures
from signing.base64_text import to_base64
from signing.genesis import found
from signing.note import Ed25519Signer
from signing.registry import Registry
from signing.registry_event import registry_events
from signing.verification_error import VerificationError
from tests.vectors.regenerate import GENESIS, ORIGIN, act, actor, entries_of, key_text, signer

STREAM = registry_stream(ORIGIN)
KID = {number: to_base64(signer(number).verifier_key.kid) for number in range(1, 9)}
REGISTRARS = [signer(1), signer(2)]


def opened(name: str, events: Sequence[Event], signers: Sequence[Ed25519Signer], **more: Any) -> OpenedAct:
    """An act as read from a log."""
    return open_act(act(9, name, entries_of(STREAM, 1, events), signers, **more), ORIGIN)


def founded(genesis: RegistryGenesis = GENESIS, signers: Sequence[Ed25519Signer] = REGISTRARS) -> Registry:
    """The registry after act 0."""
    return found(opened("log.found", [genesis], signers), [genesis])


def after(steps: Sequence[tuple[str, Sequence[RegistryEvent], Sequence[Ed25519Signer]]]) -> Registry:
    """The registry after registry acts 1, 2, ... which must all be valid, signatures included."""
    registry = founded()
    for index, (name, events, signers) in enumerate(steps, 1):
        step = opened(name, events, signers)
        verify_act_signatures(step, registry.keys_with(events))
        registry, problems = registry.advance(step, index, events)
        assert problems == []
    return registry


def enrol(*numbers: int) -> tuple[str, list[RegistryEvent], list[Ed25519Signer]]:
    """A good enrolment of some test actors' keys."""
    events: list[RegistryEvent] = [KeyEnrolled(actor=actor(n), key=key_text(n), held="own") for n in numbers]
    return "registry.enrol", events, [*REGISTRARS, *(signer(n) for n in numbers)]


def grant(number: int, *acts: str, on_behalf: bool = False) -> tuple[str, list[RegistryEvent], list[Ed25519Signer]]:
    """A good grant of the role `clerk`."""
    granted = RoleGranted(actor=actor(number), role="clerk", acts=acts, on_behalf=on_behalf)
    return "registry.grant", [granted], REGISTRARS


def done(*numbers: int, name: str = "file.register", **more: Any) -> OpenedAct:
    """An ordinary act by some test actors."""
    event = entries_of(registry_stream("elsewhere"), 1, [RoleWithdrawn(actor=actor(1), role="x")])
    return open_act(act(9, name, event, [signer(n) for n in numbers], **more), ORIGIN)


def test_a_key_and_a_role_make_an_act_valid_from_then_on() -> None:
    """Given an enrolled key and a role, when acts at each index are judged, then valid only after both."""
    registry = after([enrol(3), grant(3, "file.*")])
    assert registry.judge(done(3), 3) == []
    assert registry.judge(done(3), 2) == ["role-missing"]
    assert registry.judge(done(3), 1) == ["key-not-yet-enrolled", "role-missing"]
    assert registry.judge(done(4), 3) == ["unknown-key", "role-missing"]


@pytest.mark.parametrize(
    ("patterns", "name", "valid"),
    [
        (("file.*",), "file.register", True),
        (("file.*",), "file", False),
        (("file.*",), "filed.x", False),
        (("file",), "file.register", False),
        (("file.register",), "file.register", True),
        (("fonds.open", "file.register"), "file.register", True),
        (("registry.*", "log.*"), "file.register", False),
    ],
)
def test_a_role_covers_the_acts_it_names(patterns: tuple[str, ...], name: str, *, valid: bool) -> None:
    """Given a role, when an act is judged, then names and prefixes ending in .* decide."""
    assert (after([enrol(3), grant(3, *patterns)]).judge(done(3, name=name), 3) == []) is valid


def test_every_signer_of_a_dual_act_needs_a_role() -> None:
    """Given two signers and one role, when judged, then refused until both have one."""
    registry = after([enrol(3, 4), grant(3, "custody.*")])
    assert registry.judge(done(3, 4, name="custody.hand-over"), 3) == ["role-missing"]
    registry = after([enrol(3, 4), grant(3, "custody.*"), grant(4, "custody.hand-over")])
    assert registry.judge(done(3, 4, name="custody.hand-over"), 4) == []


def test_acting_for_another_needs_the_right_to() -> None:
    """Given an act with `for`, when judged, then only a role granted on behalf makes it valid."""
    assert after([enrol(3), grant(3, "file.*")]).judge(done(3, for_="an"), 3) == ["on-behalf-not-granted"]
    assert after([enrol(3), grant(3, "file.*", on_behalf=True)]).judge(done(3, for_="an"), 3) == []


def test_a_revoked_key_signs_no_more_but_what_it_signed_stands() -> None:
    """Given a revocation, when acts before and after are judged, then only those after it are refused."""
    revoke = ("registry.revoke", [KeyRevoked(kid=KID[3], reason="lost")], REGISTRARS)
    registry = after([enrol(3), grant(3, "file.*"), revoke])
    assert registry.judge(done(3), 3) == []
    assert registry.judge(done(3), 4) == ["key-revoked"]
    assert not registry.questioned(done(3), 3)


def test_compromised_since_questions_acts_and_leaves_them_valid() -> None:
    """Given a key called compromised since an act, when asked, then that act and later ones are questioned."""
    first = ("registry.revoke", [KeyRevoked(kid=KID[3], reason="lost")], REGISTRARS)
    later = ("registry.revoke", [KeyRevoked(kid=KID[3], reason="stolen", compromised_since=3)], REGISTRARS)
    registry = after([enrol(3), grant(3, "file.*"), first, later])
    assert [registry.questioned(done(3), index) for index in (2, 3, 4)] == [False, True, True]
    assert registry.judge(done(3), 3) == []
    assert registry.judge(done(3), 4) == ["key-revoked"]


def test_a_rotated_key_hands_over_to_the_new_one() -> None:
    """Given a rotation signed by old and new, when judged, then the new key signs under the old roles."""
    event = KeyRotated(actor=actor(3), old=KID[3], key=to_base64(signer(5).verifier_key.encoded))
    new = signer(5).named(signer(3).verifier_key.name)
    registry = after([enrol(3), grant(3, "file.*"), ("registry.rotate", [event], [signer(3), new])])
    entry = entries_of(registry_stream("elsewhere"), 1, [RoleWithdrawn(actor=actor(1), role="x")])
    by_new = open_act(act(9, "file.register", entry, [new]), ORIGIN)
    assert registry.judge(by_new, 4) == []
    assert registry.judge(by_new, 3) == ["key-not-yet-enrolled"]
    assert registry.judge(done(3), 4) == ["key-revoked"]
    assert registry.judge(done(5), 4) == ["actor-mismatch", "role-missing"]


def test_a_withdrawn_role_ends_there() -> None:
    """Given two grants of a role and its withdrawal, when judged, then none of them counts after it."""
    withdraw = ("registry.withdraw", [RoleWithdrawn(actor=actor(3), role="clerk")], REGISTRARS)
    registry = after([enrol(3), grant(3, "file.*"), grant(3, "fonds.*"), withdraw])
    assert registry.judge(done(3), 4) == []
    assert registry.judge(done(3), 5) == ["role-missing"]
    assert registry.judge(done(3, name="fonds.open"), 5) == ["role-missing"]
    assert after([enrol(3), grant(3, "file.*"), withdraw, grant(3, "file.*")]).judge(done(3), 5) == []


FRESH = KeyEnrolled(actor=actor(5), key=key_text(5), held="own")
P256 = to_base64(b"\xff" + bytes(32))
BAD_ACTS: dict[str, tuple[str, list[Any], list[Ed25519Signer], str]] = {
    "one registrar of two": ("registry.enrol", [FRESH], [signer(1), signer(5)], "registrar-quorum-missing"),
    "no registrar": ("registry.enrol", [FRESH], [signer(5)], "registrar-quorum-missing"),
    "a stranger among them": ("registry.enrol", [FRESH], [*REGISTRARS, signer(3), signer(5)], "not-a-registrar"),
    "no proof of possession": ("registry.enrol", [FRESH], REGISTRARS, "proof-of-possession-missing"),
    "another's proof": ("registry.enrol", [FRESH], [*REGISTRARS, signer(3)], "proof-of-possession-missing"),
    "proof first": ("registry.enrol", [FRESH], [signer(5), *REGISTRARS], "proof-of-possession-missing"),
    "a known key": ("registry.enrol", enrol(3)[1], enrol(3)[2], "key-already-enrolled"),
    "a key of another type": (
        "registry.enrol",
        [msgspec.structs.replace(FRESH, key=P256)],
        [*REGISTRARS, signer(5)],
        "key-malformed",
    ),
    "a weak key": (
        "registry.enrol",
        [msgspec.structs.replace(FRESH, key=to_base64(b"\x01\x01" + bytes(31)))],
        [*REGISTRARS, signer(5)],
        "key-weak",
    ),
    "a key that is no base64": (
        "registry.enrol",
        [msgspec.structs.replace(FRESH, key="?")],
        [*REGISTRARS, signer(5)],
        "key-malformed",
    ),
    "another event": ("registry.enrol", grant(3, "x")[1], REGISTRARS, "registry-act-malformed"),
    "an unknown act": ("registry.dissolve", [FRESH], REGISTRARS, "registry-act-malformed"),
    "a second genesis": ("log.found", [GENESIS], REGISTRARS, "founded-twice"),
    "a role by an officer": ("registry.grant", grant(3, "x")[1], [signer(3)], "not-a-registrar"),
    "a role of any act": ("registry.grant", grant(3, "*")[1], REGISTRARS, "role-malformed"),
    "a role of no act": ("registry.grant", grant(3)[1], REGISTRARS, "role-malformed"),
    "a role not held": ("registry.withdraw", [RoleWithdrawn(actor=actor(3), role="x")], REGISTRARS, "role-missing"),
    "an unknown key revoked": ("registry.revoke", [KeyRevoked(kid=KID[7], reason="x")], REGISTRARS, "unknown-key"),
    "a kid that is none": ("registry.revoke", [KeyRevoked(kid="?", reason="x")], REGISTRARS, "unknown-key"),
    "compromised in the future": (
        "registry.revoke",
        [KeyRevoked(kid=KID[3], reason="x", compromised_since=9)],
        REGISTRARS,
        "compromise-in-the-future",
    ),
    "a rotation by registrars": (
        "registry.rotate",
        [KeyRotated(actor=actor(3), old=KID[3], key=key_text(5))],
        REGISTRARS,
        "old-key-did-not-sign",
    ),
    "a rotation to another actor": (
        "registry.rotate",
        [KeyRotated(actor=actor(5), old=KID[3], key=key_text(5))],
        [signer(3), signer(5)],
        "old-key-did-not-sign",
    ),
}


@pytest.mark.parametrize("case", BAD_ACTS.items(), ids=lambda case: case[0])
def test_bad_registry_acts_are_named_and_change_nothing(
    case: tuple[str, tuple[str, list[Any], list[Ed25519Signer], str]],
) -> None:
    """Given a registry act against the rules, when replayed, then it is named and the registry stays as it was."""
    name, events, signers, code = case[1]
    registry = after([enrol(3)])
    step = opened(name, events, signers)
    same, problems = registry.advance(step, 2, events)
    assert code in problems
    assert same is registry


def test_registry_events_have_their_own_acts() -> None:
    """Given registry events in an ordinary act, or fewer events than the act says, when judged, then named."""
    registry = after([enrol(3), grant(3, "file.*")])
    sneaky = opened("file.register", [FRESH], [signer(3)])
    assert registry.judge(sneaky, 3, [FRESH]) == ["registry-event-misplaced"]
    assert registry.judge(opened(*enrol(5)), 3, []) == ["registry-act-malformed"]
    assert registry.judge(opened(*enrol(5), for_="an"), 3, enrol(5)[1]) == ["on-behalf-not-granted"]


def test_a_lost_quorum_of_keys_cannot_sign_for_registrars() -> None:
    """Given a registrar whose key was revoked, when both sign again, then the act is refused."""
    registry = after([("registry.revoke", [KeyRevoked(kid=KID[2], reason="lost")], REGISTRARS)])
    assert registry.judge(opened(*enrol(3)), 2, enrol(3)[1]) == ["key-revoked"]


def test_registry_events_are_read_from_their_stream_only() -> None:
    """Given entries of other streams, and one that is no registry event, when read, then left out, or refused."""
    entries = [*entries_of(STREAM, 1, [FRESH]), *entries_of(registry_stream("other"), 1, [FRESH])]
    assert registry_events(entries, ORIGIN) == [FRESH]
    with pytest.raises(VerificationError):
        registry_events([entries[0].replace(b'"held":"own"', b'"held":"own","more":1')], ORIGIN)
