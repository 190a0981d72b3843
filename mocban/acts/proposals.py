"""The acts that `act prepare` offers: from what was typed to a proposal, whoever holds the keys."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from domain.errors import Refusal
from domain.identifiers import nfc
from domain.keys import (
    ACT_ENROL,
    ACT_GRANT,
    ACT_REVOKE,
    ACT_ROTATE,
    ACT_WITHDRAW,
    KeyRevoked,
    RoleGranted,
    RoleWithdrawn,
)
from domain.principal import PrincipalAppointed, Reach
from domain.sealed import Plain
from ledger.act_id import new_act_id
from ledger.commands import handover, principal, registry
from ledger.proposal import Proposal
from mocban.acts.signers import actor_id, newcomer, registrars_of, signer_of
from mocban.bootstrap import Product


def proposal_of(product: Product, args: argparse.Namespace) -> Proposal:
    """The proposal of the act `args.act`. Raises Refusal."""
    return _MAKERS[args.act](product, args)


def _enrol(product: Product, args: argparse.Namespace) -> Proposal:
    owner = newcomer(product, args.vkey)
    return registry.enrolment(product.origin, registrars_of(product), new_act_id(), owner, "own")


def _rotate(product: Product, args: argparse.Namespace) -> Proposal:
    new = newcomer(product, args.vkey)
    return registry.rotation(product.origin, signer_of(product, new.id), new, new_act_id())


def _revoke(product: Product, args: argparse.Namespace) -> Proposal:
    fact = KeyRevoked(kid=args.kid, reason=nfc(args.reason), compromised_since=args.compromised_since)
    return registry.revocation(product.origin, registrars_of(product), new_act_id(), fact)


def _grant(product: Product, args: argparse.Namespace) -> Proposal:
    acts = tuple(nfc(one.strip()) for one in args.acts.split(","))
    fact = RoleGranted(actor=actor_id(product, args.actor), role=nfc(args.role), acts=acts, on_behalf=args.on_behalf)
    return registry.grant(product.origin, registrars_of(product), new_act_id(), fact)


def _withdraw(product: Product, args: argparse.Namespace) -> Proposal:
    fact = RoleWithdrawn(actor=actor_id(product, args.actor), role=nfc(args.role))
    return registry.withdrawal(product.origin, registrars_of(product), new_act_id(), fact)


def _appoint(product: Product, args: argparse.Namespace) -> Proposal:
    fact = PrincipalAppointed(
        agency=args.agency, office=nfc(args.office), Name=Plain(_name(args.name_file)), reach=Reach(args.reach)
    )
    return principal.appointment(signer_of(product, args.signer), new_act_id(), args.principal, fact)


def _hand_over(product: Product, args: argparse.Namespace) -> Proposal:
    giver, receiver = signer_of(product, args.giver), signer_of(product, args.receiver)
    return handover.completion(product.main, giver, receiver, new_act_id(), args.handover, args.on)


def _name(path: Path) -> str:
    """A person's name, never from an argument: other accounts of a machine see those."""
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise Refusal("input-unreadable", path=path) from error
    if not (name := nfc(text.strip())):
        raise Refusal("input-unreadable", path=path)
    return name


_MAKERS: Final[Mapping[str, Callable[[Product, argparse.Namespace], Proposal]]] = {
    ACT_ENROL: _enrol,
    ACT_ROTATE: _rotate,
    ACT_REVOKE: _revoke,
    ACT_GRANT: _grant,
    ACT_WITHDRAW: _withdraw,
    "principal.appoint": _appoint,
    "handover.complete": _hand_over,
}
