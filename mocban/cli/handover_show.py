"""`handover list`, `show`, `minutes`: what there is, one of them line by line, and its papers."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from domain.errors import Refusal
from ledger.actor import Actor
from mocban.acts.signers import signer_of
from mocban.bootstrap import Product, open_product
from mocban.cli.answer import answer, explain
from mocban.custody.day import civil_today
from mocban.custody.freshness import caught_up
from mocban.handover.choosing import agency_named
from mocban.handover.listing import Listing, read_listing
from mocban.handover.wording import CARRIERS, FLAGS, LINE_STATES, REASONS, STATES, line_state, state_of
from mocban.offices import Office
from mocban.plan_file.whole_file import require_place, write_whole
from mocban.publication import publish
from mocban.settings import Settings
from projections.custody_batch import agency_names
from projections.custody_queries import handovers_of
from projections.handover_queries import Listed, all_handovers, with_counts
from projections.view import Connection

USAGE = 2
OPEN = frozenset({"offered", "disputed"})
SHOWN = 40
"""Lines of one hand-over on a terminal; --json and the lists have all."""


def list_all(args: argparse.Namespace) -> int:
    """A line a hand-over, oldest first. Raises Refusal."""
    with open_product(Settings.from_environment()) as product:
        caught_up(product)
        with product.views.connection() as connection:
            rows = all_handovers(connection)
            if args.agency:
                rows = handovers_of(connection, agency_named(connection, args.agency, civil_today()).id)
            found = [one for one in with_counts(connection, rows) if not args.open or state_of(one) in OPEN]
            told = [_summary(connection, one) for one in found]
    lines = [
        f"{one['id']}  {one['giver_name']} → {one['receiver_name']}: {one['listed']} hồ sơ · files, "
        f"{' · '.join(STATES[str(one['state'])])}"
        for one in told
    ]
    answer({"handovers": told}, *lines, as_json=args.json)
    return 0


def show(args: argparse.Namespace) -> int:
    """One hand-over; its list as a workbook and as pages where asked. Raises Refusal."""
    for path in (args.xlsx, args.pdf):
        if path is not None:
            require_place(path)
    with open_product(Settings.from_environment()) as product:
        caught_up(product)
        with product.views.connection() as connection:
            reader = reader_of(product, args) if args.xlsx or args.pdf else None
            listing = read_listing(product, connection, args.handover, reader)
            (one,) = with_counts(connection, [listing.row])
            facts = {**_summary(connection, one), "root": listing.root, "decision": listing.cited}
        _write(args, listing)
        facts |= {"open": listing.open, "lines": _lines(listing)}
        facts |= {name: str(path) for name in ("xlsx", "pdf") if (path := getattr(args, name))}
        answer(facts, *_shown(facts), as_json=args.json)
    return 0


def write_lists(product: Product, args: argparse.Namespace) -> None:
    """The lists of `args.handover` to be ticked. Raises Refusal."""
    with product.views.connection() as connection:
        _write(args, read_listing(product, connection, args.handover, reader_of(product, args)))


def minutes(args: argparse.Namespace) -> int:
    """The record of hand-over and receipt, signed. Raises Refusal."""
    if args.pdf is None and args.xlsx is None:
        explain(Refusal("handover-nothing-printed"), as_json=args.json)
        return USAGE
    for path in (args.pdf, args.xlsx):
        if path is not None:
            require_place(path)
    from mocban.handover.minutes import read_minutes, signed_minutes  # noqa: PLC0415  slow

    with open_product(Settings.from_environment()) as product:
        publish(product)
        caught_up(product)
        with product.views.connection() as connection:
            made = read_minutes(product, connection, args.handover, reader_of(product, args))
            written: list[Path] = []
            if args.xlsx is not None:
                from mocban.handover.minutes_xlsx import minutes_workbook  # noqa: PLC0415

                with _at_work("Lập biên bản dạng bảng · Writing the record as a workbook"):
                    write_whole(args.xlsx, minutes_workbook(made), content=True)
                written.append(args.xlsx)
            if args.pdf is not None:
                with _at_work("Vẽ và ký biên bản · Drawing and signing the record"):
                    write_whole(args.pdf, signed_minutes(product, connection, made), content=True)
                written.append(args.pdf)
        facts = {
            "handover": str(args.handover),
            "acts": made.acts,
            "root": made.listing.root,
            "checkpoint": made.size,
            "written": [str(path) for path in written],
        }
    answer(facts, *(f"→ {path}" for path in written), as_json=args.json)
    return 0


def reader_of(product: Product, args: argparse.Namespace) -> Actor:
    """Whose reading of the titles goes on record: who was named, else the giver's office."""
    return signer_of(product, args.reader) if args.reader else product.actor(Office.GIVER)


def _write(args: argparse.Namespace, listing: Listing) -> None:
    if args.xlsx is not None:
        from mocban.handover.list_xlsx import list_workbook  # noqa: PLC0415  slow

        with _at_work("Lập bảng danh mục · Writing the list as a workbook"):
            write_whole(args.xlsx, list_workbook(listing), content=True)
    if args.pdf is not None:
        from mocban.handover.list_page import list_pages  # noqa: PLC0415  slow

        with _at_work("Vẽ danh mục để in · Drawing the list to print"):
            write_whole(args.pdf, list_pages(listing), content=True)


@contextmanager
def _at_work(words: str) -> Iterator[None]:
    """Seconds for a thousand lines: a person is shown that something happens."""
    from mocban.demo.stage import progress_bars  # noqa: PLC0415  slow

    with progress_bars() as progress:
        task = progress.add_task(words, total=None)
        yield
        progress.update(task, total=1, completed=1)


def _summary(connection: Connection, one: Listed) -> dict[str, Any]:
    row = one.row
    names = agency_names(connection, (row.giver, row.receiver))
    return {
        "id": str(row.id),
        "state": state_of(one),
        "giver": str(row.giver),
        "giver_name": names[row.giver].name,
        "receiver": str(row.receiver),
        "receiver_name": names[row.receiver].name,
        "carrier": row.carrier,
        "basis": row.basis,
        "listed": one.listed,
        "taken": row.files,
        "boxes": row.boxes,
        "sheets": row.sheets,
        "sealed_sets": row.sealed_sets,
        "disputed": row.disputed,
        "open_disputes": one.open,
        "offered": {"act": row.proposed, "on": row.offered_on},
        "received": {"act": row.completed, "on": row.handed_on},
        "withdrawn": {"act": row.withdrawn, "on": row.withdrawn_on},
        "deputized": row.deputized,
        "witnesses": row.witnesses,
        "flags": row.flags.split(),
    }


def _lines(listing: Listing) -> list[dict[str, object]]:
    row = listing.row
    return [
        {
            "file": line.code,
            "state": line_state(line, completed=row.completed is not None, withdrawn=row.withdrawn is not None),
            "sheets": line.sheets,
            "box": line.box,
            "sealed_set": line.sealed_set,
            "reason": line.reason,
            "settled": line.settled,
        }
        for line in listing.lines
    ]


def _shown(facts: dict[str, Any]) -> list[str]:
    lines = [
        f"{facts['id']}: {' · '.join(STATES[facts['state']])}",
        f"{facts['giver_name']} → {facts['receiver_name']}, {' · '.join(CARRIERS[facts['carrier']])}",
        f"căn cứ · basis: {facts['decision']}",
        f"gốc · root: {facts['root']}",
        f"hành vi · acts: {facts['offered']['act']}, {facts['received']['act'] or '-'}",
        *(f"! {' · '.join(FLAGS[flag])}" for flag in facts["flags"] if flag in FLAGS),
    ]
    told = sorted(facts["lines"], key=lambda line: line["reason"] is None)
    for line in told[:SHOWN]:
        why = f" ({' · '.join(REASONS[line['reason']])})" if line["reason"] else ""
        lines.append(f"  {line['file']}: {' · '.join(LINE_STATES[str(line['state'])])}{why}")
    if len(told) > SHOWN:
        lines.append(f"  … {len(told) - SHOWN} dòng nữa · more lines (--json, --xlsx)")
    return lines
