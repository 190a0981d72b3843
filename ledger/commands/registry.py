"""Change who may sign: keys enrolled, replaced and revoked, roles granted and withdrawn; each as a proposal.

A proposal, because the signers' keys may be held elsewhere: `Ledger.perform` does it at once where all are held here,
`ledger.act_preparation.prepare_act` where one is not. What is lawful is `signing.registry`'s judgement alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from domain.event import Event
from domain.keys import (
    ACT_ENROL,
    ACT_GRANT,
    ACT_REVOKE,
    ACT_ROTATE,
    ACT_WITHDRAW,
    Custody,
    KeyEnrolled,
    KeyRevoked,
    KeyRotated,
    RoleGranted,
    RoleWithdrawn,
    registry_stream,
)
from ledger.actor import Actor
from ledger.proposal import Proposal
from ledger.streams import Streams
from signing.base64_text import to_base64


def enrolment(origin: str, registrars: Sequence[Actor], act_id: UUID, owner: Actor, held: Custody) -> Proposal:
    """Enrol a key in one act `registry.enrol`: registrars sign, then the new key, which so proves possession."""
    event = KeyEnrolled(actor=owner.id, key=to_base64(owner.signer.verifier_key.encoded), held=held)
    return _proposal(origin, ACT_ENROL, (*registrars, owner), act_id, event)


def rotation(origin: str, old: Actor, new: Actor, act_id: UUID) -> Proposal:
    """Replace an actor's key in one act `registry.rotate`: the old key signs, the new one proves possession."""
    keys = old.signer.verifier_key, new.signer.verifier_key
    event = KeyRotated(actor=old.id, old=to_base64(keys[0].kid), key=to_base64(keys[1].encoded))
    return _proposal(origin, ACT_ROTATE, (old, new), act_id, event)


def revocation(origin: str, registrars: Sequence[Actor], act_id: UUID, *facts: KeyRevoked) -> Proposal:
    """Revoke keys, of actors or of the log, in one act `registry.revoke`."""
    return _proposal(origin, ACT_REVOKE, registrars, act_id, *facts)


def grant(origin: str, registrars: Sequence[Actor], act_id: UUID, fact: RoleGranted) -> Proposal:
    """Grant a role in one act `registry.grant`."""
    return _proposal(origin, ACT_GRANT, registrars, act_id, fact)


def withdrawal(origin: str, registrars: Sequence[Actor], act_id: UUID, fact: RoleWithdrawn) -> Proposal:
    """Withdraw a role in one act `registry.withdraw`."""
    return _proposal(origin, ACT_WITHDRAW, registrars, act_id, fact)


def _proposal(origin: str, act: str, signers: Sequence[Actor], act_id: UUID, *events: Event) -> Proposal:
    stream = registry_stream(origin)

    def decide(streams: Streams) -> dict[UUID, Sequence[Event]]:
        streams.load(stream, 0, _count)
        return {stream: events}

    first, *others = signers
    return Proposal(act=act, id=act_id, actor=first, co_signers=tuple(others), decide=decide, request=list(events))


def _count(seen: int, _event: Event) -> int:
    return seen + 1
