"""Acts of the officer in charge of reorganizations and of the auditor, for keys that are held elsewhere."""

from __future__ import annotations

import argparse
from pathlib import Path

from domain.errors import Refusal
from ledger.proposal import Proposal
from mocban.acts.reorganizing import Signed, drafting, going_on
from mocban.acts.signers import signer_of
from mocban.audit.recording import check_sample, proposed
from mocban.audit.results import read_results
from mocban.audit.sample import read_sample
from mocban.bootstrap import Product
from mocban.custody.day import civil_today
from mocban.custody.freshness import caught_up
from mocban.custody.unit_named import is_id
from mocban.plan_file.reading import Reading, read_plan_file
from mocban.what_if.resolving import lawful
from projections.whatif import one_moment


def draft(product: Product, args: argparse.Namespace) -> Proposal:
    """Put a plan down. Raises Refusal `plan-file-unfit`, `reorganization-already-drafted`."""
    caught_up(product)
    reading = _read(Path(args.plan))
    assert reading.plan is not None
    with product.views.connection() as connection:
        with one_moment(connection) as snapshot:
            plan, findings = lawful(reading.plan, snapshot, product.naming)
        if plan is None:
            raise Refusal("plan-file-unfit", file=Path(args.plan).name, faults=len(findings))
        return drafting(product, connection, plan, _signed(product, args)).proposal


def go_on(product: Product, args: argparse.Namespace) -> Proposal:
    """Adopt, enact, correct, complete or withdraw. Raises Refusal `plan-file-unfit`, and as the step does."""
    caught_up(product)
    reading = None if is_id(args.plan) else _read(Path(args.plan))
    with product.views.connection() as connection:
        return going_on(product, connection, args, reading, _signed(product, args)).proposal


def record_audit(product: Product, args: argparse.Namespace) -> Proposal:
    """Results of an audit. Raises Refusal `audit-rows-refused`, and as `check_sample` and `proposed`."""
    caught_up(product)
    sample = read_sample(args.sample)
    answers, faults = read_results(args.results, sample)
    if faults:
        raise Refusal("audit-rows-refused", count=len(faults), place=place_of(faults[0]), first=faults[0].code)
    check_sample(product, sample)
    signer = signer_of(product, args.signer)
    proposal = proposed(product, sample, answers, civil_today(), signer, args.id)
    if proposal is None:
        raise Refusal("audit-recorded-so")
    return proposal


def place_of(fault: Refusal) -> str:
    """Sheet and row, or the number on the checklist where there is no row."""
    facts = fault.facts
    return str(facts.get("place") or f"{facts.get('sheet', '')} {facts.get('row', '')}".strip())


def _signed(product: Product, args: argparse.Namespace) -> Signed:
    return Signed(by=signer_of(product, args.signer), act_id=args.id)


def _read(path: Path) -> Reading:
    """Raises Refusal `plan-file-unfit`; `reorganization check` tells each fault at its place."""
    reading = read_plan_file(path)
    if reading.plan is None:
        raise Refusal("plan-file-unfit", file=path.name, faults=len(reading.faults))
    return reading
