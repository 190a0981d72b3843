"""Who signs a prepared act: actors, each with a key held here or the public side of one held elsewhere."""

from __future__ import annotations

from uuid import UUID

from domain.errors import Refusal
from ledger.actor import Actor
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


def signer_of(product: Product, given: str) -> Actor:
    """The actor with the newest of its keys in force. Raises Refusal `actor-unfit`, `actor-without-key`."""
    wanted = actor_id(product, given)
    good = [
        record for record in _registry(product).records.values() if record.actor == wanted and record.revoked_at is None
    ]
    if not good:
        raise Refusal("actor-without-key", actor=wanted)
    newest = max(good, key=lambda record: record.enrolled_at)
    for office in Office:
        here = product.actor(office)
        if here.id == wanted and here.signer.verifier_key.kid == newest.kid:
            return here
    key = VerifierKey(actor_key_name(product.origin, wanted), ED25519, newest.encoded[1:])
    return Actor(id=wanted, signer=KeyElsewhere(key))


def registrars_of(product: Product) -> tuple[Actor, ...]:
    """As many registrars as the genesis asks for, in its order, of those who have a key in force."""
    registry = _registry(product)
    keyed = {record.actor for record in registry.records.values() if record.revoked_at is None}
    able = [registrar.actor for registrar in registry.genesis.registrars if registrar.actor in keyed]
    return tuple(signer_of(product, actor) for actor in able[: registry.genesis.quorum])


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


def _registry(product: Product) -> Registry:
    registry = product.main.registry.refresh().registry
    assert registry is not None, "a product that is open was founded"
    return registry
