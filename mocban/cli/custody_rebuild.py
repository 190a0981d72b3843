"""`custody rebuild`: what the bodies of a unit must have, by predecessor and fonds, and what of it has come."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from mocban.bootstrap import Product
    from mocban.custody.account import Account
    from projections.view import Connection

NAME: Final = "rebuild"
HELP: Final = "dựng lại phần đơn vị phải có từ sổ cái · rebuild what a unit must have from the ledger"
PARTIAL: Final = 1
USAGE: Final = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which unit, which day, known when; and what to write beside the answer."""
    parser.add_argument("--unit", metavar="U", help="mã đơn vị (cần --as-of) hoặc id · unit code (with --as-of) or id")
    parser.add_argument("--all", action="store_true", help="mọi phường, xã tồn tại ngày đó · every commune of the day")
    parser.add_argument("--as-of", metavar="D", help="ngày YYYY-MM-DD; không có: hôm nay · civil day, default today")
    parser.add_argument(
        "--known-at", metavar="T", help="số hành vi, hoặc thời điểm ISO · act index, or ISO time; default the newest"
    )
    parser.add_argument("--xlsx", type=Path, metavar="FILE", help="ghi thêm bảng tính · also write a workbook")
    parser.add_argument(
        "--letter", type=Path, metavar="FILE.pdf", help="công văn đề nghị bàn giao · letters asking for what awaits"
    )


def run(args: argparse.Namespace) -> int:
    """Rebuild one account or all; 1 when a letter was asked for and there is nothing to ask for, 2 for misuse."""
    from domain.errors import Refusal  # noqa: PLC0415
    from mocban.bootstrap import open_product  # noqa: PLC0415
    from mocban.cli.answer import explain  # noqa: PLC0415
    from mocban.custody.freshness import caught_up  # noqa: PLC0415
    from mocban.settings import Settings  # noqa: PLC0415

    misuse = _misuse(args)
    if misuse is not None:
        explain(misuse, as_json=args.json)
        return USAGE
    with open_product(Settings.from_environment()) as product:
        caught_up(product)
        with product.views.connection() as connection:
            begun = time.monotonic()
            try:
                accounts = _accounts(product, connection, args)
            except Refusal as refusal:
                explain(refusal, as_json=args.json)
                return USAGE
    return _hand_out(args, accounts, time.monotonic() - begun)


def _misuse(args: argparse.Namespace) -> Any:
    """What is wrong with the words themselves, if anything: a code without its day is asked for before all else."""
    from domain.errors import Refusal  # noqa: PLC0415
    from mocban.custody.day import full_day  # noqa: PLC0415
    from mocban.custody.unit_named import is_id  # noqa: PLC0415

    if bool(args.unit) == args.all or (args.letter and args.all):
        return Refusal("unit-or-all")
    if args.unit and not is_id(args.unit) and args.as_of is None:
        return Refusal("unit-code-without-date", code=args.unit[:40])
    try:
        if args.as_of is not None:
            full_day(args.as_of)
    except Refusal as refusal:
        return refusal
    return None


def _accounts(product: Product, connection: Connection, args: argparse.Namespace) -> Sequence[Account]:
    from mocban.custody.account_replay import account_of, accounts_of_all  # noqa: PLC0415
    from mocban.custody.day import civil_today  # noqa: PLC0415
    from mocban.custody.known_at import act_known_at  # noqa: PLC0415
    from mocban.custody.questions import one_state  # noqa: PLC0415
    from mocban.custody.unit_named import unit_named  # noqa: PLC0415
    from mocban.demo.stage import progress_bars  # noqa: PLC0415

    on = args.as_of or civil_today()
    with one_state(connection):
        known_at = act_known_at(product.main, connection, args.known_at)
        if args.unit:
            return [account_of(connection, unit_named(connection, args.unit, on).id, on, known_at)]
        with progress_bars() as progress:
            bar = progress.add_task("Dựng lại từng đơn vị · Rebuilding each unit", total=None)
            return accounts_of_all(
                connection, on, known_at, lambda done, of: progress.update(bar, completed=done, total=of)
            )


def _hand_out(args: argparse.Namespace, accounts: Sequence[Account], seconds: float) -> int:
    import msgspec  # noqa: PLC0415

    from domain.errors import Refusal  # noqa: PLC0415
    from mocban.cli.answer import answer, explain  # noqa: PLC0415

    facts: dict[str, object] = msgspec.to_builtins(accounts[0]) if args.unit else {"units": list(accounts)}
    facts["seconds"] = round(seconds, 3)
    refused = None
    if args.xlsx:
        from mocban.custody.account_xlsx import write_xlsx  # noqa: PLC0415

        write_xlsx(args.xlsx, accounts)
        facts["xlsx"] = str(args.xlsx)
    if args.letter:
        try:
            facts["letter"] = _write_letter(args.letter, accounts[0])
        except Refusal as refusal:
            refused = refusal
            facts["letter"] = {"problem": {"code": refusal.code, "vi": refusal.vi, "en": refusal.en}}
    if args.json:
        answer(facts, as_json=True)
    else:
        _show(accounts, seconds, [str(path) for path in (args.xlsx, args.letter) if path and path.exists()])
    if refused is not None:
        explain(refused, as_json=False)
    return PARTIAL if refused else 0


def _write_letter(path: Path, account: Account) -> dict[str, object]:
    """Write the letters whole or not at all; where and how many. Raises Refusal `letter-nothing-awaited`."""
    from mocban.custody.day import civil_today  # noqa: PLC0415
    from mocban.custody.letter import left_out, letters_of  # noqa: PLC0415
    from mocban.custody.letter_page import draw  # noqa: PLC0415
    from signing.durable_file import write_durably  # noqa: PLC0415

    letters = letters_of(account, civil_today())
    write_durably(path, draw(letters))
    return {"path": str(path), "letters": len(letters), "files_of_other_blocks": left_out(account)}


def _show(accounts: Sequence[Account], seconds: float, paths: Sequence[str]) -> None:
    from mocban.cli.custody_tables import show_all, show_one  # noqa: PLC0415

    if len(accounts) == 1:
        show_one(accounts[0])
    else:
        show_all(accounts)
    print(f"{len(accounts)} đơn vị · units, {seconds:.2f} s")
    for path in paths:
        print(f"  → {path}")
