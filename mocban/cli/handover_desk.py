"""`handover receive`, `settle`, `withdraw`: what was found is entered, signed by those who must, recorded once."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Final

from domain.errors import Refusal
from domain.handover import Outcome
from domain.sealed import Plain
from ledger.commands.handover import Received, inventory_root
from ledger.proposal import Proposal
from mocban.acts.inspection import awaited
from mocban.bootstrap import Product, open_product
from mocban.cli.answer import answer, explain
from mocban.cli.metres import centimetres
from mocban.cli.plan_reading import told
from mocban.custody.day import civil_today, full_day
from mocban.handover.people import settled_text
from mocban.handover.proposing import (
    MOST_SAID,
    Signers,
    disputes,
    files_named,
    received,
    settled,
    state_of,
    withdrawn,
)
from mocban.handover.recording import prepare
from mocban.handover.ticked import read_ticked
from mocban.plan_file.form import Fault
from mocban.settings import Settings

FAULTS: Final = 1
USAGE: Final = 2


def receive(args: argparse.Namespace) -> int:
    """Enter what was received; 1 where the ticked list has faults, and then nothing is recorded. Raises Refusal."""
    if sum((args.ticked is not None, args.all, bool(args.dispute))) != 1:
        explain(Refusal("handover-nothing-entered"), as_json=args.json)
        return USAGE
    on, shelf = full_day(args.on), centimetres(args.metres)
    with open_product(Settings.from_environment()) as product:
        state = state_of(product, args.handover)
        root = args.root
        disputed = disputes(state, args.dispute)
        if args.ticked is not None:
            ticked, faults = read_ticked(args.ticked, args.handover, inventory_root(state.lines), state.lines)
            if ticked is None:
                return _tell_faults(args.ticked, faults, as_json=args.json)
            disputed, root = dict(ticked.disputed), root or ticked.root
        found = Received(
            stated_root=root,
            disputed=disputed,
            shelf_cm=shelf,
            Condition=Plain(settled_text(args.condition, "--condition", MOST_SAID)) if args.condition else None,
        )
        proposal = received(product, args.handover, on, found, Signers(giver=args.giver, receiver=args.receiver))
        facts = {
            "handover": str(args.handover),
            "on": on,
            "files": len(state.lines) - len(disputed),
            "disputed": len(disputed),
        }
        line = f"{facts['files']} hồ sơ nhận · taken, {len(disputed)} tranh chấp · disputed, {on}"
        return conclude(product, proposal, args, facts, line)


def settle(args: argparse.Namespace) -> int:
    """End disputed lines. Raises Refusal."""
    on = full_day(args.on) if args.on else civil_today()
    with open_product(Settings.from_environment()) as product:
        state = state_of(product, args.handover)
        taken, struck = files_named(state, args.accept), files_named(state, args.strike)
        if twice := set(taken) & set(struck):
            raise Refusal("handover-line-repeated", code=min(map(str, twice)))
        outcomes = dict.fromkeys(taken, Outcome.ACCEPTED) | dict.fromkeys(struck, Outcome.WITHDRAWN)
        proposal = settled(product, args.handover, on, outcomes, Signers(giver=args.giver, receiver=args.receiver))
        facts = {"handover": str(args.handover), "on": on, "accepted": len(taken), "struck_out": len(struck)}
        line = f"{len(taken)} nhận · accepted, {len(struck)} loại khỏi danh mục · struck out, {on}"
        return conclude(product, proposal, args, facts, line)


def withdraw(args: argparse.Namespace) -> int:
    """Take an offer back. Raises Refusal."""
    with open_product(Settings.from_environment()) as product:
        proposal = withdrawn(product, args.handover, args.reason, args.signer)
        return conclude(product, proposal, args, {"handover": str(args.handover)}, "Đã rút lại · Withdrawn")


def conclude(
    product: Product, proposal: Proposal, args: argparse.Namespace, facts: dict[str, object], *lines: str
) -> int:
    """Record the act, or with --out write it to be signed elsewhere, and say which. Raises Refusal."""
    if args.out is None:
        receipt = product.main.perform(proposal)
        done = f"Đã ghi hành vi số {receipt.act_index} · Recorded as act {receipt.act_index}"
        answer({**facts, "act": receipt.act_index}, *lines, done, as_json=args.json)
        return 0
    file = prepare(product, proposal, args.out, args.openings, args.hours)
    missing = [key.name for key in awaited(file)]
    prepared = {"file": str(args.out), "id": str(file.header.id), "expires": file.expires, "awaited": missing}
    waits = [f"Chờ chữ ký của · Awaits the signature of: {name}" for name in missing]
    answer({**facts, **prepared}, *lines, f"→ {args.out}", *waits, as_json=args.json)
    return 0


def _tell_faults(path: Path, faults: tuple[Fault, ...], *, as_json: bool) -> int:
    """Each at its line or cell."""
    unfit = Refusal("ticked-unfit", file=path.name, faults=len(faults))
    for line in (unfit.vi, unfit.en, *map(told, faults)):
        print(f"mocban: {line}", file=sys.stderr, flush=True)
    problem = {"code": unfit.code, "vi": unfit.vi, "en": unfit.en}
    if as_json:
        answer({"problem": problem, "faults": faults}, as_json=True)
    return FAULTS
