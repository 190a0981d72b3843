"""The steps of a reorganization's life as proposals, whoever holds the key of the officer in charge."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import msgspec

from domain.basis import Instrument
from domain.errors import Refusal
from domain.plan import Plan, plan_hash
from domain.reorganization import Reorganization, evolve
from ledger.actor import Actor
from ledger.commands import reorganization
from ledger.proposal import Proposal
from mocban.acts.text_given import text_given
from mocban.bootstrap import Product
from mocban.custody.correction_file import corrected, read_correction
from mocban.custody.day import civil_today
from mocban.custody.reorganization_named import ENACTED, OPEN, reorganization_named, stream_of
from mocban.plan_file.reading import Reading
from projections.completion import awaiting_files
from projections.custody_batch import last_act
from projections.succession_queries import reorganizations
from projections.view import Connection

DRAFTED: Final = "drafted"


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A step to be signed. stream: the reorganization; word: its state afterwards; facts: what else is told of it."""

    proposal: Proposal
    stream: UUID
    word: str
    facts: Mapping[str, Any]


class Signed(msgspec.Struct, frozen=True, kw_only=True):
    """Who signs, under which id of the act."""

    by: Actor
    act_id: UUID


def drafting(product: Product, connection: Connection, plan: Plan, signed: Signed) -> Step:
    """Put a plan down whose names were looked up. Raises Refusal `reorganization-already-drafted`."""
    hashed = plan_hash(plan)
    if any(row.plan_hash == hashed and row.state != "withdrawn" for row in reorganizations(connection)):
        raise Refusal("reorganization-already-drafted")
    stream = stream_of(product, plan.effective, hashed)
    proposal = reorganization.drafting(signed.by, signed.act_id, stream, plan)
    return Step(proposal=proposal, stream=stream, word=DRAFTED, facts={"plan_hash": hashed})


def going_on(
    product: Product, connection: Connection, args: argparse.Namespace, reading: Reading | None, signed: Signed
) -> Step:
    """The step `args.action` of a drafted reorganization. reading: of the plan file that names it, where one does.

    Raises Refusal `reorganization-unknown`, `reorganization-ambiguous`, and as reading a correction does.
    """
    states = OPEN if args.action in {"adopt", "enact", "withdraw"} else ENACTED
    stream = reorganization_named(product, connection, args.plan, reading, states)
    state = product.main.streams().load(stream, None, evolve)
    assert state is not None, "the views know it from the ledger"
    proposal, word, facts = _STEPS[args.action](_Asked(product, connection, args, stream, state, signed))
    return Step(proposal=proposal, stream=stream, word=word, facts=facts)


class _Asked(msgspec.Struct, frozen=True):
    product: Product
    connection: Connection
    args: argparse.Namespace
    stream: UUID
    state: Reorganization
    signed: Signed


_Proposed = tuple[Proposal, str, dict[str, Any]]


def _adopt(asked: _Asked) -> _Proposed:
    by, args = asked.state.plan.instrument, asked.args
    instrument = Instrument(
        number=args.number or by.number,
        issued=args.issued or by.issued,
        issuer=args.issuer or by.issuer,
        in_force=args.in_force or by.in_force,
    )
    proposal = reorganization.adoption(asked.signed.by, asked.signed.act_id, asked.stream, instrument)
    return proposal, "adopted", {"instrument": instrument.number, "plan_hash": asked.state.hash}


def _enact(asked: _Asked) -> _Proposed:
    ledger, signed = asked.product.main, asked.signed
    proposal = reorganization.enacting(ledger, signed.by, signed.act_id, asked.stream, civil_today())
    return proposal, "enacted", {"effective": asked.state.plan.effective, "plan_hash": asked.state.hash}


def _correct(asked: _Asked) -> _Proposed:
    said = corrected(asked.connection, read_correction(Path(asked.args.correction)), civil_today())
    ledger, signed = asked.product.main, asked.signed
    proposal = reorganization.correction(ledger, signed.by, signed.act_id, asked.stream, said)
    return proposal, "corrected", {"effective": said.effective, "fonds": len(said.fonds)}


def _complete(asked: _Asked) -> _Proposed:
    today, known_at, signed = civil_today(), last_act(asked.connection), asked.signed
    awaiting = awaiting_files(asked.connection, asked.stream, today)
    proposal = reorganization.completion(signed.by, signed.act_id, asked.stream, today, known_at, awaiting)
    return proposal, "completed", {"known_at": known_at}


def _withdraw(asked: _Asked) -> _Proposed:
    signed = asked.signed
    reason = text_given(asked.args.reason, "reason")
    return reorganization.withdrawal(signed.by, signed.act_id, asked.stream, reason), "withdrawn", {}


_STEPS: Final[Mapping[str, Callable[[_Asked], _Proposed]]] = {
    "adopt": _adopt,
    "enact": _enact,
    "correct": _correct,
    "complete": _complete,
    "withdraw": _withdraw,
}
