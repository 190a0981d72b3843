"""`access` by command: reading granted, asked about with its rule and basis, ended and listed."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from mocban.custody.day import civil_today
from mocban.database import Databases
from tests.mocban.handing_over import OTHER, Desk, code

DECIDED = ("--decision", "9/QĐ-SNV", "--issued", "2025-06-20", "--issuer", "Sở Nội vụ")


@pytest.fixture
def desk(database: Databases, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    """A product with two bodies and the giver's files."""
    return Desk(database, tmp_path, capsys)


def test_a_grant_lets_read_within_its_days(desk: Desk) -> None:
    """Given a file of one body, when granted to another, it reads to the last day and not beyond, until it is ended."""
    today = civil_today()
    last, beyond = (str(date.fromisoformat(today) + timedelta(days)) for days in (10, 11))

    def asked(day: str) -> tuple[bool, str, str | None]:
        told = desk.done("access", "ask", "--agency", OTHER, "--file", code(1), "--date", day)
        return told["may_use"], told["rule"], told["basis"]

    new = ("access", "grant", "--to", OTHER, *DECIDED, "--until", last)
    assert desk.refused(*new) == "grant-of-nothing"
    made = desk.done(*new, "--file", code(1))
    assert (asked(last), asked(beyond)) == ((True, "granted", "9/QĐ-SNV"), (False, "no-rule", None))
    assert desk.done("access", "end", made["grant"], "--basis", "10/QĐ-SNV")["ended_on"] == today
    assert asked(today) == (False, "no-rule", None)
    assert desk.told("access", "list").endswith("1 lần cho phép · grants\n")
    (listed,) = desk.done("access", "list")["grants"]
    assert (listed["id"], listed["ended_on"], listed["last_day"]) == (made["grant"], today, last)
