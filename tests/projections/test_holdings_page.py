"""Pages of what an agency must have: together they are what the replay says, each file once, in one order."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from domain.lot import Carrier
from projections.custody_queries import NEWEST_KNOWN
from projections.holdings_page import START, HoldingRow, holdings_page
from projections.view import Connection
from tests.projections.story import Story
from tests.projections.test_custody import DAYS, replayed


def turned(
    reader: Connection, agency: UUID, carrier: Carrier, day: str, known_at: int, limit: int
) -> Iterator[HoldingRow]:
    """Every row, page after page."""
    after = START
    while page := holdings_page(reader, agency, carrier, day, known_at=known_at, after=after, limit=limit):
        yield from page
        assert len(page) <= limit
        after = page[-1].key


def test_pages_hold_what_the_replay_says(told: Story) -> None:
    """Given every agency that ever had to have something, carrier and day, as known now and before: the same files."""
    reader, (replay, acts) = told.house.reader(), replayed(told.house)
    asked = found = 0
    for known_at in (acts - 1, acts // 2):
        for carrier in Carrier:
            for day in DAYS:
                answers = {file: replay.ask(file, carrier, day, known_at) for file in replay.files}
                must = {file: one for file, one in answers.items() if one.known and one.assigned_to is not None}
                for agency in {one.assigned_to for one in must.values()}:
                    assert agency is not None
                    rows = list(turned(reader, agency, carrier, day, known_at, 3))
                    assert [row.id for row in rows] == [row.id for row in sorted(rows, key=_order)]
                    assert {row.id for row in rows} == {f for f, one in must.items() if one.assigned_to == agency}
                    assert len({row.id for row in rows}) == len(rows)
                    for row in rows:
                        expected = answers[row.id]
                        assert (row.held_by, row.because) == (expected.held_by, expected.because_assigned)
                        assert row.because_held == expected.because_held
                    asked += 1
                    found += len(rows)
    assert asked > 20
    assert found > asked


def test_an_agency_that_must_have_nothing_has_an_empty_page(told: Story) -> None:
    """Given an id that no assignment names, then there is no row and no error."""
    assert holdings_page(told.house.reader(), UUID(int=5), Carrier.PAPER, DAYS[-1], known_at=NEWEST_KNOWN) == []


def _order(row: HoldingRow) -> tuple[str, UUID, int, str, UUID]:
    return row.fonds_code, row.fonds, row.lot, row.code, row.id
