"""Accounts on a terminal: one unit's lots by predecessor and fonds, or a line for each unit."""

from __future__ import annotations

from collections.abc import Sequence

from rich.markup import escape
from rich.table import Table

from mocban.cli.terminal_table import print_whole
from mocban.custody.account import Account, LotState
from mocban.custody.account_words import RELATIONS, STATES, body_words, lot_words, summary_lines
from projections.reader_words import RULES


def show_one(account: Account) -> None:
    """The summary, then every lot."""
    for line in summary_lines(account):
        print(line)
    table = Table("từ · from", "phông · fonds", "khối tài liệu · lot", "trạng thái · state", show_lines=True)
    for head in ("phải giữ · assigned to", "đang giữ · held by"):
        table.add_column(head)
    for head in ("hồ sơ · files", "hộp · boxes"):
        table.add_column(head, justify="right")
    for origin in account.origins:
        named = origin.relation == "predecessor" and origin.unit
        where = origin.unit.name if named and origin.unit else " · ".join(RELATIONS[origin.relation])
        for fonds in origin.fonds:
            for lot in fonds.lots:
                bodies = (body_words(body.name if body else None) for body in (lot.assigned_to, lot.held_by))
                words = (where, f"{fonds.name} ({fonds.code})", lot_words(lot), " · ".join(STATES[lot.state]), *bodies)
                table.add_row(*map(escape, words), str(lot.files), str(lot.boxes))
    print_whole(table)
    if account.may_use:
        print_whole(_readings(account))


def _readings(account: Account) -> Table:
    """What its bodies may read besides."""
    table = Table("cơ quan · body", "được khai thác theo · may use by", "căn cứ · basis", "của · of", "phông · fonds")
    table.add_column("hồ sơ · files", justify="right")
    table.add_column("phải được cho phép · need a grant", justify="right")
    for one in account.may_use:
        words = (one.body.name, " · ".join(RULES[one.rule]), one.basis, one.unit.name if one.unit else "")
        figures = (str(one.files), str(one.needs_grant or "-"))
        table.add_row(*map(escape, words), escape(f"{one.fonds_name} ({one.fonds_code})"), *figures)
    return table


def show_all(accounts: Sequence[Account]) -> None:
    """A line a unit: files by state, and how many lots those are in."""
    table = Table("mã · code", "đơn vị · unit")
    for state in LotState:
        table.add_column("\n".join(STATES[state]), justify="right")
    for account in accounts:
        amounts = (account.totals[state] for state in LotState)
        figures = (f"{amount.files} ({amount.lots})" if amount.lots else "-" for amount in amounts)
        table.add_row(account.unit.code, escape(account.unit.name), *figures)
    print_whole(table)
    print("hồ sơ (khối) · files (lots)")
