"""The drill's log: acts by a clerk, a checkpoint after every few, an officer enrolled and revoked; and its keys."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Final
from uuid import UUID

from domain.event import Event
from domain.keys import ACT_REVOKE, KeyRevoked, registry_stream
from ledger.act_id import new_act_id
from ledger.actor import Actor
from ledger.founding import Enrolment, Grant, enrol, grant_roles
from ledger.log_name import LogName
from ledger.proposal import Proposal
from ledger.streams import Streams
from mocban.bootstrap import Product
from mocban.drills.appointments import do_appoint
from mocban.drills.tampering.forged import Forger
from mocban.drills.tampering.held_log import HeldLog
from mocban.offices import Office
from mocban.publication import publish, write_trust
from signing.base64_text import to_base64
from signing.note import Ed25519Signer

ACTS: Final = 24
_A_CHECKPOINT: Final = 3


def set_out(product: Product, folder: Path, dice: Random) -> Forger:
    """Record the acts, export them to `folder`/log with the trust file beside; the forger who has got hold of it."""
    clerk = product.actor(Office.ARCHIVIST)
    leaver, stranger = _officer(product, dice), _officer(product, dice)
    _come(product, leaver)
    do_appoint(product, new_act_id(), by=leaver)
    revoked_at = _leave(product, leaver)
    for number in range(ACTS):
        do_appoint(product, new_act_id())
        if number % _A_CHECKPOINT == 0:
            publish(product)
    publish(product)
    product.main_log.export(folder / "log")
    write_trust(product, folder / "trust.json")
    registry = product.main.registry.refresh().registry
    assert registry is not None, "it was founded"
    return Forger(
        log=HeldLog.read(folder / "log", product.origin),
        log_keys=product.log_signers(product.origin),
        clerk=_named(clerk, product.origin),
        clerk_id=clerk.id,
        enrolled_at=registry.records[clerk.signer.verifier_key.kid].enrolled_at,
        revoked=_named(leaver, product.origin),
        revoked_id=leaver.id,
        revoked_at=revoked_at,
        stranger=_named(stranger, product.origin),
        stranger_id=stranger.id,
        dice=dice,
    )


def _officer(product: Product, dice: Random) -> Actor:
    actor = str(new_act_id())
    return Actor(id=actor, signer=Ed25519Signer(f"{product.origin}/{actor}", dice.randbytes(32)))


def _named(actor: Actor, origin: str) -> Ed25519Signer:
    assert isinstance(actor.signer, Ed25519Signer)
    return actor.signer.named(f"{origin}/{actor.id}")


def _come(product: Product, officer: Actor) -> None:
    registrars = [product.actor(Office.REGISTRAR)]
    enrol(product.main, registrars, [Enrolment(actor=officer, held="own")])
    role = Grant(actor=officer.id, role="temporary", acts=("principal.*",), log=LogName.MAIN)
    grant_roles(product.main, registrars, [role])


def _leave(product: Product, officer: Actor) -> int:
    """Revoke the officer's key; the act that does."""
    ledger, stream = product.main, registry_stream(product.origin)
    revoked = KeyRevoked(kid=to_base64(officer.signer.verifier_key.kid), reason="left")

    def decide(streams: Streams) -> dict[UUID, Sequence[Event]]:
        streams.load(stream, 0, lambda seen, _event: seen + 1)
        return {stream: [revoked]}

    registrar = product.actor(Office.REGISTRAR)
    act = ledger.perform(Proposal(act=ACT_REVOKE, id=new_act_id(), actor=registrar, decide=decide, request=[revoked]))
    ledger.registry.refresh()
    return act.act_index
