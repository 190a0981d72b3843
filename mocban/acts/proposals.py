"""The acts that `act prepare` offers: from what was typed to a proposal, whoever holds the keys."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from domain.disposition import DestructionDecided, Ground
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
from ledger.application import Ledger
from ledger.commands import disposition, handover, principal, registry
from ledger.proposal import Proposal
from mocban.acts import officers_acts
from mocban.acts.act_arguments import ACCESS, MAIN
from mocban.acts.signers import (
    actor_id,
    newcomer,
    office_newcomer,
    registrars_of,
    signer_of,
)
from mocban.acts.text_given import text_given
from mocban.bootstrap import Product
from mocban.custody.day import civil_today
from mocban.given_file import read_given


def proposal_of(product: Product, args: argparse.Namespace) -> Proposal:
    """The proposal of the act `args.act`, under the id `args.id` or a fresh one. Raises Refusal."""
    args.id = getattr(args, "id", None) or new_act_id()
    return _MAKERS[args.act](product, args)


def ledger_of(product: Product, args: argparse.Namespace) -> Ledger:
    """The log that the act is for."""
    return product.access if getattr(args, "log", MAIN) == ACCESS else product.main


def _enrol(product: Product, args: argparse.Namespace) -> Proposal:
    ledger = ledger_of(product, args)
    registrars = registrars_of(product, ledger, args.by)
    if args.office is not None:
        owner = office_newcomer(product, args.office, ledger)
        return registry.enrolment(ledger.origin, registrars, args.id, owner, "server")
    return registry.enrolment(ledger.origin, registrars, args.id, newcomer(product, args.vkey), "own")


def _rotate(product: Product, args: argparse.Namespace) -> Proposal:
    new, ledger = newcomer(product, args.vkey), ledger_of(product, args)
    return registry.rotation(ledger.origin, signer_of(product, new.id, ledger), new, args.id)


def _revoke(product: Product, args: argparse.Namespace) -> Proposal:
    ledger, reason = ledger_of(product, args), text_given(args.reason, "reason")
    facts = [KeyRevoked(kid=kid, reason=reason, compromised_since=args.compromised_since) for kid in args.kid]
    return registry.revocation(ledger.origin, registrars_of(product, ledger, args.by), args.id, *facts)


def _grant(product: Product, args: argparse.Namespace) -> Proposal:
    ledger, acts = ledger_of(product, args), tuple(nfc(one.strip()) for one in args.acts.split(","))
    fact = RoleGranted(actor=actor_id(product, args.actor), role=nfc(args.role), acts=acts, on_behalf=args.on_behalf)
    return registry.grant(ledger.origin, registrars_of(product, ledger, args.by), args.id, fact)


def _withdraw(product: Product, args: argparse.Namespace) -> Proposal:
    ledger, fact = ledger_of(product, args), RoleWithdrawn(actor=actor_id(product, args.actor), role=nfc(args.role))
    return registry.withdrawal(ledger.origin, registrars_of(product, ledger, args.by), args.id, fact)


def _appoint(product: Product, args: argparse.Namespace) -> Proposal:
    name = text_given(args.name, "name") if hasattr(args, "name") else _name(args.name_file)
    office = text_given(args.office, "office")
    fact = PrincipalAppointed(agency=args.agency, office=office, Name=Plain(name), reach=Reach(args.reach))
    return principal.appointment(signer_of(product, args.signer), args.id, args.principal, fact)


def _hand_over(product: Product, args: argparse.Namespace) -> Proposal:
    giver, receiver = signer_of(product, args.giver), signer_of(product, args.receiver)
    return handover.completion(product.main, giver, receiver, args.id, args.handover, args.on, today=civil_today())


def _destroy(product: Product, args: argparse.Namespace) -> Proposal:
    fact = DestructionDecided(file=args.file, ground=Ground(args.ground), basis=text_given(args.basis, "basis"))
    proposer, decider = signer_of(product, args.proposer), signer_of(product, args.decider)
    return disposition.decision(proposer, decider, args.id, fact, civil_today())


def _name(path: Path) -> str:
    """A person's name, never from an argument: other accounts of a machine see those."""
    try:
        text = sys.stdin.read() if str(path) == "-" else read_given(path).decode()
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
    "disposition.decide": _destroy,
    "reorganization.draft": officers_acts.draft,
    **{f"reorganization.{step}": officers_acts.go_on for step in ("adopt", "enact", "correct", "complete", "withdraw")},
    "audit.record": officers_acts.record_audit,
}
