"""`lot show`, `list`: child lots as of a day and as known then."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from domain.errors import Refusal
from domain.identifiers import nfc
from mocban.bootstrap import Product
from mocban.cli.answer import answer
from mocban.cli.lot_desk import lot_named
from mocban.custody.day import civil_today, full_day
from mocban.custody.known_at import act_known_at
from mocban.custody.questions import one_state
from projections.asking import ask
from projections.child_lot_queries import ChildLotLine, ChildLotRow, child_lot_files, child_lot_lines, child_lots
from projections.lot_number import ALL_LOTS, lot_of
from projections.succession_queries import AgencyRow
from projections.view import Connection

_AGENCIES = "SELECT {columns} FROM projection.agency WHERE id = ANY (%(ids)s)"
_Names = dict[UUID, AgencyRow]


def show(product: Product, connection: Connection, args: argparse.Namespace) -> int:
    """One child lot and its files. Raises Refusal."""
    with one_state(connection):
        on, known_at = _asked(product, connection, args)
        wanted = lot_named(connection, args.lot)
        found = next((one for one in child_lots(connection, on, known_at) if one.id == wanted), None)
        if found is None:
            raise Refusal("child-lot-unknown", name=args.lot[:60])
        lines = child_lot_lines(connection, on, known_at).get(wanted, [])
        files = child_lot_files(connection, wanted, on, known_at)
        names = _names(connection, lines)
    listed = [{"file": one.code, "id": one.id, "carriers": one.carriers} for one in files]
    facts = {**_facts(found, lines, names), "as_of": on, "known_at": known_at, "listed": listed}
    answer(facts, *_told(found, lines, names), *(f"    {one.code}" for one in files), as_json=args.json)
    return 0


def list_all(product: Product, connection: Connection, args: argparse.Namespace) -> int:
    """Those of a fonds, or all. Raises Refusal."""
    with one_state(connection):
        on, known_at = _asked(product, connection, args)
        found = child_lots(connection, on, known_at, nfc(args.fonds.replace("\0", "")))
        lines = child_lot_lines(connection, on, known_at)
        names = _names(connection, [line for of in lines.values() for line in of])
    facts = [_facts(one, lines.get(one.id, []), names) for one in found]
    told = [line for one in found for line in _told(one, lines.get(one.id, []), names)]
    total = f"{len(found)} khối con · child lots, {on}"
    answer({"as_of": on, "known_at": known_at, "lots": facts}, *told, total, as_json=args.json)
    return 0


def _asked(product: Product, connection: Connection, args: argparse.Namespace) -> tuple[str, int]:
    on = full_day(args.date) if args.date else civil_today()
    return on, act_known_at(product.main, connection, args.known_at)


def _names(connection: Connection, lines: Sequence[ChildLotLine]) -> _Names:
    wanted = list({line.receiver for line in lines if line.receiver is not None})
    return {one.id: one for one in ask(connection, AgencyRow, _AGENCIES, ids=wanted)} if wanted else {}


def _facts(one: ChildLotRow, lines: Sequence[ChildLotLine], names: _Names) -> dict[str, Any]:
    return {
        "lot": one.id,
        "name": f"{one.fonds}/{one.name}",
        "since": one.effective,
        "decision": one.basis,
        "carved_by": one.recorded,
        "files": {"paper": one.paper, "digital": one.digital},
        "assigned": [_line(line, names) for line in lines],
    }


def _line(line: ChildLotLine, names: _Names) -> dict[str, Any]:
    body = names.get(line.receiver) if line.receiver else None
    every = line.lots == ALL_LOTS
    return {
        "lots": ["*"] if every else [lot_of(number).text for number in range(24) if line.lots >> number & 1],
        "receiver": line.receiver,
        "code": body.code if body else None,
        "receiver_name": body.name if body else None,
        "since": line.effective,
        "because": line.because,
        "rule": line.rule,
        "basis": line.basis,
        "confidence": line.confidence,
    }


def _told(one: ChildLotRow, lines: Sequence[ChildLotLine], names: _Names) -> list[str]:
    head = f"{one.fonds}/{one.name}: {one.paper} bản giấy · paper, {one.digital} bản số · digital ({one.basis})"
    return [head, *(f"  {_said(line, names)}" for line in lines)]


def _said(line: ChildLotLine, names: _Names) -> str:
    body = names.get(line.receiver) if line.receiver else None
    to = body.name if body else "chờ xác định nơi nhận · awaits a receiver"
    which = "" if line.lots == ALL_LOTS else f"{line.lots.bit_count()}/24 loại · of 24 kinds: "
    return f"{which}{to}, từ · from {line.effective}, {line.basis}"
