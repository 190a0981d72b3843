"""`lot carve`, `assign`, `return`: from what was typed to an act, recorded once or written to be signed elsewhere."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from domain import child_lot as domain_child_lot
from domain.basis import Instrument
from domain.child_lot import LotCarved
from domain.errors import Refusal
from domain.identifiers import nfc
from domain.lot import Carrier
from ledger.act_id import new_act_id
from ledger.actor import Actor
from ledger.commands import child_lot
from ledger.commands.child_lot import FurtherDecision
from ledger.proposal import Proposal
from mocban.acts.signers import signer_of
from mocban.bootstrap import Product
from mocban.cli.answer import answer
from mocban.cli.handover_desk import conclude
from mocban.cli.lot import CARRIERS
from mocban.custody.child_lot_list import lines_of, read_list
from mocban.custody.day import civil_today, full_day
from mocban.handover.choosing import agency_named
from mocban.handover.people import full_days, settled_text
from projections.asking import ask_one
from projections.child_lot_queries import child_lots_named
from projections.finding_aid_queries import FondsRow
from projections.view import Connection

_Asked = tuple[Proposal, UUID, dict[str, Any]]
"""The act, the lot it is about, and what is told of it."""
_FONDS: Final = "SELECT {columns} FROM projection.fonds WHERE code = %(code)s"


def do(product: Product, connection: Connection, args: argparse.Namespace) -> int:
    """Record the act, or with --out write it to be signed elsewhere. Raises Refusal."""
    on = full_day(args.on) if args.on else civil_today()
    cited = Instrument(
        number=args.decision, issued=args.issued, issuer=args.issuer, in_force=args.in_force or args.issued
    )
    decision = full_days(cited)
    proposal, lot, told = _DOING[args.part](product, connection, args, on, decision)
    told = {"lot": lot, **told, "effective": on, "decision": decision.number}
    if args.out is not None:
        return conclude(product, proposal, args, told)
    done = product.main.perform(proposal)
    facts = {**_known(product, lot), **told, "act": done.act_index, "position": done.position}
    line = f"{facts['name']}: {facts['files']} hồ sơ · files; hành vi · act {facts['act']}"
    answer(facts, line, as_json=args.json)
    return 0


def lot_named(connection: Connection, name: str) -> UUID:
    """By FONDS/NAME or id. Raises Refusal `child-lot-unknown`."""
    found = child_lots_named(connection, nfc(name.replace("\0", "")))
    if len(found) != 1:
        raise Refusal("child-lot-unknown", name=name[:60])
    return found[0]


def _carve(product: Product, connection: Connection, args: argparse.Namespace, on: str, decision: Instrument) -> _Asked:
    fonds = ask_one(connection, FondsRow, _FONDS, code=nfc(args.fonds.replace("\0", "")))
    if fonds is None:
        raise Refusal("fonds-unknown", code=args.fonds[:60])
    name = settled_text(args.name, "--name")
    fact = LotCarved(
        fonds=fonds.id,
        name=name,
        carriers=tuple(Carrier(one) for one in CARRIERS[args.carrier]),
        effective=on,
        decision=decision,
        files=0,
        receiver=_receiver(connection, args, on),
    )
    lines = lines_of(connection, product.main, fonds.id, _codes(args), args.catalog)
    stream = product.naming.other("child-lot", f"{fonds.id}\0{name}")
    proposal = child_lot.carving(_signer(product, args), new_act_id(), stream, fact, lines, civil_today())
    return proposal, stream, {"name": f"{fonds.code}/{name}", "assigned_to": fact.receiver, "files": len(lines)}


def _assign(
    product: Product, connection: Connection, args: argparse.Namespace, on: str, decision: Instrument
) -> _Asked:
    stream = lot_named(connection, args.lot)
    said = FurtherDecision(decision=decision, effective=on, receiver=_receiver(connection, args, on))
    proposal = child_lot.assigning(product.main, _signer(product, args), new_act_id(), stream, said, civil_today())
    return proposal, stream, {"assigned_to": said.receiver}


def _return(
    product: Product, connection: Connection, args: argparse.Namespace, on: str, decision: Instrument
) -> _Asked:
    stream = lot_named(connection, args.lot)
    state = product.main.streams().load(stream, None, domain_child_lot.evolve)
    assert state is not None, "the views know it from the ledger"
    if args.all:
        files: Sequence[UUID] = list(state.files)
    else:
        lines = lines_of(connection, product.main, state.carved.fonds, _codes(args), ())
        foreign = next((one.FileCode.text for one in lines if one.file not in state.files), None)
        if foreign is not None:  # the ledger refuses the same, knowing ids only
            raise Refusal("child-lot-file-not-in-it", file=foreign, name=state.carved.name)
        files = [one.file for one in lines]
    said = FurtherDecision(decision=decision, effective=on)
    proposal = child_lot.giving_back(_signer(product, args), new_act_id(), stream, files, said, civil_today())
    return proposal, stream, {"returned": len(files)}


def _signer(product: Product, args: argparse.Namespace) -> Actor:
    return signer_of(product, args.signer)


def _known(product: Product, stream: UUID) -> dict[str, Any]:
    state = product.main.streams().load(stream, None, domain_child_lot.evolve)
    assert state is not None
    return {"name": state.carved.name, "files": len(state.files)}


def _codes(args: argparse.Namespace) -> list[str]:
    typed = [nfc(code) for code in args.file]
    return typed + (list(read_list(Path(args.files))) if args.files else [])


def _receiver(connection: Connection, args: argparse.Namespace, on: str) -> UUID | None:
    return agency_named(connection, args.to, on).id if args.to else None


_DOING: Final = {"carve": _carve, "assign": _assign, "return": _return}
