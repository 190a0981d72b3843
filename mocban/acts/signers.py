"""Who signs a prepared act: actors, each with a key held here or the public side of one held elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from domain.errors import Refusal
from ledger.actor import Actor
from ledger.application import Ledger
from ledger.key_elsewhere import KeyElsewhere
from mocban.bootstrap import Product
from mocban.offices import Office
from signing.act import actor_key_name
from signing.note import ED25519, VerifierKey
from signing.registry import Registry
from signing.verification_error import VerificationError


def actor_id(product: Product, given: str) -> str:
    """The id of an office or an actor. Raises Refusal `actor-unfit`."""
    if given in set(Office):
        return product.actor(Office(given)).id
    try:
        if str(UUID(given)) == given:
            return given
    except ValueError:
        pass
    raise Refusal("actor-unfit", given=given)


def signer_of(product: Product, given: str, ledger: Ledger | None = None) -> Actor:
    """The actor with the newest of its keys in force in a log. Raises Refusal `actor-unfit`, `actor-without-key`.

    ledger: of the main log, unless another is given.
    """
    ledger = ledger or product.main
    wanted = actor_id(product, given)
    records = _registry(ledger).records.values()
    good = [record for record in records if record.actor == wanted and record.revoked_at is None]
    if not good:
        raise Refusal("actor-without-key", actor=wanted)
    newest = max(good, key=lambda record: record.enrolled_at)
    for office in Office:
        here = product.actor(office, ledger.log_name)
        if here.id == wanted and here.signer.verifier_key.kid == newest.kid:
            return here
    key = VerifierKey(actor_key_name(product.origin, wanted), ED25519, newest.encoded[1:])
    return Actor(id=wanted, signer=KeyElsewhere(key))


def registrars_of(product: Product, ledger: Ledger, chosen: Sequence[str] = ()) -> tuple[Actor, ...]:
    """Who signs a change of the registry: those chosen, else as many as it takes of those who have a key in force."""
    if chosen:
        return tuple(signer_of(product, given, ledger) for given in chosen)
    registry = _registry(ledger)
    keyed = {record.actor for record in registry.records.values() if record.revoked_at is None}
    able = [registrar.actor for registrar in registry.genesis.registrars if registrar.actor in keyed]
    return tuple(signer_of(product, actor, ledger) for actor in able[: registry.genesis.quorum])


def newcomer(product: Product, vkey: str) -> Actor:
    """The owner of a key that is not enrolled yet, from its vkey text. Raises Refusal `vkey-unfit`."""
    try:
        key = VerifierKey.parse(vkey.strip())
    except VerificationError as error:
        raise Refusal("vkey-unfit", reason=error.detail) from error
    owner = key.name.removeprefix(f"{product.origin}/")
    if key.type != ED25519 or key.name != actor_key_name(product.origin, owner):
        raise Refusal("vkey-unfit", reason=product.origin)
    return Actor(id=actor_id(product, owner), signer=KeyElsewhere(key))


def office_newcomer(product: Product, given: str, ledger: Ledger) -> Actor:
    """An office with a key held here that the log does not know yet, made where there is none. Raises `actor-unfit`."""
    if given not in set(Office):
        raise Refusal("actor-unfit", given=given)
    return product.next_actor(Office(given), [ledger])


def _registry(ledger: Ledger) -> Registry:
    registry = ledger.registry.refresh().registry
    assert registry is not None, "a product that is open was founded"
    return registry
