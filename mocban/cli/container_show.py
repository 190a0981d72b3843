"""`container show`, `list`: where boxes, bundles and sealed sets stand, as of a day and as known then."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from domain.errors import Refusal
from mocban.bootstrap import Product
from mocban.cli.answer import answer
from mocban.cli.container_desk import container_named
from mocban.container_paper import labels, table_rows
from mocban.container_table import workbook
from mocban.custody.day import civil_today, full_day
from mocban.custody.known_at import act_known_at
from mocban.custody.questions import one_state
from mocban.handover.choosing import agency_named
from mocban.plan_file.whole_file import require_output, write_whole
from projections.asking import ask
from projections.chain_place import FLAGS, KINDS
from projections.container_queries import ContainerAct, StandingContainer, container_on, containers, files_in
from projections.succession_queries import AgencyRow
from projections.view import Connection

_AGENCIES = "SELECT {columns} FROM projection.agency WHERE id = ANY (%(ids)s)"
_VERBS = {
    "container.registered/1": ("đăng ký", "registered"),
    "container.moved/1": ("chuyển chỗ", "moved"),
    "container.opened/1": ("mở niêm phong", "opened"),
    "container.resealed/1": ("niêm phong", "sealed"),
    "container.lent/1": ("cho mượn", "lent"),
    "container.returned/1": ("nhận lại", "returned"),
}
_Names = dict[Any, AgencyRow]


def show(product: Product, connection: Connection, args: argparse.Namespace) -> int:
    """One container, its files and what was done with it. Raises Refusal."""
    with one_state(connection):
        on, known_at = _asked(product, connection, args)
        found = container_on(connection, container_named(connection, args.container), on, known_at)
        if found is None:
            raise Refusal("container-unknown")
        names = _names(connection, [found])
        files = files_in(connection, found.id, known_at)
    facts = {**_facts(found, names), "as_of": on, "known_at": known_at, "acts": [_act(one) for one in found.acts]}
    facts["listed"] = files
    lines = [_line(found, names), *(f"  {_told(one)}" for one in found.acts)]
    answer(facts, *lines, f"  {_counted(found, len(files))}", *(f"    {code}" for code in files), as_json=args.json)
    return 0


def _counted(found: StandingContainer, named: int) -> str:
    """How many files it holds by its own registration, if that was said, and by the files' own."""
    if found.uncounted:
        return "niêm phong, chưa đếm · sealed, uncounted"
    told = f"{found.state.files} hồ sơ đã đếm · files counted; " if found.state.files else ""
    return f"{told}{named} hồ sơ đăng ký ở đây · files registered here"


def list_all(product: Product, connection: Connection, args: argparse.Namespace) -> int:
    """Those of a fonds, in a store or out on loan; also as a workbook and as labels. Raises Refusal."""
    for path, suffix in ((args.xlsx, ".xlsx"), (args.labels, ".pdf")):
        if path is not None:
            require_output(path, suffix)
    with one_state(connection):
        on, known_at = _asked(product, connection, args)
        keeper = agency_named(connection, args.store, on).id if args.store else None
        found = [
            one
            for one in containers(connection, on, known_at, fonds=args.fonds)
            if keeper in (None, one.state.place.keeper) and (not args.lent or one.state.lent is not None)
        ]
        names = _names(connection, found)
    lines = [_line(one, names) for one in found]
    facts: dict[str, Any] = {"as_of": on, "known_at": known_at, "containers": [_facts(one, names) for one in found]}
    written = _written(product, args, found, names)
    facts |= {name: str(path) for name, path in written.items()}
    lines += [f"→ {path}" for path in written.values()]
    answer(facts, *lines, f"{len(found)} hộp, bó, tập · containers", as_json=args.json)
    return 0


def _written(
    product: Product, args: argparse.Namespace, found: list[StandingContainer], names: _Names
) -> dict[str, Path]:
    """The workbook and the labels, where they were asked for."""
    called = {agency: row.name for agency, row in names.items()}
    if args.xlsx is not None:
        write_whole(args.xlsx, workbook(table_rows(found, called)))
    if args.labels is not None:
        from mocban.container_labels import draw  # noqa: PLC0415  reportlab is slow to import

        write_whole(args.labels, draw(labels(found, called, product.origin)))
    wanted = {"xlsx": args.xlsx, "labels": args.labels}
    return {name: path for name, path in wanted.items() if path is not None}


def _asked(product: Product, connection: Connection, args: argparse.Namespace) -> tuple[str, int]:
    on = full_day(args.date) if args.date else civil_today()
    return on, act_known_at(product.main, connection, args.known_at)


def _names(connection: Connection, found: list[StandingContainer]) -> _Names:
    wanted = {one.state.place.keeper for one in found}
    wanted |= {one.state.lent.borrower for one in found if one.state.lent is not None}
    return {row.id: row for row in ask(connection, AgencyRow, _AGENCIES, ids=list(wanted))}


def _facts(one: StandingContainer, names: _Names) -> dict[str, Any]:
    state, placed = one.state, one.placed_by
    lent = state.lent
    return {
        "id": one.id,
        "name": one.name,
        "kind": state.registered.kind,
        "label": state.registered.label,
        "fonds": one.fonds,
        "store": {"agency": state.place.keeper, "code": names[state.place.keeper].code},
        "place": state.place,
        "placed_on": state.placed_on,
        "because": placed.act,
        "position": placed.position,
        "sealed": state.sealed,
        "seal": state.seal or None,
        "condition": state.condition,
        "cm": state.registered.cm or None,
        "files": None if one.uncounted else state.files,
        "lent": lent and {"to": lent.borrower, "code": names[lent.borrower].code, "on": lent.on, "due": lent.due},
    }


def _act(one: ContainerAct) -> dict[str, Any]:
    return {"act": one.act, "position": one.position, "proof": f"/proof/{one.position}", "event": one.event}


def _line(one: StandingContainer, names: _Names) -> str:
    state, kind = one.state, KINDS[one.state.registered.kind]
    sealed = f"  [niêm phong · sealed {state.seal}]" if state.sealed else ""
    lent = ""
    if state.lent is not None:
        lent = f"  [cho mượn · lent: {names[state.lent.borrower].name}, {state.lent.due}]"
    where = f"{names[state.place.keeper].name} ({state.place.spoken})"
    by = f"hành vi · act {one.placed_by.act}"
    return f"{one.name}  {kind[0]} · {kind[1]}  {where}, {state.placed_on}, {by}{sealed}{lent}"


def _told(one: ContainerAct) -> str:
    vi, en = _VERBS[str(one.event.__struct_config__.tag)]
    flags = "".join(f"; {FLAGS[flag][0]} · {FLAGS[flag][1]}" for flag in getattr(one.event, "flags", ()))
    permission = getattr(one.event, "permission", None)
    by = permission.number if permission is not None else getattr(one.event, "basis", "")
    return f"{one.event.on}  {vi} · {en}  {by}{flags}  (hành vi · act {one.act})"
