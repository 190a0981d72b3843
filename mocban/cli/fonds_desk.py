"""What `fonds` does: a fonds opened for its creators, and who creates one over time."""

from __future__ import annotations

import argparse
from typing import Final
from uuid import UUID

import msgspec

from domain.errors import Refusal
from domain.fonds import CustodyLine, FondsOpened, line_of
from ledger.act_id import new_act_id
from ledger.commands import fonds
from mocban.bootstrap import Product
from mocban.cli.answer import answer
from mocban.custody.day import full_day
from mocban.handover.choosing import agency_named
from mocban.handover.people import settled_text
from mocban.offices import Office
from projections.asking import ask
from projections.creatorship import CreatorshipRow, creatorships_of
from projections.finding_aid_queries import FondsRow
from projections.succession_queries import agency, agency_on
from projections.view import Connection

_FONDS: Final = "SELECT {columns} FROM projection.fonds WHERE code = %(code)s"


class NamedCreator(msgspec.Struct, frozen=True, kw_only=True):
    """An agency that creates a fonds from a day until the day `until` (empty: still), by its name of the first day.

    act: index of the enactment by which it came; None: since the fonds was opened.
    """

    creator: UUID
    code: str
    name: str
    since: str
    until: str
    basis: str
    act: int | None


def open_(product: Product, connection: Connection, args: argparse.Namespace) -> int:
    """Open a fonds. Raises Refusal."""
    since = full_day(args.since)
    creators = [agency_named(connection, given, since) for given in args.creator]
    said = {"CODE": args.code, "--name": args.name, "--decision": args.decision}
    code, name, decision = (settled_text(text, where) for where, text in said.items())
    stream = product.naming.fonds(code)
    line: CustodyLine = line_of(creators[0].block)
    fact = FondsOpened(code=code, name=name, creators=tuple(one.id for one in creators), opened_from=since, line=line)
    done = fonds.open_fonds(product.main, product.actor(Office.ARCHIVIST), new_act_id(), stream, fact, decision)
    facts = {"fonds": stream, "code": code, "creators": fact.creators, "act": done.act_index}
    names = ", ".join(one.name for one in creators)
    answer(facts, f"{name} ({code}): {names}", f"{stream}, hành vi · act {done.act_index}", as_json=args.json)
    return 0


def show(_product: Product, connection: Connection, args: argparse.Namespace) -> int:
    """Who creates it, in turn. Raises Refusal `fonds-unknown`."""
    found = ask(connection, FondsRow, _FONDS, code=args.code.replace("\0", ""))
    if not found:
        raise Refusal("fonds-unknown", code=args.code[:60])
    day = full_day(args.date) if args.date else ""
    rows = [
        _named(connection, row)
        for row in creatorships_of(connection, [one.id for one in found])
        if not day or (row.since <= day and (not row.until or day < row.until))
    ]
    facts = {"fonds": found, "creators": rows}
    states = [f"đóng từ · closed from {one.closed_from}" if one.closed_from else "đang mở · open" for one in found]
    lines = [f"{one.name} ({one.code}): {state}" for one, state in zip(found, states, strict=True)]
    lines += [f"  {row.since} – {row.until or '...'}  {row.name} ({row.code})  {row.basis}".rstrip() for row in rows]
    answer(facts, *lines, as_json=args.json)
    return 0


def _named(connection: Connection, row: CreatorshipRow) -> NamedCreator:
    body = agency_on(connection, row.creator, row.since) or agency(connection, row.creator)
    return NamedCreator(
        creator=row.creator,
        code=body.code if body else "?",
        name=body.name if body else "?",
        since=row.since,
        until=row.until,
        basis=row.basis,
        act=row.recorded,
    )
