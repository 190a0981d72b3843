"""`handover prepare`: the inventory is listed and offered; the list to tick is written beside."""

from __future__ import annotations

import argparse
from pathlib import Path

from domain.basis import Instrument
from domain.lot import Carrier
from mocban.bootstrap import Product, open_product
from mocban.cli.handover_desk import conclude
from mocban.cli.handover_show import write_lists
from mocban.custody.day import civil_today, full_day
from mocban.custody.freshness import caught_up
from mocban.handover.choosing import Choice, read_codes
from mocban.handover.people import People, full_days, read_people
from mocban.handover.proposing import Offer, offered
from mocban.plan_file.whole_file import require_place
from mocban.settings import Settings


def prepare(args: argparse.Namespace) -> int:
    """Offer files. Raises Refusal; then nothing was recorded and nothing written."""
    asked = _asked(args)
    for path in (args.xlsx, args.pdf):
        if path is not None:
            require_place(path)
    with open_product(Settings.from_environment()) as product:
        caught_up(product)
        with product.views.connection() as connection:
            made = offered(product, connection, asked, args.signer)
        facts: dict[str, object] = {
            "handover": str(made.handover),
            "giver": str(made.giver.id),
            "receiver": str(made.receiver.id),
            "files": made.files,
            "root": made.root,
        }
        lines = (
            f"Đợt bàn giao · hand-over {made.handover}: {made.files} hồ sơ · files",
            f"{made.giver.name} → {made.receiver.name}",
            f"gốc danh mục · inventory root {made.root}",
        )
        code = conclude(product, made.proposal, args, facts, *lines)
        if args.out is None:
            _write(product, args, made.handover)
    return code


def _write(product: Product, args: argparse.Namespace, handover: object) -> None:
    """The lists that were asked for. Of an act that waits for its signature there is no list yet."""
    if args.xlsx or args.pdf:
        caught_up(product)
        args.handover = handover
        write_lists(product, args)


def _asked(args: argparse.Namespace) -> Offer:
    on = full_day(args.on) if args.on else civil_today()
    issued = full_day(args.issued)
    decision = Instrument(
        number=args.decision,
        issued=issued,
        issuer=args.issuer,
        in_force=full_day(args.in_force) if args.in_force else issued,
    )
    codes = (*args.file, *_read(args.files))
    return Offer(
        giver=args.giver,
        receiver=args.receiver,
        carrier=Carrier(args.carrier),
        decision=full_days(decision),
        on=on,
        choice=Choice(codes=codes, fonds=args.fonds, lot=args.lot, unit=args.unit),
        people=read_people(args.people) if args.people else People(),
    )


def _read(path: Path | None) -> tuple[str, ...]:
    return read_codes(path) if path is not None else ()
